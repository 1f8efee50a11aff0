import { gzipSync } from "node:zlib";
import type { PlainEvent } from "./count-pairs.js";

/** A file's content, or SQL for the Parquet file that DuckDB writes of the events. */
type Content = string | Uint8Array | { readonly parquet: string };

/** One kind of event file. */
export interface FileKind {
  /** Its row in docs/data.md. */
  readonly name: string;
  /** Files by name; a name may hold folders. */
  readonly files: Readonly<Record<string, Content>>;
  /** The words after `prepare --input …`; by default user, item, time. */
  readonly flags?: string;
  /** Instead of the files: a folder or a pattern. */
  readonly input?: string;
  /** The expected events; null: the file is refused. */
  readonly events: readonly PlainEvent[] | null;
  /** Words of the error: the flag or the step that helps. */
  readonly says?: RegExp;
  /** Words of a note or a warning. */
  readonly notes?: RegExp;
}

const people = ["1", "2", "3"] as const;
const start = 1_600_000_000;

/** Three people; a tie, a repeat and a pause that ends a session in each history. */
export const events: readonly PlainEvent[] = people.flatMap((user, u) =>
  (
    [
      ["10", 0],
      ["11", 60],
      ["12", 60],
      ["12", 130],
      ["13", 200],
      ["10", 9000],
      ["14", 9100],
      ["15", 9250 + u],
    ] as const
  ).map(([item, time]) => ({ user, item, time: start + 100_000 * u + time })),
);

const iso = (time: number) => new Date(time * 1000).toISOString();
const plainText = (time: number) => iso(time).slice(0, 19).replace("T", " ");

/** Lines of fields. */
function table(
  rows: readonly (readonly (string | number)[])[],
  { mark = ",", end = "\n", header = "user,item,time" as string | null } = {},
): string {
  const lines = rows.map((row) => row.join(mark));
  return [...(header === null ? [] : [header.replaceAll(",", mark)]), ...lines, ""].join(end);
}

const rows = events.map(({ user, item, time }) => [user, item, time] as const);
const withTimes = (form: (time: number) => string | number, of = events) =>
  table(of.map(({ user, item, time }) => [user, item, form(time)]));
const csv = table(rows);
const objects = events.map(({ user, item, time }) => ({ user, item, time }));
const jsonLines = (list: readonly unknown[]) => list.map((value) => `${JSON.stringify(value)}\n`).join("");

/** Names with special characters: separators, quotes, letters beyond ASCII. */
const careful: readonly PlainEvent[] = events.map((event) => ({
  ...event,
  item: { "10": "a, b", "11": 'say "hi"', "12": "c;d|e\tf", "13": "课程", "14": "naïve" }[event.item] ?? event.item,
}));
const quoted = (text: string) => (/[",;|\t\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
const carefulRows = careful.map(({ user, item, time }) => [user, quoted(item), time] as const);

/** With letters that Latin-1 has. */
const western: readonly PlainEvent[] = events.map((event) => ({ ...event, item: `café ${event.item}` }));
const westernCsv = table(western.map(({ user, item, time }) => [user, item, time]));
const eastern: readonly PlainEvent[] = events.map((event) => ({ ...event, item: `курс ${event.item}` }));
const easternBytes = Uint8Array.from(table(eastern.map(({ user, item, time }) => [user, item, time])), (letter) => {
  const code = letter.codePointAt(0) ?? 0;
  // windows-1251 has the Russian letters in order from 0xC0.
  return code >= 0x410 && code <= 0x44f ? code - 0x410 + 0xc0 : code;
});
const utf16 = (text: string) => Buffer.from(`\uFEFF${text}`, "utf16le");

const days: readonly PlainEvent[] = people.flatMap((user) =>
  (
    [
      ["10", "2020-03-01"],
      ["11", "2020-03-01"],
      ["12", "2020-03-02"],
      ["13", "2020-03-02"],
      ["14", "2020-03-09"],
    ] as const
  ).map(([item, day]) => ({ user, item, time: Date.parse(`${day}T00:00:00Z`) / 1000 })),
);
const dayRows = (form: (day: string) => string | number) =>
  table(days.map(({ user, item, time }) => [user, item, form(iso(time).slice(0, 10))]));
const daysFlags = "--ties keep --session-gap 600000";

const fractions: readonly PlainEvent[] = people.flatMap((user) =>
  [0.2, 0.7, 0.9, 1.5].map((time, i) => ({ user, item: `${10 + i}`, time: start + time })),
);
const byNumber = "--no-header --user 1 --item 2 --time 3";
const perPerson = (user: string) =>
  table(
    rows.filter((row) => row[0] === user).map((row) => row.slice(1)),
    { header: "item,time" },
  );
/** Names that begin with a quote. */
const unquoted: readonly PlainEvent[] = events.map((event) => ({ ...event, item: `"Heroes" ${event.item}` }));
/** A time in several notations. */
const inZone = (time: number, i: number) => {
  const [zone, seconds] = (
    [
      ["Z", 0],
      ["+02:00", 7200],
      ["-0530", -19800],
      [" +0900", 32400],
      ["-08", -28800],
    ] as const
  )[i % 5] ?? ["Z", 0];
  return `${iso(time + seconds).slice(0, 19)}${zone}`;
};
/** Bytes of which one is another. */
const flipped = (bytes: Uint8Array, at: number) => bytes.map((byte, i) => (i === bytes.length + at ? byte ^ 1 : byte));
const broken = `${csv}1,10\n`;
const stamped = (form: (date: Date) => string) => withTimes((time) => form(new Date(time * 1000)));
const two = (value: number) => String(value).padStart(2, "0");
const month = (date: Date) =>
  ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"][date.getUTCMonth()];
const weekday = (date: Date) => ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"][date.getUTCDay()];
const clock = (date: Date) => date.toISOString().slice(11, 19);

export const kinds: readonly FileKind[] = [
  { name: "CSV with commas", files: { "e.csv": csv }, events },
  { name: "CSV with CRLF line ends", files: { "e.csv": table(rows, { end: "\r\n" }) }, events },
  { name: "CSV with semicolons", files: { "e.csv": table(rows, { mark: ";" }) }, events },
  { name: "text with bars", files: { "e.txt": table(rows, { mark: "|" }) }, events },
  { name: "TSV", files: { "e.tsv": table(rows, { mark: "\t" }) }, events },
  { name: "tabs under another ending", files: { "e.txt": table(rows, { mark: "\t" }) }, events },
  {
    name: "a separator of several letters",
    files: { "e.txt": table(rows, { mark: " ~ " }) },
    flags: "--sep ' ~ '",
    events,
  },
  { name: "quoted fields", files: { "e.csv": table(carefulRows) }, events: careful },
  {
    name: "line ends inside quoted fields",
    files: {
      "e.csv": table(
        rows.map((row, i) => [...row, `"note\n${i}"`]),
        { header: "user,item,time,note" },
      ),
    },
    events,
  },
  { name: "a byte order mark", files: { "e.csv": `\uFEFF${csv}` }, events },
  {
    name: "blank lines, no line end at the end",
    files: { "e.csv": csv.replaceAll("\n2,", "\n\n2,").trimEnd() },
    events,
  },
  {
    name: "pandas' index column",
    files: {
      "e.csv": table(
        rows.map((row, i) => [i, ...row]),
        { header: ",user,item,time" },
      ),
    },
    events,
  },
  {
    name: "blanks in the header, a name twice",
    files: {
      "e.csv": table(
        rows.map((row) => [...row, "x"]),
        { header: "user, item, time,user" },
      ),
    },
    events,
  },
  { name: "no header", files: { "e.csv": table(rows, { header: null }) }, flags: byNumber, events },
  { name: "no header, not said", files: { "e.csv": table(rows, { header: null }) }, events: null, says: /--no-header/ },
  {
    name: "MovieLens 100K, u.data",
    files: {
      "u.data": table(
        events.map(({ user, item, time }) => [user, item, 3, time]),
        { mark: "\t", header: null },
      ),
    },
    flags: "--no-header --user 1 --item 2 --time 4",
    events,
  },
  {
    name: "MovieLens 1M, ratings.dat",
    files: {
      "ratings.dat": table(
        events.map(({ user, item, time }) => [user, item, 5, time]),
        { mark: "::", header: null },
      ),
    },
    flags: "--no-header --sep :: --user 1 --item 2 --time 4",
    events,
  },
  {
    name: "MovieLens 1M, the separator not said",
    files: {
      "ratings.dat": table(
        events.map(({ user, item, time }) => [user, item, 5, time]),
        { mark: "::", header: null },
      ),
    },
    flags: "--no-header --user 1 --item 2 --time 4",
    events: null,
    says: /--sep/,
  },
  {
    name: "Yoochoose, clicks.dat",
    files: {
      "clicks.dat": table(
        events.map(({ user, item, time }) => [user, iso(time), item, 0]),
        { header: null },
      ),
    },
    flags: "--no-header --user 1 --time 2 --item 3",
    events,
  },
  {
    name: "Last.fm 1K, events by track name",
    files: {
      "lastfm.tsv": table(
        events.map(({ user, item, time }) => [user, iso(time).replace(".000", ""), "", `The "${user}`, "", item]),
        { mark: "\t", header: null },
      ).replaceAll('"', ""),
    },
    flags: "--no-header --user 1 --time 2 --item 6",
    events,
  },
  {
    name: "RecBole, .inter",
    files: { "ml.inter": table(rows, { mark: "\t", header: "user_id:token,item_id:token,timestamp:float" }) },
    flags: "--user user_id --item item_id --time timestamp",
    events,
  },
  { name: "gzip", files: { "e.csv.gz": gzipSync(csv) }, events },
  { name: "gzip without its ending", files: { "e.csv": gzipSync(csv) }, events },
  {
    name: "gzip cut short",
    files: { "e.csv.gz": gzipSync(csv).subarray(0, -12) },
    events: null,
    says: /damaged or cut short.*again/,
  },
  { name: "JSON lines", files: { "e.jsonl": jsonLines(objects) }, events },
  { name: "JSON lines under another ending", files: { "e.log": jsonLines(objects) }, events },
  { name: "gzip of JSON lines", files: { "e.ndjson.gz": gzipSync(jsonLines(objects)) }, events },
  { name: "a JSON list", files: { "e.json": JSON.stringify(objects, null, 1) }, events },
  {
    name: "JSON objects over several lines",
    files: { "e.json": objects.map((o) => JSON.stringify(o, null, 2)).join("\n") },
    events,
  },
  {
    name: "JSON keys that appear late",
    files: {
      "e.jsonl": jsonLines([
        ...Array(3000).fill({ user: "9", item: "1", time: start, kind: "view" }),
        ...objects.map(({ item, ...rest }) => ({ ...rest, item, extra: { deep: [1] } })),
      ]),
    },
    events: [...Array(3000).fill({ user: "9", item: "1", time: start }), ...events],
  },
  {
    name: "xAPI statements",
    files: {
      "e.jsonl": jsonLines(
        events.map(({ user, item, time }) => ({
          actor: { account: { name: user } },
          object: { id: item, definition: {} },
          timestamp: iso(time),
        })),
      ),
    },
    flags: "--user actor.account.name --item object.id --time timestamp",
    events,
  },
  {
    name: "an object where a name should be",
    files: { "e.jsonl": jsonLines(objects.map((o) => ({ ...o, user: { id: o.user } }))) },
    events: null,
    says: /user\.id/,
  },
  {
    name: "JSON keys with dots in them",
    files: { "e.jsonl": jsonLines(events.map(({ user, item, time }) => ({ "user.id": user, item, time }))) },
    flags: "--user user.id",
    events,
  },
  {
    name: "Parquet, numbers",
    files: { "e.parquet": { parquet: `SELECT "user"::INTEGER AS "user", item::BIGINT AS item, time FROM events` } },
    events,
  },
  {
    name: "Parquet, timestamps",
    files: {
      "e.parquet": { parquet: `SELECT "user", item, make_timestamp((time * 1e6)::BIGINT) AS time FROM events` },
    },
    events,
  },
  {
    name: "Parquet, timestamps with a zone",
    files: { "e.parquet": { parquet: `SELECT "user", item, to_timestamp(time) AS time FROM events` } },
    events,
  },
  {
    name: "Parquet, nested columns",
    files: { "e.parquet": { parquet: `SELECT {id: "user"} AS actor, item, time FROM events` } },
    flags: "--user actor.id",
    events,
  },
  { name: "Parquet under another ending", files: { "part-0": { parquet: "SELECT * FROM events" } }, events },
  { name: "Parquet cut short", files: { "e.parquet": "PAR1 and no more" }, events: null, says: /Parquet/ },
  {
    name: "Latin-1",
    files: { "e.csv": Buffer.from(westernCsv, "latin1") },
    flags: "--encoding latin-1",
    events: western,
  },
  {
    name: "Latin-1, not said",
    files: { "e.csv": Buffer.from(westernCsv, "latin1") },
    events: null,
    says: /--encoding/,
  },
  { name: "UTF-16", files: { "e.csv": utf16(table(carefulRows)) }, flags: "--encoding utf-16", events: careful },
  { name: "UTF-16, big end first", files: { "e.csv": utf16(csv).swap16() }, flags: "--encoding utf-16", events },
  { name: "UTF-16, not said", files: { "e.csv": utf16(csv) }, events: null, says: /--encoding utf-16/ },
  { name: "windows-1251", files: { "e.csv": easternBytes }, flags: "--encoding windows-1251", events: eastern },
  { name: "milliseconds", files: { "e.csv": withTimes((t) => `${t * 1e3}`) }, events, notes: /milliseconds/ },
  { name: "microseconds", files: { "e.csv": withTimes((t) => `${t * 1e6}`) }, events, notes: /microseconds/ },
  { name: "nanoseconds", files: { "e.csv": withTimes((t) => `${t}000000000`) }, events, notes: /nanoseconds/ },
  { name: "seconds as pandas writes floats", files: { "e.csv": withTimes((t) => t.toFixed(1)) }, events },
  { name: "seconds with an exponent", files: { "e.csv": withTimes((t) => t.toExponential()) }, events },
  { name: "fractions of seconds", files: { "e.csv": withTimes((t) => t.toFixed(3), fractions) }, events: fractions },
  { name: "ISO 8601 with zones", files: { "e.csv": withTimes((t) => iso(t + 7200).replace("Z", "+02:00")) }, events },
  {
    name: "dates of 8 digits",
    files: { "e.csv": dayRows((day) => day.replaceAll("-", "")) },
    flags: daysFlags,
    events: days,
    notes: /yyyymmdd/,
  },
  {
    name: "dates and times of 14 digits",
    files: { "e.csv": withTimes((t) => plainText(t).replace(/\D/g, "")) },
    events,
    notes: /yyyymmddhhmmss/,
  },
  {
    name: "hours of 10 digits",
    files: { "e.csv": withTimes((t) => plainText(t).replace(/\D/g, "").slice(0, 10)) },
    events: null,
    says: /--time-format '%Y%m%d%H'/,
  },
  { name: "days alone", files: { "e.csv": dayRows((day) => day) }, flags: daysFlags, events: days },
  {
    name: "days alone, ordered by a column",
    files: {
      "e.csv": table(
        [...days].map(({ user, item, time }, i) => [user, item, plainText(time).slice(0, 10), i]).reverse(),
        { header: "user,item,time,nr" },
      ),
    },
    flags: `${daysFlags} --order nr`,
    events: days,
  },
  {
    name: "day before month",
    files: {
      "e.csv": stamped((d) => `${two(d.getUTCDate())}/${two(d.getUTCMonth() + 1)}/${d.getUTCFullYear()} ${clock(d)}`),
    },
    flags: "--time-format '%d/%m/%Y %H:%M:%S'",
    events,
  },
  {
    name: "day before month, not said",
    files: {
      "e.csv": stamped((d) => `${two(d.getUTCDate())}/${two(d.getUTCMonth() + 1)}/${d.getUTCFullYear()} ${clock(d)}`),
    },
    events: null,
    says: /--time-format.*%d\/%m\/%Y %H:%M:%S/,
  },
  {
    name: "Twitter's times",
    files: {
      "e.csv": stamped(
        (d) => `${weekday(d)} ${month(d)} ${two(d.getUTCDate())} ${clock(d)} +0000 ${d.getUTCFullYear()}`,
      ),
    },
    flags: "--time-format '%a %b %d %H:%M:%S %z %Y'",
    events,
  },
  {
    name: "years of two digits",
    files: { "e.csv": withTimes((t) => plainText(t).slice(2, 10)) },
    events: null,
    says: /--time-format/,
  },
  {
    name: "a spreadsheet's day numbers",
    files: { "e.csv": withTimes((t) => (t / 86400 + 25569).toFixed(5)) },
    events: null,
    says: /--time-unit/,
  },
  {
    name: "days of a course",
    files: { "e.csv": table(rows.map(([user, item], i) => [user, item, i % 8])) },
    events: null,
    says: /--time-unit s --session-gap none/,
  },
  {
    name: "days of a course, for their order",
    files: { "e.csv": table(rows.map(([user, item], i) => [user, item, i % 8])) },
    flags: "--time-unit s --session-gap none",
    events: events.map((event, i) => ({ ...event, time: i % 8 })),
  },
  {
    name: "times before 1970",
    files: { "e.csv": withTimes((t) => t - 2 * start) },
    flags: "--time-unit s",
    events: events.map((e) => ({ ...e, time: e.time - 2 * start })),
  },
  {
    name: "numbers that are no times among times",
    files: { "e.csv": `${csv}1,10,0\n1,10,NaN\n1,10,-1\n` },
    flags: "--skip-bad 3",
    events,
  },
  {
    name: "numbers that are no times, not allowed",
    files: { "e.csv": `${csv}1,10,-1\n` },
    events: null,
    says: /row 24: -1, where most numbers are seconds.*--null -1 --skip-bad/,
  },
  {
    name: "a column of words as times",
    files: { "e.csv": withTimes(() => "yesterday") },
    events: null,
    says: /--time-format/,
  },
  {
    name: "NA for nothing",
    files: { "e.csv": `${csv}NA,10,${start}\n1,NaN,${start}\n` },
    flags: "--null NA,NaN --skip-bad 2",
    events,
  },
  {
    name: "NA as a name",
    files: { "e.csv": `${csv}NA,10,${start}\n` },
    events: [...events, { user: "NA", item: "10", time: start }],
    notes: /--null NA/,
  },
  { name: "lines that break the rules", files: { "e.csv": broken }, flags: "--skip-bad 1", events },
  {
    name: "lines that break the rules, not allowed",
    files: { "e.csv": broken },
    events: null,
    says: /line 26.*--skip-bad/,
  },
  {
    name: "JSON lines of which one is broken",
    files: { "e.jsonl": `${jsonLines(objects)}{"user": "1", "it` },
    flags: "--skip-bad 1",
    events,
  },
  {
    name: "a folder of files",
    files: { "all/a.csv": table(rows.slice(0, 9)), "all/b.jsonl": jsonLines(objects.slice(9)) },
    input: "all",
    events,
  },
  {
    name: "a pattern of files",
    files: { "2020-1.csv": table(rows.slice(0, 9)), "2020-2.csv": table(rows.slice(9)), "other.txt": "x" },
    input: "2020-*.csv",
    events,
  },
  {
    name: "a file per person",
    files: { "who/1.csv": perPerson("1"), "who/2.csv": perPerson("2"), "who/3.csv": perPerson("3") },
    input: "who",
    flags: "--user-from-filename",
    events,
  },
  {
    name: "names in two Unicode forms",
    files: { "e.csv": table(events.map(({ user, item, time }, i) => [user, (i % 2 ? "é" : "e\u0301") + item, time])) },
    events: events.map((event) => ({ ...event, item: `é${event.item}` })),
    notes: /Unicode NFC/,
  },
  {
    name: "a zip archive",
    files: { "e.csv": Uint8Array.of(0x50, 0x4b, 3, 4, 20, 0, 0, 0) },
    events: null,
    says: /zip.*Unpack it first/,
  },
  {
    name: "a spreadsheet",
    files: { "e.xlsx": Uint8Array.of(0x50, 0x4b, 3, 4) },
    events: null,
    says: /Save the sheet as CSV/,
  },
  {
    name: "zstd",
    files: { "e.csv.zst": Uint8Array.of(0x28, 0xb5, 0x2f, 0xfd) },
    events: null,
    says: /pack it as \.gz/,
  },
  { name: "an SQLite database", files: { "e.db": "SQLite format 3\0" }, events: null, says: /Export the table as CSV/ },
  { name: "gzip of text with a byte order mark", files: { "e.csv.gz": gzipSync(`\uFEFF${csv}`) }, events },
  {
    name: "gzip of several parts",
    files: { "e.csv.gz": Buffer.concat([gzipSync(csv.slice(0, 99)), gzipSync(csv.slice(99))]) },
    events,
  },
  {
    name: "gzip, a wrong checksum",
    files: { "e.csv.gz": flipped(gzipSync(csv), -6) },
    events: null,
    says: /damaged or cut short.*again/,
  },
  {
    name: "line ends of two kinds",
    files: { "e.csv": csv.replace(/\n/g, (end, at: number) => (at % 2 ? end : "\r\n")) },
    events,
  },
  {
    name: "blanks behind commas",
    files: { "e.csv": table(rows, { mark: ", " }) },
    events,
  },
  {
    name: "blanks around some names",
    files: { "e.csv": table(rows.map(([user, item, time], i) => [user, i % 2 ? ` ${item} ` : item, time])) },
    events,
    notes: /blanks around it/,
  },
  {
    name: "two columns of one name",
    files: {
      "e.csv": table(
        rows.map((row) => [...row, "x"]),
        { header: "user,item,time,item" },
      ),
    },
    events,
    notes: /more than one column "item"; the first/,
  },
  {
    name: "columns in another order in each file",
    files: {
      "all/_SUCCESS": "",
      "all/a.csv": table(rows.slice(0, 9)),
      "all/b.csv": table(
        rows.slice(9).map(([user, item, time]) => [time, "x", user, item]),
        { header: "time,note,user,item" },
      ),
    },
    input: "all",
    events,
  },
  {
    name: "a file of a folder without a column",
    files: { "all/a.csv": csv, "all/b.csv": "user,item\n1,10\n" },
    input: "all",
    events: null,
    says: /b\.csv: no column "time".*--time/,
  },
  {
    name: "whole numbers in one file, floats in the other",
    files: {
      "a.csv": table(rows.slice(0, 9)),
      "b.csv": table(rows.slice(9).map(([user, item, time]) => [user, `${item}.0`, time])),
    },
    events: events.map((event, i) => (i < 9 ? event : { ...event, item: `${event.item}.0` })),
    notes: /"10" and "10\.0" are two items.*write numbers without \.0/,
  },
  {
    name: "ids with leading zeros",
    files: { "e.csv": table(events.map(({ user, item, time }, i) => [`0${user}`, i % 2 ? item : `0${item}`, time])) },
    events: events.map(({ user, item, time }, i) => ({ user: `0${user}`, item: i % 2 ? item : `0${item}`, time })),
  },
  {
    name: "JSON, numbers beyond 64 bits as ids",
    files: {
      "e.jsonl": events.map((e) => `{"user":${e.user},"item":184467440737095516${e.item},"time":${e.time}}\n`).join(""),
    },
    events: events.map((event) => ({ ...event, item: `184467440737095516${event.item}` })),
  },
  { name: "JSON lines with a byte order mark", files: { "e.jsonl": `\uFEFF${jsonLines(objects)}` }, events },
  {
    name: "JSON, one object around the list",
    files: { "e.json": JSON.stringify({ events: objects }) },
    events: null,
    says: /no column "user".*columns, events\. Name keys with --user/,
  },
  {
    name: "JSON, lists in a list",
    files: { "e.json": JSON.stringify(rows) },
    events: null,
    says: /write lists as objects/,
  },
  {
    name: "quotes in the text of a TSV file",
    files: {
      "e.tsv": table(
        unquoted.map(({ user, item, time }) => [user, item, time]),
        { mark: "\t" },
      ),
    },
    flags: "--no-quotes",
    events: unquoted,
  },
  {
    name: "quotes in the text of a TSV file, not said",
    files: {
      "e.tsv": table(
        unquoted.map(({ user, item, time }) => [user, item, time]),
        { mark: "\t" },
      ),
    },
    events: null,
    says: /--no-quotes/,
  },
  {
    name: "notes above the header",
    files: { "e.csv": `# exported on Monday\n${csv}` },
    events: null,
    says: /remove the lines above the header/,
  },
  {
    name: "times in several zones",
    files: { "e.csv": table(events.map(({ user, item, time }, i) => [user, item, inZone(time, i)])) },
    events,
  },
  {
    name: "minutes with a zone",
    files: { "e.csv": withTimes((t) => `${iso(t - (t % 60) + 7200).slice(0, 16)}+02:00`) },
    events: events.map((event) => ({ ...event, time: event.time - (event.time % 60) })),
  },
  {
    name: "zones by name",
    files: { "e.csv": withTimes((t) => `${plainText(t)} EST`) },
    events: null,
    says: /Write zones as hours/,
  },
  {
    name: "decimal commas",
    files: {
      "e.csv": table(
        events.map(({ user, item, time }) => [user, item, `${time},5`]),
        { mark: ";" },
      ),
    },
    events: null,
    says: /with a point for decimals/,
  },
  {
    name: "numbers that count from another start",
    files: { "e.csv": withTimes((t) => t - start) },
    events: null,
    says: /which may count days, seconds or anything else.* Say what they count with --time-unit/,
  },
  {
    name: "Parquet, text that does not say so",
    files: {
      "e.parquet": { parquet: `SELECT "user"::VARCHAR::BLOB AS "user", item::VARCHAR::BLOB AS item, time FROM events` },
    },
    events,
  },
  {
    name: "Parquet, a list of items in a row",
    files: { "e.parquet": { parquet: `SELECT "user", [item] AS item, time FROM events` } },
    events: null,
    says: /type .*\[\].*one row per event/,
  },
  { name: "an empty file", files: { "e.csv": "" }, events: null, says: /an empty file/ },
  {
    name: "blanks around times with a zone",
    files: { "e.csv": withTimes((t) => ` ${iso(t + 7200).slice(0, 19)}+02:00 `) },
    events,
  },
  {
    name: "fractions behind a comma",
    files: { "e.csv": withTimes((t) => `"${plainText(t)},250"`) },
    events: events.map((event) => ({ ...event, time: event.time + 0.25 })),
  },
  {
    name: "a zone that there is not",
    files: { "e.csv": withTimes((t) => `${plainText(t)}+25:00`) },
    events: null,
    says: /\+25:00/,
  },
  {
    name: "words that programs take for times",
    files: { "e.csv": `${csv}1,10,epoch\n` },
    events: null,
    says: /"epoch"/,
  },
  {
    name: "a learning platform's log, day first or month first",
    files: { "e.csv": withTimes((t) => `"${iso(t).slice(8, 10)}/06/20, ${iso(t).slice(11, 16)}"`) },
    events: null,
    says: /'%d\/%m\/%y, %H:%M'/,
  },
  {
    name: "a learning platform's log, long dates",
    files: { "e.csv": withTimes(() => '"Sunday, 13 September 2020, 12:26 PM"') },
    events: null,
    says: /--time-format, as '%A, %d %B %Y, %I:%M %p'/,
  },
  {
    name: "an account's download, dates with commas",
    files: { "e.csv": withTimes(() => '"Sep 13, 2020, 12:26:40 PM UTC"') },
    events: null,
    says: /--time-format, as '%b %d, %Y, %I:%M:%S %p UTC'/,
  },
  {
    name: "a header again in the middle",
    files: { "e.csv": csv + csv },
    events: null,
    says: /header again.*--skip-bad/,
  },
  {
    name: "a person who is called by blanks",
    files: { "e.csv": `${csv}  ,10,1600000000\n` },
    events: null,
    says: /column user, row 24: nothing.*--skip-bad/,
  },
  {
    name: "no-break spaces around some names",
    files: { "e.csv": table(rows.map(([user, item, time], i) => [i % 2 ? `${user}\u00a0` : user, item, time])) },
    events,
    notes: /blanks around/,
  },
  {
    name: "Python's own form of objects",
    files: {
      "e.json": events
        .map(({ user, item, time }) => `{u'user': u'${user}', 'item': '${item}', 'time': ${time}}`)
        .join("\n"),
    },
    events: null,
    says: /json\.dumps\(ast\.literal_eval\(line\)\)/,
  },
  {
    name: "a web page in place of the file",
    files: { "e.csv": "<!DOCTYPE html>\n<html><body>not found</body></html>\n" },
    events: null,
    says: /HTML.*download/,
  },
  {
    name: "a pointer of Git LFS",
    files: { "e.csv": "version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 9\n" },
    events: null,
    says: /git lfs pull/,
  },
  {
    name: "bytes that are no UTF-8 late in a file with two kinds of line end",
    files: {
      "e.csv": Buffer.concat([
        Buffer.from(`${csv.replace("\n", "\r\n")}${table(rows, { header: null }).repeat(3000)}`),
        Buffer.of(0xe9, 0x0a),
      ]),
    },
    events: null,
    says: /not utf-8.*--encoding/,
  },
  {
    name: "Parquet, a field in a nested field",
    files: { "e.parquet": { parquet: `SELECT {'a': {'id': "user"}} AS who, item, time FROM events` } },
    flags: "--user who.a.id",
    events,
  },
  {
    name: "Parquet, a nested field where a name should be",
    files: { "e.parquet": { parquet: `SELECT {'a': {'id': "user"}} AS who, item, time FROM events` } },
    flags: "--user who.a",
    events: null,
    says: /Name a field inside it, as who\.a\.id/,
  },
  {
    name: "files of one name in two folders, the person taken from it",
    files: { "a/log.csv": perPerson("1"), "b/log.csv": perPerson("2") },
    input: "*/log.csv",
    flags: "--user-from-filename",
    events: events.filter(({ user }) => user !== "3").map((event) => ({ ...event, user: "log" })),
    notes: /2 files are called "log"/,
  },
  {
    name: "a folder with folders alone",
    files: { "all/2020/e.csv": csv },
    input: "all",
    events: null,
    says: /\*\*\/\*\.csv/,
  },
];
