import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { examplesIn, expectedLines, matches } from "./examples.js";

const root = fileURLToPath(new URL("../../../", import.meta.url));
const packages = readdirSync(join(root, "packages")).map((folder) => {
  const home = join(root, "packages", folder);
  const sources = readdirSync(join(home, "src"), { recursive: true, encoding: "utf8" }).filter(
    (file) => file.endsWith(".ts") && !file.endsWith(".test.ts"),
  );
  const examples = sources
    .sort()
    .flatMap((file) =>
      examplesIn(readFileSync(join(home, "src", file), "utf8")).map((code) => ({ file: `src/${file}`, code })),
    );
  return { folder, examples };
});

/** An empty folder in which every package can be imported, and files can be written. */
const project = mkdtempSync(join(tmpdir(), "kshot-examples-"));
beforeAll(() => {
  mkdirSync(join(project, "node_modules", "@kshot"), { recursive: true });
  for (const { folder } of packages) {
    symlinkSync(join(root, "packages", folder), join(project, "node_modules", "@kshot", folder));
  }
  writeFileSync(join(project, "runner.mjs"), runner);
});
afterAll(() => rmSync(project, { recursive: true, force: true }));

/** Runs each file in one process and prints, per file, the lines that it printed by console.log. */
const runner = `
import { format } from "node:util";
const printed = [];
for (const file of process.argv.slice(2)) {
  const lines = [];
  printed.push(lines);
  console.log = (...values) => lines.push(format(...values));
  await import(file);
}
process.stdout.write(JSON.stringify(printed));
`;

describe.each(packages)("the examples of $folder", ({ folder, examples }) => {
  test("print what their comments say", () => {
    expect(examples.length).toBeGreaterThan(0);
    const files = examples.map(({ code }, i) => {
      const file = join(project, `${folder}-${i}.mjs`);
      writeFileSync(file, code);
      return file;
    });
    const { status, stdout, stderr } = spawnSync(process.execPath, [join(project, "runner.mjs"), ...files], {
      cwd: project,
      encoding: "utf8",
      timeout: 110_000,
    });
    expect(status, stderr).toBe(0);
    const printed = JSON.parse(stdout) as readonly (readonly string[])[];
    for (const [i, { file, code }] of examples.entries()) {
      for (const { line, expected } of expectedLines(code)) {
        const found = printed[i]?.[line] ?? "nothing";
        expect(matches(found, expected), `${file}: found ${found}, expected ${expected}`).toBe(true);
      }
    }
  });
});

describe("examplesIn", () => {
  const source = `
/**
 * Adds.
 *
 * @example
 * \`\`\`js
 * if (true) {
 *   console.log(1 + 1); // 2
 * }
 *
 * console.log("no comment");
 * console.log([0.1]); // [ 0.… ]
 * \`\`\`
 */
export function add() {}

/** No example. */
export const two = 2;
`;
  test("takes the code of each example, without the comment's stars", () => {
    const [code, ...others] = examplesIn(source);
    expect(others).toEqual([]);
    expect(code).toContain("if (true) {\n  console.log(1 + 1); // 2\n}\n\n");
    expect(expectedLines(code ?? "")).toEqual([
      { line: 0, expected: "2" },
      { line: 2, expected: "[ 0.… ]" },
    ]);
  });

  test("an example without js code is an error, because nothing would run it", () => {
    expect(() => examplesIn("/**\n * Adds.\n * @example\n * add(1, 2);\n */")).toThrow(/js/);
  });

  test.each([
    ["2", "2", true],
    ["3", "2", false],
    ["[ 0.1234 ]", "[ 0.… ]", true],
    ["[ 1.1234 ]", "[ 0.… ]", false],
    ["[\n  1,\n  2\n]", "[ 1, 2 ]", true],
  ])("%j is as the comment %j says: %j", (found, expected, same) => expect(matches(found, expected)).toBe(same));
});
