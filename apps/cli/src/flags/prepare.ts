import { usageError } from "@kshot/contract";
import { type FlagsOf, optional, required, several, standard, standardWords } from "./flag.js";
import { commaList, decimal, seed, wholeNumber } from "./parsers.js";

/** Flags of `prepare`. */
export interface PrepareFlags {
  readonly input?: readonly string[];
  readonly out: string;
  readonly user: string;
  readonly item: string;
  readonly time: string;
  readonly timeUnit: "s" | "ms" | "us" | "ns";
  readonly session?: string;
  readonly sessionGap: number | null;
  readonly maxPrefix: number;
  readonly split: [number, number, number];
  readonly k: number;
  readonly q: number;
  readonly dataSeed: number;
  readonly campus?: string;
  readonly titles?: { file: string; id: string; name: string };
}

const gap = (input: string): number | null => (input === "none" ? null : wholeNumber(1)(input));

const shares = (input: string): [number, number, number] => {
  const values = commaList(decimal(), "three shares")(input);
  const sum = values.reduce((total, value) => total + value, 0);
  if (values.length !== 3 || values.some((value) => value <= 0) || Math.abs(sum - 1) > 1e-9) {
    throw usageError({
      found: `"${input}"`,
      expected: "three positive shares of people that add up to 1, as .8,.1,.1",
    });
  }
  return values as [number, number, number];
};

/** `FILE:id:name`; the last two colons count, so that a file name may hold one. */
const titles = (input: string): { file: string; id: string; name: string } => {
  const [, file, id, name] = /^(.+):([^:]+):([^:]+)$/.exec(input) ?? [];
  if (file === undefined || id === undefined || name === undefined)
    throw usageError({ found: `"${input}"`, expected: "FILE:id:name, a file and its two columns" });
  return { file, id, name };
};

export const prepareFlags: FlagsOf<PrepareFlags> = {
  input: several("FILE", String, "File of events: CSV, TSV, JSON lines or Parquet; text also as .gz"),
  out: required("DIR", String, "Data folder to write; one that kshot wrote is replaced"),
  user: standard("COLUMN", String, "user", "Column of the person"),
  item: standard("COLUMN", String, "item", "Column of the item"),
  time: standard(
    "COLUMN",
    String,
    "time",
    "Column of the time: text (UTC where it names no zone), or numbers since 1970",
  ),
  timeUnit: standardWords(["s", "ms", "us", "ns"], "s", "Unit of the numbers in the time column"),
  session: optional("COLUMN", String, "Column of the session", "an idle time ends a session"),
  sessionGap: standard(
    "SECONDS|none",
    gap,
    "1800",
    "Idle seconds that end a session; none: a person's whole history is one session",
  ),
  maxPrefix: standard("N", wholeNumber(), "50", "Largest number of items in a prefix, the last ones; 0: no limit"),
  split: standard("A,B,C", shares, ".8,.1,.1", "Shares of people for train, validation and test"),
  k: standard("N", wholeNumber(1), "5", "Support pairs per episode"),
  q: standard("N", wholeNumber(1), "10", "Query pairs per episode"),
  dataSeed: standard("N", seed, "42", "Seed of the split"),
  campus: optional("FILE", String, "campus.json of `synth`: the ideal observer can then take part in comparisons"),
  titles: optional("FILE:id:name", titles, "File of titles and its two columns"),
};
