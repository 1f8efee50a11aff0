import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { gzipSync } from "node:zlib";
import { DuckDBInstance } from "@duckdb/node-api";
import { beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { dataFolderFiles, type PrepareOptions, prepareEvents } from "../src/index.js";
import { bytesOf } from "./bytes-of.js";
import { temporaryFolder } from "./temporary-folder.js";

interface Event {
  readonly user: string;
  readonly item: string;
  readonly time: number;
  readonly session: string;
}

/** Names with all characters that are special in a dialect; times with and without a fraction. */
const events: readonly Event[] = Array.from({ length: 12 }, (_, u) =>
  Array.from({ length: 9 }, (_, e) => ({
    user: `person ${u}`,
    item: ["plain", "with, comma", "with; semicolon", "with\ttab", 'a "quoted" one', "bar|bar", "课程"][
      (u + e * e) % 7
    ]!,
    time: 1_500_000_000 + u * 100_000 + e * 60 + (e === 3 ? 0.5 : 0),
    session: `${u}-${Math.floor(e / 5)}`,
  })),
).flat();

const keys = ["user", "item", "time", "session"] as const;
const iso = (seconds: number, zoneHours = 0) =>
  `${new Date((seconds + zoneHours * 3600) * 1000).toISOString().slice(0, -1)}${zoneHours === 0 ? "Z" : "+02:00"}`;

function separated(mark: string, { end = "\n", time = String as (seconds: number) => string } = {}): string {
  const quoted = (text: string) => (/["\s,;|]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
  const rows = events.map((event) =>
    keys.map((key) => quoted(key === "time" ? time(event.time) : event[key])).join(mark),
  );
  return [keys.join(mark), ...rows, ""].join(end);
}

const jsonLines = (list: readonly Event[]) => list.map((event) => `${JSON.stringify(event)}\n`).join("");

/** A Parquet file of the events, their times of a type. */
async function parquet(file: string, time: string, source: string): Promise<void> {
  const instance = await DuckDBInstance.create(":memory:");
  const connection = await instance.connect();
  await connection.run(
    `COPY (SELECT "user", item, ${time} AS time, session FROM read_json('${source}', columns = {user: 'VARCHAR', item: 'VARCHAR', time: 'DOUBLE', session: 'VARCHAR'})) TO '${file}' (FORMAT parquet)`,
  );
  connection.closeSync();
  instance.closeSync();
}

async function prepared(
  inputs: readonly string[],
  options: Partial<PrepareOptions> = {},
): Promise<Record<string, string>> {
  const data = await prepareEvents({
    inputs,
    columns: { user: "user", item: "item", time: "time" },
    sessionGap: 1800,
    maxPrefix: 50,
    split: [0.5, 0.25, 0.25],
    k: 1,
    q: 2,
    dataSeed: 1,
    ...options,
  });
  const files: Record<string, string> = {};
  for (const [path, content] of dataFolderFiles(data, {})) {
    files[path] = Buffer.from(await bytesOf(content)).toString("base64");
  }
  return files;
}

describe("the same events in any format", () => {
  const forms: readonly [string, string, (folder: string) => void | Promise<void>, Partial<PrepareOptions>?][] = [
    ["commas and CRLF", "e.csv", (f) => writeFileSync(f, separated(",", { end: "\r\n" }))],
    ["semicolons", "e.csv", (f) => writeFileSync(f, separated(";"))],
    ["bars", "e.txt", (f) => writeFileSync(f, separated("|"))],
    ["tabs", "e.tsv", (f) => writeFileSync(f, separated("\t"))],
    ["a byte order mark", "e.csv", (f) => writeFileSync(f, `\uFEFF${separated(",")}`)],
    ["gzip", "e.csv.gz", (f) => writeFileSync(f, gzipSync(separated(",")))],
    ["gzip of tabs", "e.tsv.gz", (f) => writeFileSync(f, gzipSync(separated("\t")))],
    ["times in UTC", "e.csv", (f) => writeFileSync(f, separated(",", { time: (t) => iso(t) }))],
    ["times with a zone", "e.csv", (f) => writeFileSync(f, separated(",", { time: (t) => iso(t, 2) }))],
    [
      "milliseconds",
      "e.csv",
      (f) => writeFileSync(f, separated(",", { time: (t) => `${t * 1000}` })),
      { timeUnit: "ms" },
    ],
    [
      "microseconds",
      "e.csv",
      (f) => writeFileSync(f, separated(",", { time: (t) => `${t * 1e6}` })),
      { timeUnit: "us" },
    ],
    ["JSON lines", "e.jsonl", (f) => writeFileSync(f, jsonLines(events))],
    ["one JSON list", "e.json", (f) => writeFileSync(f, JSON.stringify(events))],
    ["gzip of JSON lines", "e.ndjson.gz", (f) => writeFileSync(f, gzipSync(jsonLines(events)))],
    ["Parquet, numbers", "e.parquet", (f) => fromJson(f, "time")],
    ["Parquet, timestamps", "e.parquet", (f) => fromJson(f, "make_timestamp((time * 1e6)::BIGINT)")],
    ["Parquet, moments", "e.parquet", (f) => fromJson(f, "to_timestamp(time)")],
    ["Parquet in a folder with the name of a partition", "user=9/e.parquet", (f) => fromJson(f, "time")],
  ];
  async function fromJson(file: string, time: string): Promise<void> {
    // Outside of the file's folder, whose name may be that of a partition.
    const source = join(dirname(dirname(file)), `${basename(dirname(file))}.jsonl`);
    writeFileSync(source, jsonLines(events));
    onTestFinished(() => rmSync(source));
    await parquet(file, time, source);
  }
  let plain: Record<string, string>;
  beforeAll(async () => {
    const folder = mkdtempSync(join(tmpdir(), "kshot-episodes-"));
    writeFileSync(join(folder, "events.csv"), separated(","));
    plain = await prepared([join(folder, "events.csv")]);
    rmSync(folder, { recursive: true });
  });

  it.each(forms)("%s", async (_, name, write, options) => {
    const file = join(await temporaryFolder(), name);
    mkdirSync(dirname(file), { recursive: true });
    await write(file);
    expect(await prepared([file], options)).toEqual(plain);
  });

  it("several files of several formats", async () => {
    const folder = await temporaryFolder();
    const at = (name: string) => join(folder, name);
    writeFileSync(at("a.jsonl"), jsonLines(events.slice(0, 40)));
    writeFileSync(at("b.jsonl.gz"), gzipSync(jsonLines(events.slice(40, 80))));
    writeFileSync(at("c.jsonl"), jsonLines(events.slice(80)));
    await parquet(at("c.parquet"), "time", at("c.jsonl"));
    expect(await prepared([at("a.jsonl"), at("b.jsonl.gz"), at("c.parquet")])).toEqual(plain);
  });

  it("sessions as given cut histories where the column changes", async () => {
    const folder = await temporaryFolder();
    const file = join(folder, "e.csv");
    writeFileSync(file, separated(","));
    const columns = { user: "user", item: "item", time: "time", session: "session" };
    const given = await prepared([file], { columns });
    expect(given).not.toEqual(plain);
    writeFileSync(join(folder, "e.jsonl"), jsonLines(events));
    expect(await prepared([join(folder, "e.jsonl")], { columns })).toEqual(given);
  });
});

describe("a file that cannot be read", () => {
  const cases: readonly [string, string, string | Uint8Array, RegExp][] = [
    ["an empty file", "e.csv", "", /e\.csv: an empty file/],
    [
      "a date that does not exist",
      "e.csv",
      "user,item,time\np,a,20200228\np,b,20200229\np,c,20200230\n",
      /row 2: "20200230", which is not a date of the form yyyymmdd.*--skip-bad/,
    ],
    [
      "ticks of .NET, which --time-unit ns would read as 1990",
      "e.csv",
      "user,item,time\np,a,637355968000000000\np,b,637355969000000000\n",
      /ticks of \.NET/,
    ],
    ["a ragged row", "e.csv", "user,item,time\np,a,1\np,b\n", /e\.csv, line 3: it cannot be read as CSV: .*column/i],
    ["a quote that does not close", "e.csv", 'user,item,time\np,"a,1\np,b,2\n', /e\.csv, line 2: .*quote/i],
    ["UTF-16", "e.csv", Buffer.from("\uFEFFuser,item,time\n", "utf16le"), /e\.csv: text in UTF-16/],
    ["Latin-1", "e.csv", Buffer.from("user,item,time\np,caf\xe9,1\n", "latin1"), /e\.csv.*(unicode|utf-8)/i],
    ["a broken gz", "e.csv.gz", gzipSync(separated(",")).subarray(0, 90), /e\.csv\.gz/],
    ["a file with the ending gz that is not gzip", "e.csv.gz", "user,item,time\n", /e\.csv\.gz: .*GZIP/i],
    [
      "JSON that breaks off",
      "e.jsonl",
      '{"user": "p", "item": "a", "time": 1}\n{"user": "p"',
      /e\.jsonl, line 2: .*JSON/,
    ],
    [
      "JSON without the key",
      "e.jsonl",
      '{"usr": "p", "item": "a", "time": 1}\n',
      /no column "user".*Did you mean "usr"/,
    ],
    ["half a Parquet file", "e.parquet", "PAR1 and then nothing", /e\.parquet: it cannot be read as Parquet/],
    ["a spreadsheet", "e.xlsx", "PK", /e\.xlsx: a file that is not read.*Save the sheet as CSV/],
    ["a zip archive", "e.zip", "PK", /e\.zip: a file that is not read.*Unpack it first/],
    [
      "no item in a JSON row",
      "e.jsonl",
      '{"user":"p","item":"a","time":1}\n{"user":"p","time":2}\n',
      /column item, row 1: nothing/,
    ],
  ];
  it.each(cases)("%s", async (_, name, content, says) => {
    const file = join(await temporaryFolder(), name);
    writeFileSync(file, content);
    await expect(prepared([file])).rejects.toMatchObject({ code: "DATA", message: expect.stringMatching(says) });
  });

  it("a folder, a missing file, a file without permission", async () => {
    const folder = await temporaryFolder();
    mkdirSync(join(folder, "e.csv"));
    await expect(prepared([join(folder, "e.csv")])).rejects.toThrow(/e\.csv: a folder/);
    await expect(prepared([join(folder, "f.csv")])).rejects.toThrow(/f\.csv: no such file/);
    if (process.getuid?.() === 0) return; // Root can read every file.
    writeFileSync(join(folder, "g.csv"), separated(","));
    chmodSync(join(folder, "g.csv"), 0);
    await expect(prepared([join(folder, "g.csv")])).rejects.toThrow(/g\.csv: no permission/);
  });

  it("a second file whose columns differ", async () => {
    const folder = await temporaryFolder();
    writeFileSync(join(folder, "a.csv"), separated(","));
    writeFileSync(join(folder, "b.csv"), "user,course,time\np,a,1\n");
    await expect(prepared([join(folder, "a.csv"), join(folder, "b.csv")])).rejects.toThrow(
      /b\.csv: no column "item"\. Expected one of its columns, user, course, time/,
    );
  });

  it("nested columns of Parquet", async () => {
    const folder = await temporaryFolder();
    writeFileSync(join(folder, "e.jsonl"), jsonLines(events));
    await parquet(join(folder, "e.parquet"), "[time]", join(folder, "e.jsonl"));
    await expect(prepared([join(folder, "e.parquet")])).rejects.toThrow(/column time: type DOUBLE\[\]/);
  });
});
