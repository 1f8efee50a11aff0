import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, relative, sep } from "node:path";
import type { PackageSource } from "./violations.js";

/** All packages below `packages/` and `apps/`: every folder that has a package.json. */
export function readPackages(root: string): PackageSource[] {
  return ["packages", "apps"]
    .flatMap((group) => readdirSync(join(root, group)).map((folder) => [group, folder]))
    .filter(([group, folder]) => existsSync(join(root, group, folder, "package.json")))
    .map(([group, folder]) => {
      const home = join(root, group, folder);
      const changelog = join(home, "CHANGELOG.md");
      return {
        folder,
        manifest: JSON.parse(readFileSync(join(home, "package.json"), "utf8")),
        hasReadme: existsSync(join(home, "README.md")),
        ...(existsSync(changelog) ? { changelog: readFileSync(changelog, "utf8") } : {}),
        sources: sourcesOf(home),
      };
    });
}

function sourcesOf(home: string): Record<string, string> {
  const src = join(home, "src");
  if (!existsSync(src)) return {};
  return Object.fromEntries(
    readdirSync(src, { recursive: true, encoding: "utf8" })
      .filter((file) => /\.[cm]?tsx?$/.test(file))
      .map((file) => join(src, file))
      .map((path) => [relative(home, path).split(sep).join("/"), readFileSync(path, "utf8")]),
  );
}
