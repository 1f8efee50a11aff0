import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { convertPackage, publishedPackages, writePages } from "./reference.js";

const root = mkdtempSync(join(tmpdir(), "kshot-api-test-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));

/** A package of one source file, on disk as the workspace has it. */
function pack(folder: string, source: string, more: Readonly<Record<string, unknown>> = {}): string {
  const home = join(root, "packages", folder);
  mkdirSync(join(home, "src"), { recursive: true });
  const compilerOptions = { module: "nodenext", target: "ES2023", rootDir: "src", outDir: "dist", types: [] };
  const files = {
    "package.json": JSON.stringify({
      name: `@kshot/${folder}`,
      type: "module",
      exports: { ".": { types: "./dist/index.d.ts" }, "./package.json": "./package.json" },
      ...more,
    }),
    "tsconfig.build.json": JSON.stringify({ compilerOptions, include: ["src"] }),
    "README.md": `# ${folder}\n\nSee [another](../another).\n`,
    "src/index.ts": source,
  };
  for (const [file, text] of Object.entries(files)) writeFileSync(join(home, file), text);
  return home;
}

describe("convertPackage", () => {
  test.each<[string, string, RegExp | undefined]>([
    ["documented", "/** Two. */\nexport const two = 2;", undefined],
    ["property-alone", "/** A pair. */\nexport interface Pair { left: number }", undefined],
    ["function", "export function two() { return 2; }", /two.*does not have any documentation/],
    ["type", "export type Two = 2;", /Two.*does not have any documentation/],
    ["method", "/** A. */\nexport class A { add(): void {} }", /A\.add.*does not have any documentation/],
    ["parameter", "/** Adds.\n * @param b none */\nexport function add(a: number) { return a; }", /"b".*not used/],
    ["link", "/** See {@link nowhere}. */\nexport const two = 2;", /nowhere/],
    [
      "not-exported",
      "/** Hidden. */\ninterface Hidden { a: number }\n/** Seen. */\nexport function seen(): Hidden { return { a: 1 }; }",
      /Hidden.*not included/,
    ],
  ])("%s", async (folder, source, expected) => {
    const { json, warnings } = await convertPackage(pack(folder, source));
    expect(json).toBeDefined();
    if (expected === undefined) expect(warnings).toEqual([]);
    else expect(warnings).toEqual([expect.stringMatching(expected)]);
  });

  test("sources that do not compile give no model", async () => {
    const { json, warnings } = await convertPackage(pack("broken", "export const two: string = 2;"));
    expect(json).toBeUndefined();
    expect(warnings.length).toBeGreaterThan(0);
  });
});

test("the pages of two packages, one folder, which is replaced", async () => {
  const homes = [pack("one", "/** One. */\nexport const one = 1;"), pack("two", "/** Two. */\nexport const two = 2;")];
  pack("secret", "export const secret = 0;", { private: true });
  expect(publishedPackages(root)).toEqual(expect.arrayContaining(["one", "two"]));
  expect(publishedPackages(root)).not.toContain("secret");
  const models = await Promise.all(homes.map(async (home) => (await convertPackage(home)).json ?? {}));
  const out = join(root, "docs", "api");
  mkdirSync(out, { recursive: true });
  writeFileSync(join(out, "old.html"), "");
  writeFileSync(join(root, "README.md"), "# All\n");
  expect(await writePages(models, out, join(root, "README.md"))).toEqual([]);
  expect(existsSync(join(out, "old.html"))).toBe(false);
  expect(readFileSync(join(out, "modules.html"), "utf8")).toContain("@kshot/two");
});
