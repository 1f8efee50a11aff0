import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { type DataSet, KshotError } from "@kshot/contract";
import { CsvError } from "csv-parse/sync";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fieldsOf, firstLineOf, positionOf, separatorOf } from "../src/files/prepare/readers/header-line.js";
import type { SourceFile } from "../src/files/prepare/readers/source-file.js";
import { readTitleLines } from "../src/files/prepare/title-lines.js";
import { type PrepareOptions, prepareEvents } from "../src/index.js";
import { eventsFile, temporaryFolder } from "./events.js";

// Readers of text on any text: a value, or one paragraph that names the file.

const marks = ["::", "\t", ",", ";", "|"];
const mark = fc.constantFrom(...marks);
/** Characters that readers of text have rules for, and any others. */
const awkward = fc.constantFrom(
  '"',
  '""',
  ",",
  ";",
  "::",
  "\t",
  "|",
  " ",
  "\u{feff}",
  "__proto__",
  "null",
  "NaN",
  "é",
  "\u{1f600}",
);
const cell = fc
  .array(fc.oneof(awkward, fc.string({ unit: "grapheme", maxLength: 4 })), { maxLength: 4 })
  .map((parts) => parts.join(""));
const line = cell.map((text) => text.replaceAll(/[\r\n]/g, ""));
const anyText = fc
  .array(fc.oneof(awkward, fc.constantFrom("\n", "\r\n", "\r", "\0"), fc.string({ unit: "binary", maxLength: 4 })), {
    maxLength: 30,
  })
  .map((parts) => parts.join(""));
const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`;

/** The value of a reader; its error, which must be one of kshot's that says where it was. */
function valueOr<T>(read: () => T, where: RegExp): T | undefined {
  try {
    return read();
  } catch (error) {
    if (!KshotError.isInstance(error)) throw error;
    expect(error.message).toMatch(where);
    return undefined;
  }
}

describe("lines", () => {
  it("fields between quotes are read as they were written, with every separator", () => {
    fc.assert(
      fc.property(mark, fc.array(line, { minLength: 1, maxLength: 6 }), (between, fields) => {
        expect(fieldsOf(fields.map(quoted).join(between), between)).toEqual(fields);
      }),
    );
  });

  it("any line has fields, which are the line again if it has no quotes", () => {
    fc.assert(
      fc.property(mark, anyText, (between, text) => {
        const fields = fieldsOf(text, between);
        expect(fields.length).toBeGreaterThan(0);
        if (!text.includes('"')) expect(fields.join(between)).toBe(text);
      }),
    );
  });

  it("the first line of any text begins it, and has a line end only between quotes", () => {
    fc.assert(
      fc.property(anyText, fc.boolean(), (text, quotes) => {
        const first = firstLineOf(text, quotes);
        expect(text.startsWith(first)).toBe(true);
        if (!quotes || !first.includes('"')) expect(first).not.toMatch(/[\r\n]/);
      }),
    );
  });

  it("the separator is one of those that are searched, and a column that is there is found", () => {
    fc.assert(
      fc.property(
        anyText,
        fc.uniqueArray(fc.stringMatching(/^[a-z]{1,8}$/), { minLength: 1, maxLength: 5 }),
        (text, names) => {
          expect(marks).toContain(separatorOf(text, marks));
          for (const [i, name] of names.entries()) expect(positionOf(names, name)).toBe(i);
          expect(positionOf(names, "NO SUCH")).toBe(-1);
        },
      ),
    );
  });
});

describe("titles", () => {
  const source = { file: "titles.csv" } as SourceFile;
  const options = { file: "titles.csv", id: "id", name: "name" };

  it("a table of titles is read as it was written", () => {
    const title = fc.tuple(line, cell);
    fc.assert(
      fc.property(fc.array(title, { minLength: 1, maxLength: 6 }), fc.constantFrom(",", ";"), (rows, separator) => {
        const text = [["id", "name"], ...rows].map((row) => row.map(quoted).join(separator)).join("\n");
        expect(readTitleLines(source, text, { ...options, separator })).toEqual(rows);
      }),
    );
  });

  it("any text gives titles or one paragraph", () => {
    fc.assert(
      fc.property(anyText, fc.constantFrom("id", "1", "2"), (text, id) => {
        valueOr(() => readTitleLines(source, `id,name\n${text}`, { ...options, id }), /titles\.csv/);
        valueOr(() => readTitleLines(source, text, { ...options, id }), /titles\.csv/);
      }),
    );
  });

  it("a quote that does not close has its line in the error", () => {
    expect(() => readTitleLines(source, 'id,name\na,A\nb,"B\nc,C\n', options)).toThrow(
      expect.objectContaining({
        code: "DATA",
        message: expect.stringMatching(/^titles\.csv, line \d: it cannot be read as CSV: .*quotes that close/),
        cause: expect.any(CsvError),
      }),
    );
  });
});

/** Events of three people over items of any names, prepared from a file that `write` fills. */
async function prepared(
  names: readonly string[],
  ending: string,
  write: (rows: readonly (readonly [string, string, number])[]) => string | Uint8Array,
  options: Partial<PrepareOptions> = {},
): Promise<DataSet> {
  const rows = ["p", "q", "r"].flatMap((user) => names.map((item, i) => [user, item, 1_600_000_000 + i * 60] as const));
  const file = join(temporaryFolder(), `events.${ending}`);
  writeFileSync(file, write(rows));
  return prepareEvents(eventsFile("", { inputs: [file], ...options }));
}

const inUtf16 = (text: string) => Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(text, "utf16le")]);

const csv = (rows: readonly (readonly unknown[])[], ends = "\n") =>
  [["user", "item", "time"], ...rows].map((row) => row.map((value) => quoted(String(value))).join(",")).join(ends);
const jsonLines = (rows: readonly (readonly [string, string, number])[]) =>
  rows.map(([user, item, time]) => JSON.stringify({ user, item, time })).join("\n");

describe("events", () => {
  // Names are compared in their normal form, and an empty one is missing.
  const name = cell.map((text) => `x${text.replaceAll("\0", "")}y`.normalize("NFC"));
  const names = fc.uniqueArray(name, { minLength: 4, maxLength: 4, selector: (text) => text.replaceAll(/\s+/g, " ") });

  it("have the names that were written, in CSV with either line end, in another encoding and in JSON lines", async () => {
    await fc.assert(
      fc.asyncProperty(names, async (items) => {
        const plain = await prepared(items, "csv", (rows) => csv(rows));
        expect(new Set(plain.items)).toEqual(new Set(items));
        const others = [
          await prepared(items, "csv", (rows) => csv(rows, "\r\n")),
          await prepared(items, "csv", (rows) => inUtf16(csv(rows)), { encoding: "utf-16" }),
          await prepared(items, "jsonl", jsonLines),
        ];
        expect(others.map(({ fingerprint }) => fingerprint)).toEqual(others.map(() => plain.fingerprint));
      }),
      { numRuns: 6 },
    );
  });

  it("any text gives events or one paragraph that names the file", async () => {
    await fc.assert(
      fc.asyncProperty(anyText, fc.constantFrom("csv", "tsv", "jsonl"), async (text, ending) => {
        const head = ending === "jsonl" ? '{"user":"a","item":"b","time":1}\n' : "user,item,time\n";
        try {
          await prepared(["a", "b", "c", "d"], ending, () => head + text);
        } catch (error) {
          if (!KshotError.isInstance(error)) throw error;
          expect(error.message).toMatch(new RegExp(`events\\.${ending}|events$|--input`));
          expect(error.message).not.toMatch(/\n\s+at |TypeError|RangeError/);
        }
      }),
      { numRuns: 25 },
    );
  });

  it("with a quote that does not close, in another encoding, have the line in the error", async () => {
    const text = 'user,item,time\np,"a,1\nq,b,2\n';
    const read = prepared(["a"], "csv", () => inUtf16(text), { encoding: "utf-16" });
    await expect(read).rejects.toMatchObject({
      code: "DATA",
      message: expect.stringMatching(/events\.csv, .*line \d.*quote/i),
      cause: expect.any(CsvError),
    });
  });

  it.each([
    ["CSV", "csv", csv],
    ["JSON lines", "jsonl", jsonLines],
  ] as const)("with NUL in a name, in %s, are other names", async (_, ending, write) => {
    const items = ["a", "a\0", "a\0b", "b"];
    expect((await prepared(items, ending, write)).items).toEqual(items);
  });
});
