import { usageError } from "@kshot/contract";
import { buildCommand } from "@stricli/core";
import { commaList, decimal, seed, wholeNumber, words } from "../parsers.js";

/** Flags of `prepare`, as they arrive in `run/prepare.ts`. */
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
  const match = /^(.+):([^:]+):([^:]+)$/.exec(input);
  if (!match) throw usageError({ found: `"${input}"`, expected: "FILE:id:name, a file and its two columns" });
  return { file: match[1]!, id: match[2]!, name: match[3]! };
};

export const prepareCommand = buildCommand<PrepareFlags, string[]>({
  loader: async () => (await import("../run/prepare.js")).runPrepare,
  parameters: {
    aliases: { k: "k", q: "q" },
    positional: { kind: "array", parameter: { parse: String, brief: "More files of events", placeholder: "FILE" } },
    flags: {
      input: {
        kind: "parsed",
        parse: String,
        variadic: true,
        optional: true,
        placeholder: "FILE",
        brief: "File of events: CSV, TSV, JSON lines or Parquet, text also as .gz; several may follow",
      },
      out: {
        kind: "parsed",
        parse: String,
        placeholder: "DIR",
        brief: "Data folder to write; one that kshot wrote is replaced",
      },
      user: { kind: "parsed", parse: String, default: "user", placeholder: "COLUMN", brief: "Column of the person" },
      item: { kind: "parsed", parse: String, default: "item", placeholder: "COLUMN", brief: "Column of the item" },
      time: {
        kind: "parsed",
        parse: String,
        default: "time",
        placeholder: "COLUMN",
        brief: "Column of the time: text (UTC where it names no zone), or numbers since 1970",
      },
      timeUnit: {
        ...words(["s", "ms", "us", "ns"]),
        default: "s",
        brief: "What numbers in the time column count",
      },
      session: {
        kind: "parsed",
        parse: String,
        optional: true,
        placeholder: "COLUMN",
        brief: "Column of the session; without it sessions are cut by idle time",
      },
      sessionGap: {
        kind: "parsed",
        parse: gap,
        default: "1800",
        placeholder: "SECONDS|none",
        brief: "Idle seconds that end a session; none: a person's whole history is one",
      },
      maxPrefix: {
        kind: "parsed",
        parse: wholeNumber(),
        default: "50",
        placeholder: "N",
        brief: "Items that a prefix keeps, its last; 0: all",
      },
      split: {
        kind: "parsed",
        parse: shares,
        default: ".8,.1,.1",
        placeholder: "A,B,C",
        brief: "Shares of people for train, validation, test",
      },
      k: { kind: "parsed", parse: wholeNumber(1), default: "5", placeholder: "N", brief: "Support pairs per episode" },
      q: { kind: "parsed", parse: wholeNumber(1), default: "10", placeholder: "N", brief: "Query pairs per episode" },
      dataSeed: { kind: "parsed", parse: seed, default: "42", placeholder: "N", brief: "Seed of the split" },
      campus: {
        kind: "parsed",
        parse: String,
        optional: true,
        placeholder: "FILE",
        brief: "campus.json of `synth`: lets the ideal observer take part in comparisons",
      },
      titles: {
        kind: "parsed",
        parse: titles,
        optional: true,
        placeholder: "FILE:id:name",
        brief: "File of titles and its two columns",
      },
    },
  },
  docs: {
    brief: "Turn files of events into a data folder",
    fullDescription: `Orders events by time, cuts sessions, makes (history → next) pairs and episodes, splits the people.

Examples
  kshot prepare --input events.csv --user user_id --item item_id --time created_at --out data
  kshot prepare --input events.csv --session-gap none --max-prefix 0 --split .6,.2,.2 --out data
  kshot prepare --input january.jsonl.gz february.parquet --time ts --time-unit ms --out data
  kshot prepare --input events.csv --titles items.csv:item_id:name --out data`,
  },
});
