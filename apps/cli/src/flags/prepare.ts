import { usageError } from "@kshot/contract";
import { type FlagsOf, optional, optionalWords, required, several, standard, standardWords, toggle } from "./flag.js";
import { commaList, decimal, seed, sessionGap, wholeNumber } from "./parsers.js";

/** Flags of `prepare`. */
export interface PrepareFlags {
  readonly input?: readonly string[];
  readonly out: string;
  readonly user: string;
  readonly item: string;
  readonly time: string;
  readonly timeUnit?: "s" | "ms" | "us" | "ns";
  readonly timeFormat?: string;
  readonly order?: string;
  readonly ties: "drop" | "keep";
  readonly session?: string;
  readonly sessionGap?: number | "none";
  readonly maxPrefix: number;
  readonly split?: [number, number, number];
  readonly splitTime?: [number, number, number];
  readonly splitBy?: string;
  readonly k: number;
  readonly q: number;
  readonly dataSeed: number;
  readonly campus?: string;
  readonly titles?: { file: string; id: string; name: string };
  readonly titlesSep?: string;
  readonly titlesEncoding?: string;
  readonly noHeader: boolean;
  readonly noQuotes: boolean;
  readonly sep?: string;
  readonly encoding?: string;
  readonly null?: string[];
  readonly skipBad: number;
  readonly userFromFilename: boolean;
  readonly where?: string;
  readonly minEventsPerUser?: number;
  readonly minEventsPerItem?: number;
  readonly topItems?: number;
  readonly json: boolean;
}

const threeShares = (input: string) => {
  const values = commaList(decimal(), "three shares")(input);
  if (values.length !== 3) throw usageError({ found: `"${input}"`, expected: "three shares, as .8,.1,.1" });
  return values as [number, number, number];
};

/** Text between fields: `\\t` is a tab. */
const separator = (input: string): string => input.replaceAll("\\t", "\t");

/** `FILE:id:name`, split at the last two colons, because a file name can contain a colon. */
const titles = (input: string): { file: string; id: string; name: string } => {
  const [, file, id, name] = /^(.+):([^:]+):([^:]+)$/.exec(input) ?? [];
  if (file === undefined || id === undefined || name === undefined)
    throw usageError({ found: `"${input}"`, expected: "FILE:id:name, a file and its two columns" });
  return { file, id, name };
};

export const prepareFlags: FlagsOf<PrepareFlags> = {
  input: several(
    "FILE",
    String,
    "File, folder or pattern of events: CSV, TSV, JSON lines or Parquet; text also as .gz",
  ),
  out: required("DIR", String, "Data folder to write; one that kshot wrote is replaced"),
  user: standard("COLUMN", String, "user", "Column of the person"),
  item: standard("COLUMN", String, "item", "Column of the item"),
  time: standard(
    "COLUMN",
    String,
    "time",
    "Column of the time: text (UTC where it names no zone), or numbers since 1970",
  ),
  timeUnit: optionalWords(
    ["s", "ms", "us", "ns"],
    "Unit of the numbers in the time column",
    "recognised by their size",
  ),
  timeFormat: optional("STRPTIME", String, "Form of the times, as '%d/%m/%Y %H:%M'", "ISO 8601 or numbers"),
  order: optional("COLUMN", String, "Column that orders events of equal times", "their order in the files"),
  ties: standardWords(
    ["drop", "keep"],
    "drop",
    "Events with the same time as the previous event: drop makes no pair, keep makes a pair in their order",
  ),
  session: optional("COLUMN", String, "Column of the session", "an idle time ends a session"),
  sessionGap: optional(
    "SECONDS|none",
    (input): number | "none" => sessionGap(input) ?? "none",
    "Idle seconds that end a session; none: a person's whole history is one session",
    "1800",
  ),
  maxPrefix: standard("N", wholeNumber(), "50", "Largest number of items in a prefix, the last ones; 0: no limit"),
  split: optional(
    "A,B,C",
    threeShares,
    "Shares of people for train, validation and test; 1,0,0: all train",
    ".8,.1,.1",
  ),
  splitTime: optional("A,B,C", threeShares, "Split at two moments instead, by shares of the events in time order"),
  splitBy: optional("COLUMN", String, "Split by a column instead: train, val or test"),
  k: standard("N", wholeNumber(1), "5", "Support pairs per episode"),
  q: standard("N", wholeNumber(1), "10", "Query pairs per episode"),
  dataSeed: standard("N", seed, "42", "Seed of the split"),
  campus: optional("FILE", String, "campus.json of `synth`: comparisons can then include the ideal observer"),
  titles: optional("FILE:id:name", titles, "File of titles and its two columns, by name or by number from 1"),
  titlesSep: optional("TEXT", separator, "Text between two fields of the file of titles", "found in its first lines"),
  titlesEncoding: optional("NAME", String, "Encoding of the file of titles", "utf-8, else as --encoding"),
  noHeader: toggle("Text files have no header line; columns are numbers from 1"),
  noQuotes: toggle('Quotes (") in text files are part of the text, as in many TSV files'),
  sep: optional("TEXT", separator, "Text between two fields", "the most frequent one in the header"),
  encoding: optional("NAME", String, "Encoding of text files, as latin-1 or utf-16", "utf-8"),
  null: optional("LIST", commaList(String, "texts"), "Texts that mean a missing value, as NA,NaN,null"),
  skipBad: standard("N", wholeNumber(), "0", "Number of bad rows that may be skipped"),
  userFromFilename: toggle("The name of a file, without its endings, is the person"),
  where: optional("SQL", String, "Keep rows for which an expression over their columns is true, as 'rating >= 4'"),
  minEventsPerUser: optional("N", wholeNumber(1), "Keep people with at least N events (k-core)"),
  minEventsPerItem: optional("N", wholeNumber(1), "Keep items with at least N events (k-core)"),
  topItems: optional("N", wholeNumber(1), "Keep the N items with the most events"),
  json: toggle("Print the summary as JSON"),
};
