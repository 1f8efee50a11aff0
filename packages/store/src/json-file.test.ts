import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { registrySchema, summarySchema } from "@kshot/contract/schemas";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { names, scratchFolder } from "../test/scratch.js";
import { readJsonFile, writeJsonFile } from "./index.js";
import { jsonErrorPosition } from "./json-error-position.js";

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
    ["NaN where anything goes", { ...summary, options: { share: [0.5, Number.NaN] } }, /options\.share\.1.*NaN/],
    ["an infinity where anything goes", { ...summary, options: { k: Infinity } }, /options\.k.*Infinity/],
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
    ["bytes that are no text", new Uint8Array([0x7b, 0xff]), /no text/],
    ["an empty file", "", /line 1, column 1: Not JSON: the end of the file/],
    ["a file that is cut off", '{\n  "runs": [', /line 2, column 12: Not JSON: the end/],
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

describe("jsonErrorPosition", () => {
  it("gives a place in the text or at its end, whatever character was replaced", () => {
    fc.assert(
      fc.property(
        fc.json(),
        fc.nat(),
        fc.constantFrom("}", "]", ",", ":", "x", '"', "\\", "\u0001"),
        (text, at, wrong) => {
          const place = at % text.length;
          const broken = text.slice(0, place) + wrong + text.slice(place + 1);
          let parses = true;
          try {
            JSON.parse(broken);
          } catch {
            parses = false;
          }
          fc.pre(!parses);
          const { line, column } = jsonErrorPosition(broken);
          expect(line).toBe(1);
          expect(column).toBeGreaterThanOrEqual(1);
          expect(column).toBeLessThanOrEqual(broken.length + 1);
        },
      ),
    );
  });

  it("goes to the end of every JSON text", () => {
    fc.assert(
      fc.property(fc.json(), (text) => {
        expect(jsonErrorPosition(text)).toEqual({ line: 1, column: text.length + 1, found: "the end of the file" });
      }),
    );
  });

  it("agrees with JSON.parse where that gives a position", () => {
    let compared = 0;
    for (const text of ['{"a" 1}', '{"a":1 "b":2}', "[1 2]", "[1,2]]", '{"a":1}}', "{1:2}", "[1,]"]) {
      try {
        JSON.parse(text);
      } catch (error) {
        const position = /at position (\d+)/.exec((error as Error).message)?.[1];
        if (position === undefined) continue;
        compared++;
        expect(jsonErrorPosition(text).column, text).toBe(Number(position) + 1);
      }
    }
    expect(compared).toBeGreaterThan(2);
  });

  it.each([
    ["01", 2],
    ["-", 1],
    ["1.", 2],
    ["[1,,2]", 4],
    ["{,}", 2],
    ["tru", 1],
    ['"a\nb"', 1],
    ["[}", 2],
    ["[1]\n x", 2],
  ])("%j", (text, column) => {
    expect(jsonErrorPosition(text).column).toBe(column);
  });
});
