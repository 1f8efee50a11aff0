import { execFile } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { countOpening, openingsOf } from "./openings.js";

const [fingerprint, other] = ["a".repeat(64), "b".repeat(64)] as const;
const at = new Date(Date.UTC(2026, 0, 1));
let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "kshot-openings-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe("evaluations of the test people", () => {
  it("are counted per fingerprint, and a continued run is not counted again", async () => {
    expect(await openingsOf(folder, fingerprint)).toBe(0);
    expect(await countOpening(folder, { fingerprint, id: "run 1", at })).toBe(1);
    expect(await countOpening(folder, { fingerprint, id: "evaluation", at })).toBe(2);
    expect(await countOpening(folder, { fingerprint: other, id: "run 2", at })).toBe(1);
    expect(await countOpening(folder, { fingerprint, id: "run 1", at })).toBe(1);
    expect(await openingsOf(folder, fingerprint)).toBe(2);
    expect(readdirSync(folder)).toEqual(["openings.json"]);
  });

  it("are each counted once by several processes at a time", async () => {
    const store = new URL("../dist/index.js", import.meta.url).href;
    const program = (process: number) =>
      `import { countOpening } from ${JSON.stringify(store)};
       for (let i = 0; i < 10; i++)
         console.log(await countOpening(${JSON.stringify(folder)}, { fingerprint: "${fingerprint}", id: "${process}/" + i, at: new Date(0) }));`;
    const run = promisify(execFile);
    const outputs = await Promise.all(
      [0, 1, 2, 3].map((process) => run("node", ["--input-type=module", "-e", program(process)])),
    );
    const numbers = outputs.flatMap(({ stdout }) => stdout.trim().split("\n").map(Number));
    expect(numbers.sort((a, b) => a - b)).toEqual(Array.from({ length: 40 }, (_, i) => i + 1));
    expect(await openingsOf(folder, fingerprint)).toBe(40);
  });

  it("a file that is not a registry is refused and not changed", async () => {
    writeFileSync(join(folder, "openings.json"), "{}");
    await expect(countOpening(folder, { fingerprint, id: "x", at })).rejects.toMatchObject({ code: "DATA" });
    expect(readFileSync(join(folder, "openings.json"), "utf8")).toBe("{}");
  });
});
