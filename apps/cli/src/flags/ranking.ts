import { type FlagsOf, optional, optionalWords, required, standard, standardWords, toggle } from "./flag.js";
import { sessionGap, wholeNumber } from "./parsers.js";

/** Flags for reading files of events of many people. */
export interface EventColumnFlags {
  readonly user: string;
  readonly item: string;
  readonly time: string;
  readonly timeUnit?: "s" | "ms" | "us" | "ns";
  readonly timeFormat?: string;
  readonly sessionGap: number | null;
}

/** Flags that choose the ranked items. */
export interface RankingFlags {
  readonly top: number;
  readonly newOnly: boolean;
  readonly unknown: "refuse" | "skip";
  readonly among?: string;
  readonly exclude?: string;
}

/** The flag `--model` of commands that rank items. */
export const rankingModel = required(
  "FILE|RUN",
  String,
  "A model's .safetensors; or a run's folder, for its model of the best validation MRR",
);

/**
 * Definitions of the flags for files of events.
 *
 * @param of - text after a column's description, as " in --events"
 */
export function eventColumnFlags(of = ""): FlagsOf<EventColumnFlags> {
  const session = of === "" ? "" : " of --events";
  return {
    user: standard("COLUMN", String, "user", `Column of the person${of}`),
    item: standard("COLUMN", String, "item", `Column of the item${of}`),
    time: standard("COLUMN", String, "time", `Column of the time${of}`),
    timeUnit: optionalWords(
      ["s", "ms", "us", "ns"],
      "Unit of the numbers in the time column",
      "recognised by their size",
    ),
    timeFormat: optional("STRPTIME", String, "Form of the times, as '%d/%m/%Y %H:%M'", "ISO 8601 or numbers"),
    sessionGap: standard(
      "SECONDS|none",
      sessionGap,
      "1800",
      `Idle seconds that end a session${session}, as in prepare`,
    ),
  };
}

/** Definitions of the flags of a ranking; `unknown` is the default of `--unknown`. */
export function rankingFlags(unknown: "refuse" | "skip"): FlagsOf<RankingFlags> {
  return {
    top: standard("N", wholeNumber(1), "10", "Number of items"),
    newOnly: toggle("Leave out items of the history"),
    unknown: standardWords(["refuse", "skip"], unknown, "Treatment of items that the model does not know"),
    among: optional("FILE", String, "Rank only these items: a JSON list, or text with one item per line", "all items"),
    exclude: optional("FILE", String, "Leave out these items: a JSON list, or text with one item per line", "none"),
  };
}
