import { type DataSet, usageError } from "@kshot/contract";
import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex } from "@noble/hashes/utils.js";
import { buildDataSet, type DataSetOptions } from "./build-data-set.js";
import { checkDataSetOptions } from "./check-data-set-options.js";
import { hashDataSet } from "./hash-data-set.js";
import { eventColumns, type ItemEvent } from "./item-event.js";
import { normalName } from "./normal-name.js";

/** Options of `dataSetOf`; the defaults are those of `prepare`. */
export interface DataSetOfOptions extends Partial<DataSetOptions> {
  /** Titles by item name; an item without one keeps its name. */
  readonly titles?: Readonly<Record<string, string>>;
}

/** The defaults of `prepare`. */
const defaults = { sessionGap: 1800, maxPrefix: 50, k: 5, q: 10, dataSeed: 42 } as const;

/**
 * Events in memory → a data set, equal to the one that `prepare` makes from a file with the same events in the same order. Runs
 * in a browser.
 *
 * @param events in any order; equal times keep the order of the list
 * @param options `k`, `q`, `sessionGap` (seconds, or null), `maxPrefix`, `split`, `dataSeed` and the filters, as in `DataSetOptions`
 * @returns the data set, with the same fingerprint as the same data in files
 * @throws `USAGE` for an invalid option or event; `DATA` if no person (in a split) has the K + Q pairs of an episode.
 * @example
 * ```js
 * import { dataSetOf } from "@kshot/episodes";
 *
 * // Ten people with five clicks each, one minute apart: four pairs each, eight people for training.
 * const events = Array.from({ length: 50 }, (_, i) => ({
 *   user: `u${Math.floor(i / 5)}`,
 *   item: "abcde"[i % 5],
 *   time: 1_700_000_000 + 60 * (i % 5),
 * }));
 * const data = dataSetOf(events, { k: 2, q: 2 });
 * console.log(data.items, data.train.pairs.length); // [ 'a', 'b', 'c', 'd', 'e' ] 32
 * ```
 */
export function dataSetOf(events: Iterable<ItemEvent>, options: DataSetOfOptions = {}): DataSet {
  const { titles, ...given } = options;
  const complete: DataSetOptions = { ...defaults, ...given };
  const columns = eventColumns(events);
  checkDataSetOptions(complete, columns.split !== undefined, (flag) =>
    flag.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase()),
  );
  if (columns.session && given.sessionGap !== undefined) {
    throw usageError({
      where: "sessionGap",
      found: `${given.sessionGap}, where the events name their sessions`,
      expected: "one way to end sessions",
    });
  }
  if (columns.item.length === 0) throw usageError({ where: "events", found: "none", expected: "at least one" });
  const built = buildDataSet(columns, complete, "events").data;
  const titleOf = new Map(Object.entries(titles ?? {}).map(([name, title]) => [normalName(name), title]));
  const data = titles ? { ...built, titles: built.items.map((item) => titleOf.get(item) ?? item) } : built;
  const hash = sha256.create();
  hashDataSet(data, hash);
  return { ...data, fingerprint: bytesToHex(hash.digest()) };
}
