import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseJson } from "./index.js";
import { jsonErrorPosition } from "./json-error-position.js";

it("reads text and bytes, with and without a byte order mark", () => {
  expect(parseJson('{"a":[1]}', "a.json")).toEqual({ a: [1] });
  expect(parseJson(new TextEncoder().encode("\ufeff[1]"), "a.json")).toEqual([1]);
});

it.each([
  ["text that stops too early", '{\n "a": [', /^a\.json, line 2, column 8: Not JSON: the end of the file/],
  ["bytes that are not UTF-8", new Uint8Array([0x22, 0xff, 0x22]), /^a\.json: bytes that are not text in UTF-8/],
])("refuses %s", (_, source, message) => {
  expect(() => parseJson(source, "a.json")).toThrow(message);
});

describe("jsonErrorPosition", () => {
  it("gives a place in the text or at its end, for every replaced character", () => {
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
        expect(jsonErrorPosition(text)).toEqual({
          line: 1,
          column: text.length + 1,
          found: "the end of the file",
          truncated: true,
        });
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

it.each([
  ['{"a":[1', true],
  ['{"a":"b}', true],
  ['{"a":"\\', true],
  ['{"a":1,}', false],
  ["[NaN]", false],
])("%s ends too early: %s", (text, truncated) => expect(jsonErrorPosition(text).truncated).toBe(truncated));

describe("nesting", () => {
  const deep = (levels: number, [open, close] = ["[", "]"]) => open.repeat(levels) + close.repeat(levels);

  it("of up to 200 levels is read", () => {
    expect(() => parseJson(deep(200), "a.json")).not.toThrow();
    expect(parseJson(`["${"[".repeat(1000)}\\"${"{".repeat(1000)}\\\\", 1]`, "a.json")).toHaveLength(2);
  });

  it.each([
    ["lists", deep(201)],
    ["a million lists", deep(1_000_000)],
    ["a million objects", deep(1_000_000, ['{"a":', "}"])],
    ["a million lists that do not end", "[".repeat(1_000_000)],
    ["behind a text with quotes and slashes", `["\\\\\\"]\\\\", ${deep(200)}]`],
  ])("is refused: %s", (_, text) => {
    expect(() => parseJson(text, "a.json")).toThrow(/^a\.json: lists and objects more than 200 levels deep/);
  });
});

it("refuses more than 500 MB before it makes a text of it", () => {
  const large = { length: 500_000_001 } as Uint8Array;
  expect(() => parseJson(large, "a.json")).toThrow(/^a\.json: 500 MB of JSON\. Expected at most 500 MB/);
});
