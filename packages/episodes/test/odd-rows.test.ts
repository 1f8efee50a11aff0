import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import {
  cutEventsIntoShards,
  type PrepareOptions,
  prepareEventsWithAccount,
  readEventHistories,
} from "../src/index.js";
import { bytesOf } from "./bytes-of.js";
import { temporaryFolder } from "./events.js";

const t = 1_600_000_000;

/** Files by name; `link` makes a symbolic link. */
type Files = Readonly<Record<string, string | Uint8Array | { readonly link: string }>>;
type Options = Omit<Partial<PrepareOptions>, "columns" | "inputs"> & {
  readonly columns?: Partial<PrepareOptions["columns"]>;
  readonly input?: string;
};

function written(files: Files, { columns, input, ...options }: Options): PrepareOptions {
  const folder = temporaryFolder();
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    if (typeof content === "string" || content instanceof Uint8Array) writeFileSync(join(folder, name), content);
    else symlinkSync(content.link, join(folder, name));
  }
  return {
    inputs: (input === undefined ? Object.keys(files) : [input]).map((name) => join(folder, name)),
    columns: { user: "user", item: "item", time: "time", ...columns },
    ...{ sessionGap: 1800, maxPrefix: 0, k: 1, q: 1, dataSeed: 1 },
    ...(options.splitTime || columns?.split ? {} : { split: [1, 0, 0] as const }),
    ...options,
  };
}

/** The items of the events that make pairs, in the order of each person's pairs; prefix and label of each person's last pair. */
async function read(files: Files, options: Options) {
  const { data, rows } = await prepareEventsWithAccount(written(files, options));
  const { pairs } = data.train;
  const last = new Map<string, string>();
  for (let row = 0; row < pairs.length; row++) {
    const prefix = [...pairs.prefixItems.subarray(pairs.prefixOffsets[row], pairs.prefixOffsets[row + 1])];
    last.set(
      pairs.sessions[pairs.session[row]!]!,
      [...prefix, pairs.label[row]!].map((item) => data.items[item]).join(" "),
    );
  }
  return { found: [...last.values()].join("; "), rows };
}

const csv = (rows: readonly (readonly (string | number)[])[], header = "user,item,time") =>
  `${header}\n${rows.map((row) => row.join(",")).join("\n")}\n`;
/** One person's events, a second apart, with one more column. */
const column = (name: string, values: readonly (string | number)[]) =>
  csv(
    values.map((value, i) => ["p", "abcdefgh"[i]!, t + i, value]),
    `user,item,time,${name}`,
  );
/** The items of one person, a second apart. */
const items = (names: readonly string[]) => csv(names.map((name, i) => ["p", name, t + i]));
const lines = (list: readonly unknown[]) => list.map((value) => `${JSON.stringify(value)}\n`).join("");
const objects = ["a", "b", "c"].map((item, i) => ({
  ...{ user: "p", item, time: t + i, nr: i },
  actor: { account: { home: "x", name: "p" } },
}));

describe("--where", () => {
  it.each<[where: string, file: string, kept: string]>([
    ["rating >= 4", column("rating", [5, "nan", 4, "NaN", 3, 4.5]), "a c f"],
    ["TRY_CAST(rating AS DOUBLE) >= 4", column("rating", [5, "nan", "none", 4, 9]), "a d e"],
    ["rating IS NULL OR rating > 4", column("rating", [1, "nan", "", " ", 5]), "b c d e"],
    ["item = '0123' OR item IN ('7', '08')", items(["0123", "123", "7", "08", "8"]), "0123 7 08"],
    ["item <> '0123'", items(["0123", "123", "7", "8"]), "123 7 8"],
    ["item LIKE '0%'", items(["0123", "123", "07", "08"]), "0123 07 08"],
    ["CAST(item AS VARCHAR) <> '0123'", items(["0123", "123", "7", "8"]), "123 7 8"],
    ["CASE item WHEN '0123' THEN false ELSE true END", items(["0123", "123", "7", "8"]), "123 7 8"],
    ["item >= 100 AND item <> 123", items(["0100", "123", "99", "101", "102"]), "0100 101 102"],
    [
      "item <> 18446744073709551614",
      items(["18446744073709551615", "18446744073709551614", "7", "8"]),
      "18446744073709551615 7 8",
    ],
    [
      "replace(rating, ',', '.')::DOUBLE >= 4",
      column(
        "rating",
        ["x,5", "4,5", "1,0", "4,0"].map((v) => v.replace("x", "7")).map((v) => `"${v}"`),
      ),
      "a b d",
    ],
    ["hour(to_timestamp(time)) = 12", items(["a", "b", "c"]), "a b c"],
    ["kind = 'e\u0301' OR kind = 'x'", column("kind", ["é", " x ", "y", "e\u0301"]), "a b d"],
  ])("%s compares values as they are meant", async (where, file, kept) => {
    expect((await read({ "e.csv": file }, { where })).found).toBe(kept);
  });

  it("takes no part in what a file without values in a column holds", async () => {
    const files = { "a.csv": column("rating", [5, 3, 4, 5]), "b.csv": column("rating", ["", "", ""]) };
    expect((await read(files, { where: "rating >= 4" })).found).toBe("a c d");
  });

  it.each([
    ["rating >= '4'", column("rating", [5, 3]), /text in quotes with rating, which holds numbers.*without quotes/],
    ["rating = '4.5'", column("rating", [4.5, 3]), /text in quotes with rating.*without quotes/],
    ["length(rating) > 1", column("rating", [5, 3]), /No function matches.*CAST\(item AS VARCHAR\)/],
  ])("%s is refused for numbers", async (where, file, says) => {
    await expect(read({ "e.csv": file }, { where })).rejects.toThrow(says);
  });
});

describe("JSON", () => {
  it.each<[name: string, content: string, options: Options, says: RegExp]>([
    [
      "an object at the end of a path",
      lines(objects),
      { columns: { user: "actor.account" } },
      /column actor\.account, row 0: an object\. Expected text or a number\. Name a key inside it, as actor\.account\.name/,
    ],
    [
      "an object in a late row",
      lines([...Array(1500).fill(objects[0]), { ...objects[1], user: { key: 1 } }]),
      {},
      /column user, row 1500: an object.*as user\.key/,
    ],
    [
      "a list",
      lines([...objects, { ...objects[0], item: ["x"] }]),
      {},
      /column item, row 3: a list.*one row per event/,
    ],
    ["an object in --where", lines(objects), { where: "actor = 'x'" }, /column actor, row 0: an object/],
    ["a mistyped key in --where", lines(objects), { where: "nrr >= 1" }, /^--where, .*no column "nrr".*nr/],
    [
      "a mistyped path in --where",
      lines(objects),
      { where: "actor.account.nam = 'p'" },
      /no column.*Did you mean "actor\.account\.name"/,
    ],
    ["a mistyped session", lines(objects), { columns: { session: "sesion" }, skipBad: 99 }, /no column "sesion"/],
    ["a mistyped order", lines(objects), { columns: { order: "place" }, skipBad: 99 }, /no column "place"/],
    ["a mistyped split", lines(objects), { columns: { split: "part" }, skipBad: 99 }, /no column "part"/],
    ["several lists", "[{}]\n[{}]\n", {}, /e\.json, line 2: .*a second list.*Correct it, or write one object per line/],
    [
      "an object that is not JSON in a list",
      `[\n${JSON.stringify(objects[0])},\n{"user": "p",,}\n]`,
      {},
      /e\.json, line 3: .*an object that is not JSON(?!.*--skip-bad)/,
    ],
    [
      "an object that does not end",
      `{\n"user": "p"}\n{\n"user": "p"`,
      {},
      /e\.json, line 3: .*an object that does not end(?!.*--skip-bad)/,
    ],
    [
      "commas between objects",
      objects.map((o) => JSON.stringify(o)).join(",\n"),
      {},
      /e\.json, line 1: .*"," in place of an object.*one list/,
    ],
    [
      "a broken line below blank ones",
      `${lines(objects)}\n\n{"user":\n${lines(objects)}`,
      {},
      /e\.json, line 6: .*a line that is no JSON.*--skip-bad/,
    ],
  ])("with %s is refused", async (_, content, options, says) => {
    await expect(read({ "e.json": content }, options)).rejects.toThrow(says);
  });

  it("keeps names that begin as objects do, and counts objects as missing with --skip-bad", async () => {
    const odd = [{ ...objects[0], item: "{a}" }, { ...objects[1], item: "[b" }, objects[2]];
    expect((await read({ "e.json": lines(odd) }, {})).found).toBe("{a} [b c");
    const { rows } = await read({ "e.json": lines([...objects, { ...objects[0], user: {} }]) }, { skipBad: 1 });
    expect(rows.dropped.noUser).toEqual({ count: 1, first: { file: "e.json", row: 3 } });
  });

  it("finds a key in another case, and one that only some files have", async () => {
    const files = { "a.json": lines(objects), "b.json": lines(objects.map(({ nr: _, ...rest }) => rest)) };
    expect((await read(files, { where: "NR >= 0" })).rows.dropped.filtered.count).toBe(3);
  });
});

it("--null means names with blanks around them as well", async () => {
  const rows = [
    ["p", "a", t],
    [" NA ", "b", t + 1],
    ["p", "NA\u00a0", t + 2],
    ["p", "c", t + 3],
    ["p", "d", t + 4],
  ];
  const { found, rows: account } = await read({ "e.csv": csv(rows) }, { nulls: ["NA "], skipBad: 2 });
  expect(found).toBe("a c d");
  expect([account.dropped.noUser.first?.row, account.dropped.noItem.first?.row]).toEqual([1, 2]);
});

describe("the place of a row below blank lines and line ends in quotes", () => {
  /** Row 0 at line 2, row 1 at line 6, row 2 at line 7, row 3 at line 8, row 4 at line 9. */
  const text = (end: string) =>
    [
      "user,item,time,note",
      `p,a,${t},"x${end}y"`,
      "",
      "",
      `p,b,${t + 1},z`,
      "p,c",
      `p,,${t + 2},z`,
      `p,d,${t + 3},z`,
      "",
    ].join(end);
  const encoded = (file: string) => ({ "e.csv": file });

  it.each([
    ["LF", text("\n")],
    ["CRLF", text("\r\n")],
    ["a byte order mark", `\uFEFF${text("\r\n")}`],
    ["line ends of two kinds", text("\n").replace("\n", "\r\n")],
  ])("%s", async (_, file) => {
    await expect(read(encoded(file), {})).rejects.toThrow(/e\.csv, line 7: .*Expected Number of Columns/);
    const few = read(encoded(file), { skipBad: 1 });
    await expect(few).rejects.toThrow(/row 2, line 7 \(.*row 3, line 8 \(no item\)/);
    const { rows } = await read(encoded(file), { skipBad: 2 });
    expect([rows.dropped.badRow.first?.row, rows.dropped.noItem.first?.row]).toEqual([2, 3]);
    const whole = file.replace(/p,c\r?\n/, "");
    await expect(read(encoded(whole), {})).rejects.toThrow(/column item, row 2, line 7: nothing/);
  });

  it("is the row alone where nothing moves its line", async () => {
    await expect(read(encoded(items(["a", "", "b"])), {})).rejects.toThrow(/column item, row 1: nothing/);
  });

  it("of JSON lines", async () => {
    const [a, ...others] = lines(objects).split("\n");
    const file = `\n${a}\n\n\n{"user":"p","time":${t}}\n${others.join("\n")}`;
    await expect(read({ "e.jsonl": file }, {})).rejects.toThrow(/column item, row 1, line 5: nothing/);
  });
});

describe("columns in addition to person, item and time", () => {
  it("are blamed one by one", async () => {
    const rows = csv(
      [
        ["p", "a", t, "s", 1],
        ["p", "b", t + 1, "s", " "],
      ],
      "user,item,time,visit,nr",
    );
    const columns = { session: "visit", order: "nr" };
    await expect(read({ "e.csv": rows }, { columns })).rejects.toThrow(/column nr, row 1: nothing.*position/);
    const more = `${rows}p,c,${t},,3\n`;
    await expect(read({ "e.csv": more }, { columns, skipBad: 1 })).rejects.toThrow(
      /row 1 \(no nr\).*row 2 \(no visit\)/,
    );
  });

  it("sessions are compared as names are", async () => {
    const file = column("visit", ["s", " s", "s\u00a0", "e\u0301", "é", "é "]);
    expect((await read({ "e.csv": file }, { columns: { session: "visit" } })).found).toBe("a b c; d e f");
  });
});

describe("--order", () => {
  it.each([
    ["whole numbers beyond 2^53", ["9007199254740993", "9007199254740992", "10"], "c b a"],
    ["whole numbers beyond 64 bits", ["18446744073709551617", "18446744073709551616", "9"], "c b a"],
    ["decimals", ["10.25", "9.5", "-3"], "c b a"],
    ["numbers with exponents", ["1e3", "20", "5"], "c b a"],
    ["times", ["2020-01-10 9:00", "2020-01-09 10:00", "2020-1-9 09:00"], "c b a"],
    ["text", ["nan", "b", "10"], "c b a"],
  ])("%s, the same in memory, by person and in shards", async (_, values, expected) => {
    const file = csv(
      values.map((value, i) => ["p", "abc"[i]!, t, value]),
      "user,item,time,nr",
    );
    const options = written({ "e.csv": file }, { columns: { order: "nr" }, ties: "keep" });
    expect((await read({ "e.csv": file }, { columns: { order: "nr" }, ties: "keep" })).found).toBe(expected);
    const { histories } = await readEventHistories({ ...options, sessionGap: null });
    for await (const { sessions } of histories) expect(sessions.flat().join(" ")).toBe(expected);
    const { files } = await cutEventsIntoShards(options, 1);
    for await (const pieces of files) {
      const shard = join(temporaryFolder(), "shard.parquet");
      writeFileSync(shard, await bytesOf(pieces));
      const again = await readEventHistories({
        ...options,
        inputs: [shard],
        columns: { ...options.columns, order: undefined } as never,
        sessionGap: null,
      });
      for await (const { sessions } of again.histories) expect(sessions.flat().join(" ")).toBe(expected);
    }
  });
});

describe("dates without separators that have the size of seconds", () => {
  it.each([
    ["1998010112", "1999123123", "%Y%m%d%H", "s"],
    ["1501011230", "1506301231", "%y%m%d%H%M", "s"],
    ["980101123015", "980630123145", "%y%m%d%H%M%S", "ms"],
  ])("%s is refused with both flags, which then read it", async (first, second, form, unit) => {
    const file = csv([first, second, second].map((time, i) => ["p", "abc"[i]!, time]));
    const options = { sessionGap: null, ties: "keep" } as const;
    await expect(read({ "e.csv": file }, options)).rejects.toThrow(
      `--time-unit ${unit} or --time-format '${form}' where they are dates`,
    );
    for (const said of [{ timeUnit: unit as "s" }, { timeFormat: form }])
      expect((await read({ "e.csv": file }, { ...options, ...said })).found).toBe("a b c");
  });

  it.each(["501011230", "1998010112301500", "980101123015123456"])(
    "%s, which no form reads, is refused",
    async (time) => {
      const file = csv(["a", "b", "c"].map((item) => ["p", item, time]));
      await expect(read({ "e.csv": file }, {})).rejects.toThrow(/or dates as 2017-06-20 00:33:46 where they are dates/);
    },
  );

  it("some of many do not matter", async () => {
    const times = [1_506_301_231, 1_506_301_299, 1_506_301_301, 1_506_301_360, 1_506_301_380];
    expect((await read({ "e.csv": csv(times.map((time, i) => ["p", "abcde"[i]!, time])) }, {})).found).toBe(
      "a b c d e",
    );
  });
});

it.each(["2016-02-30 12:00:00", "2016-12-31 25:00:00", "1016-12-31 12:00:00"])(
  "%s, which does not exist, is named so",
  async (time) => {
    await expect(read({ "e.csv": `${items(["a", "b"])}p,c,${time}\n` }, {})).rejects.toThrow(
      /row 2: ".*", a time that does not exist.*Expected a date and a time of day that exist/,
    );
  },
);

it("columns are found by their names in any Unicode form", async () => {
  const columns = { user: "usér", item: "ite\u0301m" };
  const file = csv(
    ["a", "b", "c"].map((item, i) => ["p", item, t + i]),
    "use\u0301r,itém,time",
  );
  expect((await read({ "e.csv": file }, { columns })).found).toBe("a b c");
  const json = lines(objects.map(({ user, item, time }) => ({ "use\u0301r": user, itém: item, time })));
  expect((await read({ "e.jsonl": json }, { columns })).found).toBe("a b c");
});

describe("links", () => {
  it("of a file that is read already are refused, also in a folder", async () => {
    const files = { "d/e.csv": items(["a", "b", "c"]), "d/latest.csv": { link: "e.csv" } };
    await expect(read(files, { input: "d" })).rejects.toThrow(/latest\.csv, which is the same file as .*e\.csv/);
    await expect(read(files, { input: "d/*.csv" })).rejects.toThrow(/the same file/);
  });

  it("of a folder are folders, which a folder's files do not include", async () => {
    const files = { "d/e.csv": items(["a", "b", "c"]), "z/f.csv": items(["x"]), "d/more": { link: "../z" } };
    expect((await read(files, { input: "d" })).rows.read).toBe(3);
  });
});

it.each([
  [{ split: [0.8, 0.1, 0.1], splitTime: [0.8, 0.1, 0.1] }, /--split: 0\.8,0\.1,0\.1 and --split-time/],
  [{ split: [0.8, 0.1, 0.1], columns: { split: "item" } }, /--split: 0\.8,0\.1,0\.1 and --split-by/],
  [{ splitTime: [0.8, 0.1, 0.1], columns: { split: "item" } }, /--split-time: 0\.8,0\.1,0\.1 and --split-by/],
] as [Options, RegExp][])("two ways to split are refused: %j", async (options, says) => {
  await expect(read({ "e.csv": items(["a", "b", "c"]) }, options)).rejects.toThrow(says);
});

describe("a quote that closes in a later row", () => {
  /** Rows of one person with a note. */
  const noted = (notes: readonly string[], mark = ",") =>
    [["user", "item", "time", "note"], ...notes.map((note, i) => ["p", `i${i % 7}`, t + i, note])]
      .map((row) => `${row.join(mark)}\n`)
      .join("");
  const warningsOf = async (files: Files, options: Options = {}) => {
    const { rows, warnings } = await prepareEventsWithAccount(written(files, options));
    return { read: rows.read, warnings };
  };

  it.each<[string, string, Options, RegExp]>([
    ["in CSV", noted(["a", '"b', "c", 'd"', "e"]), {}, /row 1, line 3: .* 2 lines that look like rows are part/],
    [
      "in text with tabs",
      noted(["a", '"b', 'd"', "e"], "\t"),
      {},
      /row 1, line 3: .* 1 line that looks like a row is part/,
    ],
    ["below a longer field", noted(['"a\nb"', '"b', 'd"', "e"]), {}, /row 1, line 4: .* 1 line/],
    ["in a last row without a line end", noted(["a", "a", '"b', 'c"']).trimEnd(), {}, /row 2, line 4: .* 1 line/],
    ["in Latin-1", noted(["a", "a", '"b', 'c"']), { encoding: "latin-1" }, /row 2, line 4: .* 1 line/],
    ["where bad rows are skipped", `${noted(["a", "a", '"b', 'c"'])}p\n`, { skipBad: 1 }, /row 2, line 4: .* 1 line/],
  ])("warns %s", async (_, file, options, says) => {
    const { warnings } = await warningsOf({ "e.csv": file }, options);
    expect(warnings).toEqual([expect.stringMatching(says)]);
    expect(warnings[0]).toContain("--no-quotes");
  });

  it("warns of none where quotes hold line ends, commas and empty lines that are meant", async () => {
    const file = noted(['"a\nb"', '"c, d\n\ne, f, g"', "h", '"i"', '"one, two, three\nfour"', '"say ""no""\n"']);
    expect(await warningsOf({ "e.csv": file })).toEqual({ read: 6, warnings: [] });
  });

  it("warns of none where quotes are part of the text", async () => {
    const file = noted(["a", '"b', "c", 'd"', "e"]);
    expect(await warningsOf({ "e.csv": file }, { quotes: false })).toEqual({ read: 5, warnings: [] });
  });

  it("is an error where it hides more than a hundredth of the rows", async () => {
    const file = noted(Array.from({ length: 60 }, (_, i) => (i % 2 === 0 ? '"a' : 'b"')));
    await expect(warningsOf({ "e.csv": file })).rejects.toMatchObject({
      code: "DATA",
      message: expect.stringMatching(/row 0, line 2: .*30 lines that look like rows.*--no-quotes/),
    });
  });
});

describe("an expression of --where that DuckDB cannot compute", () => {
  const file = { "e.csv": csv([0, 1, 2, 3].map((i) => ["p", `i${i}`, t + i])) };

  it.each([
    ["strptime(item, '%Y') IS NULL", /what cannot be computed of every row: Could not parse string "i0"/],
    ["item LIKE 'a' ESCAPE 'bb'", /what cannot be computed of every row: Invalid escape string/],
    ["json_extract(item, '$.a') = 1", /what cannot be computed of every row: Malformed JSON/],
    ["regexp_matches(item, '(')", /what DuckDB refuses: missing \)/],
    ["item > DATE '2020-01-05'", /CAST\(day AS DATE\)/],
    ["repeat(item, 1000000000) = 'a'", /the function repeat.*functions of one row's numbers, text and times/],
    ["lpad(item, 1000000000, 'x') = 'a'", /the function lpad/],
    ["printf('%1000000000d', 1) = item", /the function printf/],
    ["item.repeat(1000000000) = 'a'", /the function repeat/],
    ["replace(replace(item, 'i', 'iiiiii'), 'i', 'iiiiii') = 'a'", /replace with other texts.*not longer/],
    ["replace(item, 'i', item) = 'a'", /replace with other texts/],
    ["length(CAST(CAST(item AS BLOB) AS BIT)::VARCHAR) > 1", /a cast to BIT/],
    ["CAST(item AS STORE) = 'a'", /a cast to STORE.*casts to numbers, text, dates and times/],
    ["length(item) > 1e400", /a number that is too large/],
    ["split_part(item, 'i', 1) = 'a'", /the function split_part/],
    [`${"CASE ".repeat(40)}item ${"WHEN 'a' THEN 'b' WHEN 'c' THEN 'd' END ".repeat(40)} = 'a'`, /CASE 40 times/],
    [`item = '${"a".repeat(2000)}' AND`, /^.{300,600}$/],
    ["item >", /what DuckDB cannot read: syntax error/],
  ])("%s is an error of --where, in plain words", async (where, says) => {
    const error = await read(file, { where }).catch((caught: unknown) => caught);
    expect(error).toMatchObject({ code: "USAGE", message: expect.stringMatching(says) });
    expect((error as Error).message).toMatch(/^--where: /);
    expect((error as Error).message).not.toMatch(/(Invalid Input|Syntax|Binder|Parser) Error|CSV/);
  });
});

describe("hints for files as other programs write them", () => {
  it.each<[name: string, files: Files, options: Options, says: RegExp]>([
    [
      "a name of the row that the header leaves out",
      { "e.csv": `user,item,time\n1,p,a,${t}\n2,p,b,${t}\n` },
      {},
      /line 2: .*add a name for it to the header/,
    ],
    [
      "quotes behind a backslash",
      { "e.csv": `user,item,time\np,"a \\"b\\" c",${t}\n` },
      {},
      /twice \(""\), not as \\"/,
    ],
    ["a clock without its date", { "e.csv": csv([["p", "a", "12:26:40"]]) }, {}, /join the two columns/],
    [
      "a form without a date",
      { "e.csv": csv([["p", "a", "12:26:40"]]) },
      { timeFormat: "%H:%M:%S" },
      /--time-format: .*reads no date.*join the two columns/,
    ],
    [
      "JSON with a list of events in a row",
      { "e.jsonl": lines([{ user: "p", events: [{ item: "a", time: t }] }]) },
      { columns: { item: "events.item", time: "events.time" } },
      /column events\.item: a list in events\. .*one for each entry of events/,
    ],
  ])("%s", async (_, files, options, says) => {
    await expect(read(files, options)).rejects.toThrow(says);
  });

  it("warns of a column of people that is not read, because the file's name is the person", async () => {
    const rows = ["a", "b", "c"].map((item, i) => [item, t + i]);
    const warningsOf = async (content: string) => {
      const options = written({ "p.csv": content }, { userFromFilename: true });
      return (await prepareEventsWithAccount(options)).warnings;
    };
    expect(await warningsOf(csv(rows, "item,time"))).toEqual([]);
    const named = csv(
      rows.map((row) => ["q", ...row]),
      "user,item,time",
    );
    expect(await warningsOf(named)).toEqual([expect.stringMatching(/p\.csv has a column "user", which is not read/)]);
  });

  it("warns of a form of times without a year", async () => {
    const file = csv(["0913", "0914", "0915"].map((day, i) => ["p", `i${i}`, day]));
    const prepared = (timeFormat: string, content = file) =>
      prepareEventsWithAccount(written({ "e.csv": content }, { timeFormat, sessionGap: null }));
    expect((await prepared("%m%d")).warnings).toEqual([
      "--time-format %m%d reads no year, so that all times are in 1900.",
    ]);
    expect((await prepared("%y%m%d", file.replaceAll(",09", ",2009"))).warnings).toEqual([]);
  });
});

describe("a pattern of inputs", () => {
  const rows = csv([0, 1, 2].map((i) => ["p", `i${i}`, t + i]));

  it("in a folder that is called like a pattern reads that folder", async () => {
    const { rows: account } = await read({ "data[1]/a.csv": rows, "data1/b.csv": rows }, { input: "data[1]/*.csv" });
    expect(account.files).toEqual([{ file: "a.csv", read: 3 }]);
  });

  it("with a class of letters in a folder's name reads all folders of it", async () => {
    const { rows: account } = await read({ "data1/a.csv": rows, "data2/b.csv": rows }, { input: "data[12]/*.csv" });
    expect(account.files.map(({ file }) => file)).toEqual(["data1/a.csv", "data2/b.csv"]);
  });
});
