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
  readonly sessionGap: number | null;
  readonly maxPrefix: number;
  readonly split: [number, number, number];
  readonly splitTime?: [number, number, number];
  readonly splitBy?: string;
  readonly k: number;
  readonly q: number;
  readonly dataSeed: number;
  readonly campus?: string;
  readonly titles?: { file: string; id: string; name: string };
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

const threeShares = (input: string, expected: string, allowed: (shares: readonly number[]) => boolean) => {
  const values = commaList(decimal(), "three shares")(input);
  const sum = values.reduce((total, value) => total + value, 0);
  if (values.length !== 3 || !allowed(values) || Math.abs(sum - 1) > 1e-9) {
    throw usageError({ found: `"${input}"`, expected });
  }
  return values as [number, number, number];
};

const positive = (values: readonly number[]) => values.every((value) => value > 0);

const peopleShares = (input: string) => {
  const shares = threeShares(
    input,
    "three positive shares of people that add up to 1, as .8,.1,.1, or 1,0,0 to train on all people",
    (values) => values.every((value) => value >= 0),
  );
  const [train, ...kept] = shares;
  if (positive(shares) || train === 1) return shares;
  const nobody = [
    ...(train === 0 ? ["train on"] : []),
    ...(kept[0] === 0 ? ["choose the iteration by (validation)"] : []),
    ...(kept[1] === 0 ? ["evaluate on (test)"] : []),
  ];
  throw usageError({
    found: `"${input}", which leaves no people to ${nobody.join(", and none to ")}`,
    expected: "three positive shares, as .8,.1,.1, or 1,0,0 to train on all people",
    todo: "For a model from all data, find the number of iterations with --split .8,.1,.1, then prepare with --split 1,0,0 and give that number to train --iterations",
  });
};

const eventShares = (input: string) =>
  threeShares(input, "three positive shares of events that add up to 1, as .8,.1,.1", positive);

/** Text between fields: `\\t` is a tab. */
const separator = (input: string): string => {
  const text = input.replaceAll("\\t", "\t");
  const bytes = Buffer.byteLength(text);
  if (bytes >= 1 && bytes <= 4 && !/["\r\n]/.test(text)) return text;
  throw usageError({ found: `"${input}"`, expected: "1 to 4 bytes of text without quotes, as ; or :: or \\t" });
};

/** `FILE:id:name`, split at the last two colons, so that a file name can contain a colon. */
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
    "Events with the time of the one before: no pair, or a pair in their order",
  ),
  session: optional("COLUMN", String, "Column of the session", "an idle time ends a session"),
  sessionGap: standard(
    "SECONDS|none",
    sessionGap,
    "1800",
    "Idle seconds that end a session; none: a person's whole history is one session",
  ),
  maxPrefix: standard("N", wholeNumber(), "50", "Largest number of items in a prefix, the last ones; 0: no limit"),
  split: standard("A,B,C", peopleShares, ".8,.1,.1", "Shares of people for train, validation and test"),
  splitTime: optional("A,B,C", eventShares, "Split at two moments instead, by shares of the events in time order"),
  splitBy: optional("COLUMN", String, "Split as a column says instead: train, val or test"),
  k: standard("N", wholeNumber(1), "5", "Support pairs per episode"),
  q: standard("N", wholeNumber(1), "10", "Query pairs per episode"),
  dataSeed: standard("N", seed, "42", "Seed of the split"),
  campus: optional("FILE", String, "campus.json of `synth`: comparisons can then include the ideal observer"),
  titles: optional("FILE:id:name", titles, "File of titles and its two columns"),
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
