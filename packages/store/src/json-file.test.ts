import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { registrySchema, summarySchema } from "@kshot/contract/schemas";
import { describe, expect, it } from "vitest";
import { names, scratchFolder } from "../test/scratch.js";
import { readJsonFile, writeJsonFile } from "./index.js";

const scratch = scratchFolder();
const counts = { users: 1, pairs: 2, episodes: 0, episodeUsers: 0 };
const summary = {
  items: 3,
  users: 3,
  pairs: 6,
  train: counts,
  val: counts,
  test: counts,
  firstWindow: { val: 0, test: 0 },
  fingerprint: "0".repeat(64),
  options: { k: 5 } as Record<string, unknown>,
};

it("reads what it wrote: two spaces, a line end", async () => {
  await writeJsonFile(scratch.at("summary.json"), summarySchema, summary);
  expect(readFileSync(scratch.at("summary.json"), "utf8")).toBe(`${JSON.stringify(summary, null, 2)}\n`);
  expect(await readJsonFile(scratch.at("summary.json"), summarySchema)).toEqual(summary);
});

it("reads a file with a byte order mark", async () => {
  writeFileSync(scratch.at("meta.json"), '\ufeff{"runs":[]}');
  expect(await readJsonFile(scratch.at("meta.json"), registrySchema)).toEqual({ runs: [] });
});

describe("does not write, with FAILED and the key's name,", () => {
  const cases: [string, unknown, RegExp][] = [
    ["a value of the wrong type", { ...summary, items: "3" }, /items/],
    ["an unknown key", { ...summary, extra: 1 }, /extra/],
    ["NaN in a number", { ...summary, pairs: Number.NaN }, /pairs/],
    ["NaN where any value is allowed", { ...summary, options: { share: [0.5, Number.NaN] } }, /options\.share\.1.*NaN/],
    ["an infinity where any value is allowed", { ...summary, options: { k: Infinity } }, /options\.k.*Infinity/],
    ["a big integer", { ...summary, options: { k: 5n } }, /options\.k/],
    ["undefined in a list", { ...summary, options: { list: [undefined] } }, /options\.list\.0/],
    ["a typed array", { ...summary, options: { list: Float32Array.of(1) } }, /options\.list/],
  ];
  it.each(cases)("%s", async (_, value, message) => {
    writeFileSync(scratch.at("summary.json"), "old");
    const error = await writeJsonFile(scratch.at("summary.json"), summarySchema, value as never).catch((e) => e);
    expect(error).toMatchObject({ code: "FAILED", message: expect.stringMatching(message) });
    expect(error.message).toContain(scratch.at("summary.json"));
    expect(readFileSync(scratch.at("summary.json"), "utf8")).toBe("old");
    expect(names(scratch.path)).toEqual(["summary.json"]);
  });
});

describe("refuses to read, with DATA and the file's name,", () => {
  const cases: [string, string | Uint8Array | null, RegExp][] = [
    ["a file that is not there", null, /no such file/],
    ["bytes that are not text", new Uint8Array([0x7b, 0xff]), /not text/],
    ["an empty file", "", /line 1, column 1: Not JSON: the end of the file/],
    ["a truncated file", '{\n  "runs": [', /line 2, column 12: Not JSON: the end/],
    ["a comma too many", '{\n  "runs": [],\n}', /line 3, column 1: Not JSON: "}"/],
    ["a word", '{"runs": nothing}', /line 1, column 10: Not JSON: "nothing}"/],
    ["another schema", '{"runs": {}}', /runs/],
    ["a missing key", "{}", /runs/],
  ];
  it.each(cases)("%s", async (_, content, message) => {
    if (content !== null) writeFileSync(scratch.at("meta.json"), content);
    const error = await readJsonFile(scratch.at("meta.json"), registrySchema).catch((e) => e);
    expect(error).toMatchObject({ code: "DATA", message: expect.stringMatching(message) });
    expect(error.message).toContain(scratch.at("meta.json"));
  });

  it("a folder", async () => {
    mkdirSync(scratch.at("meta.json"));
    await expect(readJsonFile(scratch.at("meta.json"), registrySchema)).rejects.toMatchObject({ code: "DATA" });
  });
});
