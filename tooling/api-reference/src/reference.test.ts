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
  // One package for all cases: TypeDoc takes seconds for each.
  const documented = ["/** Two. */\nexport const two = 2;", "/** A pair. */\nexport interface Pair { left: number }"];
  const undocumented: readonly [string, RegExp][] = [
    ["export function three() { return 3; }", /three.*does not have any documentation/],
    ["export type Four = 4;", /Four.*does not have any documentation/],
    ["/** A. */\nexport class A { add(): void {} }", /A\.add.*does not have any documentation/],
    ["/** Adds.\n * @param b none */\nexport function add(a: number) { return a; }", /"b".*not used/],
    ["/** See {@link nowhere}. */\nexport const five = 5;", /nowhere/],
    [
      "/** Hidden. */\ninterface Hidden { a: number }\n/** Seen. */\nexport function seen(): Hidden { return { a: 1 }; }",
      /Hidden.*not included/,
    ],
  ];
  test("warns once of each export without documentation, and of no other", async () => {
    const source = [...documented, ...undocumented.map(([code]) => code)].join("\n");
    const { json, warnings } = await convertPackage(pack("exports", source));
    expect(json).toBeDefined();
    for (const [code, warning] of undocumented) {
      expect(
        warnings.filter((text) => warning.test(text)),
        code,
      ).toHaveLength(1);
    }
    expect(warnings).toHaveLength(undocumented.length);
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
