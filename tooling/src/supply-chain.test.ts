import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { licencesOf } from "./licences.js";

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

/** Licences that allow use, change and distribution without conditions on the program that uses a package. */
const permissive = new Set([
  ...["0BSD", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "ISC", "MIT", "MIT OR Apache-2.0"],
]);

it("every package at run time has a permissive licence, and docs/dependencies.md lists it", () => {
  const licences = licencesOf(root);
  expect(Object.keys(licences).filter((licence) => !permissive.has(licence))).toEqual([]);
  const rows = [...text("docs/dependencies.md").matchAll(/^\| ([^|]+?) +\| (`[^|]+?) *\|$/gm)];
  const listed = rows.map(([, licence, names]) => [
    licence,
    [...names!.matchAll(/`([^`]+)`/g)].map(([, name]) => name),
  ]);
  expect(Object.fromEntries(listed)).toEqual(licences);
});

it("known vulnerabilities are looked for in CI", () => {
  expect(text(".github/workflows/check.yml")).toMatch(/pnpm@[\d.]+ audit --prod/);
});
