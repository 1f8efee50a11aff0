import type { PlainEvent } from "../count-pairs.js";
import type { FileKind } from "./file-kind.js";
import { careful, carefulRows, csv, events, iso, rows, table } from "./samples.js";

const byNumber = "--no-header --user 1 --item 2 --time 3";
/** Names that begin with a quote. */
const unquoted: readonly PlainEvent[] = events.map((event) => ({ ...event, item: `"Heroes" ${event.item}` }));

/** Text with columns. */
export const textKinds: readonly FileKind[] = [
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
  {
    name: "no header, without its flag",
    files: { "e.csv": table(rows, { header: null }) },
    events: null,
    says: /--no-header/,
  },
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
    name: "MovieLens 1M, without its separator flag",
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
    name: "ids with leading zeros",
    files: { "e.csv": table(events.map(({ user, item, time }, i) => [`0${user}`, i % 2 ? item : `0${item}`, time])) },
    events: events.map(({ user, item, time }, i) => ({ user: `0${user}`, item: i % 2 ? item : `0${item}`, time })),
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
    name: "quotes in the text of a TSV file, without its flag",
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
    name: "a header with a line end in a name",
    files: {
      "e.csv": table(
        rows.map((row) => ["note", ...row]),
        { header: '"a\nnote",user,item,time' },
      ),
    },
    events,
  },
  {
    name: "names in braces, without a header",
    files: {
      "e.csv": table(
        rows.map(([user, ...more]) => [`{3F2504E0-4F89-${user}}`, ...more]),
        { header: null },
      ),
    },
    flags: "--no-header --user 1 --item 2 --time 3",
    events: events.map(({ user, ...more }) => ({ ...more, user: `{3F2504E0-4F89-${user}}` })),
  },
  {
    name: "a quote that closes in a later row",
    files: {
      "e.csv": table(
        rows.map((row, i) => [...row, i === 2 ? '"see' : i === 4 ? 'there"' : "note"]),
        { header: "user,item,time,note" },
      ),
    },
    // The two rows between the quotes are part of the note.
    events: events.filter((_, i) => i !== 3 && i !== 4),
    notes: /row 2, line 4: a quote .* 2 lines .*--no-quotes/,
  },
  {
    name: "quotes that close in later rows, many",
    files: {
      "e.csv": table(
        rows.flatMap((row) => [
          [...row, '"see'],
          [...row, 'there"'],
        ]),
        { header: "user,item,time,note" },
      ),
    },
    events: null,
    says: /row 0, line 2: a quote .* 24 lines .*--no-quotes/,
  },
  {
    name: "notes above the header",
    files: { "e.csv": `# exported on Monday\n${csv}` },
    events: null,
    says: /remove the lines above the header/,
  },
];
