import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { exportedNames, importsOfPage } from "./exported-names.js";

const root = fileURLToPath(new URL("../../../", import.meta.url));

/** The source behind each entry of the packages: `@kshot/contract/schemas` → `packages/contract/src/schemas/index.ts`. */
const sources = new Map(
  ["packages", "apps"].flatMap((group) =>
    readdirSync(join(root, group)).flatMap((folder): [string, string][] => {
      const home = join(root, group, folder);
      if (!existsSync(join(home, "package.json"))) return [];
      const { name, exports = {} } = JSON.parse(readFileSync(join(home, "package.json"), "utf8"));
      return Object.entries<{ types?: string } | string>(exports).flatMap(([entry, to]): [string, string][] => {
        const types = typeof to === "string" ? undefined : to.types;
        const file = types?.replace("./dist/", "src/").replace(".d.ts", ".ts");
        return file === undefined || !existsSync(join(home, file))
          ? []
          : [[`${name}${entry.slice(1)}`, join(home, file)]];
      });
    }),
  ),
);

/** The pages of the workspace: READMEs of packages, apps and examples, and docs. */
const pages = [
  "README.md",
  ...["packages", "apps", "examples"].flatMap((group) =>
    readdirSync(join(root, group)).map((folder) => `${group}/${folder}/README.md`),
  ),
  ...readdirSync(join(root, "docs"), { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".md") && !file.startsWith("decisions") && !file.startsWith("api"))
    .map((file) => `docs/${file}`),
].filter((page) => existsSync(join(root, page)));

/** The imported names that a page has and a package does not export. */
function missingIn(markdown: string): string[] {
  return importsOfPage(markdown).flatMap(({ from, names }) => {
    const source = sources.get(from);
    if (source === undefined) return [from];
    const known = exportedNames(source);
    return names.filter((name) => !known.has(name)).map((name) => `${name} of ${from}`);
  });
}

describe("the code of a page imports what the package exports", () => {
  const withImports = pages.filter((page) => importsOfPage(readFileSync(join(root, page), "utf8")).length > 0);

  it("in at least one page of each package", () => expect(withImports.length).toBeGreaterThan(15));

  it.each(withImports)("%s", (page) => expect(missingIn(readFileSync(join(root, page), "utf8"))).toEqual([]));
});

it("names an import that is not exported, and a package that does not exist", () => {
  const page = '```js\nimport { rankOf, type PairedDifference, rankedOf as rank } from "@kshot/metrics";\n```\n';
  expect(missingIn(page)).toEqual(["rankedOf of @kshot/metrics"]);
  expect(missingIn(page.replace("metrics", "metric"))).toEqual(["@kshot/metric"]);
  expect(importsOfPage(page)).toEqual([{ from: "@kshot/metrics", names: ["rankOf", "PairedDifference", "rankedOf"] }]);
});
