import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";

const root = join(import.meta.dirname, "../..");
const text = (file: string) => readFileSync(join(root, file), "utf8");

it("the lock file is enforced, and packages are published with provenance", () => {
  expect(text("tooling/setup.js")).toContain('"--frozen-lockfile"');
  expect(text(".github/workflows/release.yml")).toMatch(/NPM_CONFIG_PROVENANCE: "true"/);
  expect(text(".github/workflows/release.yml")).toMatch(/id-token: write/);
});

it("no source makes code out of text", () => {
  const sources = ["packages", "apps"].flatMap((home) =>
    readdirSync(join(root, home)).flatMap((name) => {
      const folder = join(root, home, name, "src");
      const files = (() => {
        try {
          return readdirSync(folder, { recursive: true, encoding: "utf8" });
        } catch {
          return [];
        }
      })();
      return files.filter((file) => /\.(ts|js|svelte)$/.test(file)).map((file) => join(folder, file));
    }),
  );
  expect(sources.length).toBeGreaterThan(300);
  const making = sources.filter((file) =>
    /(?<![\w.])eval\(|new Function\(|runIn(?:New|This)Context\(/.test(readFileSync(file, "utf8")),
  );
  // A test asks for the garbage collector so.
  expect(making.filter((file) => !file.endsWith(".test.ts"))).toEqual([]);
});
