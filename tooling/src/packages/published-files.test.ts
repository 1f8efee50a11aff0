import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

const root = fileURLToPath(new URL("../../../", import.meta.url));

interface Manifest {
  readonly name: string;
  readonly private?: boolean;
  readonly description?: string;
  readonly license?: string;
  readonly keywords?: readonly string[];
  readonly files?: readonly string[];
  readonly exports?: unknown;
  readonly types?: string;
  readonly bin?: unknown;
}

const manifests = ["packages", "apps"].flatMap((parent) =>
  readdirSync(join(root, parent)).map((folder) => {
    const directory = join(root, parent, folder);
    const manifest = JSON.parse(readFileSync(join(directory, "package.json"), "utf8")) as Manifest;
    return { directory, manifest, name: manifest.name };
  }),
);

/** Every path under a value of package.json. */
function pathsIn(value: unknown): string[] {
  if (typeof value === "string") return [value];
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(pathsIn) : [];
}

describe.each(manifests)("$name", ({ directory, manifest }) => {
  it("has every file that exports, types and bin name", () => {
    const paths = [manifest.exports, manifest.types, manifest.bin]
      .flatMap(pathsIn)
      .filter((path) => !path.includes("*"));
    expect(paths.filter((path) => !existsSync(join(directory, path)))).toEqual([]);
  });

  if (manifest.private) return;
  it("is described, and publishes the sources that its declaration maps name", () => {
    expect(manifest.description?.length).toBeGreaterThan(20);
    expect(manifest.license).toBe("MIT");
    expect(manifest.keywords?.length).toBeGreaterThan(1);
    expect(manifest.files).toEqual(expect.arrayContaining(["dist", "src", "!src/**/*.test.ts"]));
    const dist = join(directory, "dist");
    const maps = readdirSync(dist, { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(".d.ts.map"));
    expect(maps.length).toBeGreaterThan(0);
    for (const file of maps) {
      const { sources } = JSON.parse(readFileSync(join(dist, file), "utf8")) as { sources: readonly string[] };
      for (const source of sources) {
        expect(existsSync(join(dist, file, "..", source)), `${file} names ${source}`).toBe(true);
        expect(source).toMatch(/(^|\/)src\//);
      }
    }
  });
});
