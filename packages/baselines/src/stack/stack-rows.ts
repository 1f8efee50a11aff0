import { usageError } from "@kshot/contract";
import { uniformInt } from "pure-rand/distribution/uniformInt";
import type { RandomGenerator } from "pure-rand/types/RandomGenerator";
import { type SeenFeatures, seenFeatureNames } from "./seen-features.js";

/** A validation query as input of a stack. */
export interface StackExample {
  /** log pₑ of each expert, each `[nItems]`; read immediately and not stored. */
  readonly logProbabilities: readonly ArrayLike<number>[];
  readonly seen: SeenFeatures;
  /** The last item of the query's prefix. */
  readonly last: number;
  /** The item that came next. */
  readonly label: number;
}

/** Options of the conversion of a query to a row. */
export interface RowOptions {
  /** Whether an item may follow itself. Default false. */
  readonly repeats?: boolean;
  /** Number of items per query that enter the normaliser one by one; the rest is sampled. Default 4,000. */
  readonly mostItems?: number;
  /** Draws the sample; needed only for more items than `mostItems`. Advanced. */
  readonly random?: RandomGenerator;
}

/** Features of the items in an example's normaliser. */
export interface Row {
  /** `[items, features]` */
  readonly features: Float32Array | Float64Array;
  /** log of the number of items that each one represents, `[items]`. */
  readonly logCount: Float64Array;
  /** The row of the label. */
  readonly label: number;
}

/**
 * Features of the items in the normaliser of one query. Stored in single precision: rows are most of the memory of a fit.
 *
 * @param experts names, in the order of the example's `logProbabilities`
 * @throws `USAGE` for another number of experts, or more items than `mostItems` without a random generator
 */
export function stackRow(experts: readonly string[], example: StackExample, options: RowOptions = {}): Row {
  const { logProbabilities, seen, last, label } = example;
  const { repeats = false, mostItems = 4000, random } = options;
  if (logProbabilities.length !== experts.length) {
    throw usageError({
      where: "stack, example",
      found: `${logProbabilities.length} experts`,
      expected: `${experts.length}: ${experts.join(", ")}`,
    });
  }
  const nFeatures = experts.length + seenFeatureNames.length;
  const nItems = logProbabilities[0]!.length;
  const { items, logCount } = normaliserItems(logProbabilities, seen, label, nItems, mostItems, random);
  const kept = repeats || label === last ? items : items.filter((item) => item !== last);
  const counts = repeats || label === last ? logCount : logCount.filter((_, i) => items[i] !== last);
  const features = new Float32Array(kept.length * nFeatures);
  const seenRow = new Map(Array.from(seen.items, (item, row) => [item, row]));
  kept.forEach((item, i) => {
    logProbabilities.forEach((expert, e) => {
      features[i * nFeatures + e] = expert[item]!;
    });
    const row = seenRow.get(item);
    if (row === undefined) return;
    for (let f = 0; f < 3; f++) {
      features[i * nFeatures + logProbabilities.length + f] = seen.values[3 * row + f]!;
    }
  });
  return { features, logCount: Float64Array.from(counts), label: kept.indexOf(label) };
}

/** The items of the normaliser, and the log of the number of items that each represents. */
function normaliserItems(
  logProbabilities: readonly ArrayLike<number>[],
  seen: SeenFeatures,
  label: number,
  nItems: number,
  mostItems: number,
  random: RandomGenerator | undefined,
): { items: number[]; logCount: number[] } {
  if (nItems <= mostItems) {
    return { items: Array.from({ length: nItems }, (_, i) => i), logCount: new Array(nItems).fill(0) };
  }
  if (random === undefined) {
    throw usageError({
      where: "stack, random",
      found: `nothing, with ${nItems} items`,
      expected: `a random generator above ${mostItems} items`,
    });
  }
  const own = new Set<number>([label, ...seen.items]);
  const best = Math.floor(mostItems / (2 * logProbabilities.length));
  for (const expert of logProbabilities) for (const item of greatest(expert, best)) own.add(item);
  const sample = new Set<number>();
  const wanted = Math.min(mostItems - Math.min(own.size, mostItems - 1), nItems - own.size);
  while (sample.size < wanted) {
    const item = uniformInt(random, 0, nItems - 1);
    if (!own.has(item)) sample.add(item);
  }
  const rest = Math.log((nItems - own.size) / sample.size);
  return {
    items: [...own, ...sample],
    logCount: [...new Array(own.size).fill(0), ...new Array(sample.size).fill(rest)],
  };
}

/** The items with the largest values, `count` of them or a few more if they tie. */
function greatest(values: ArrayLike<number>, count: number): number[] {
  const sorted = Float64Array.from(values).sort();
  const limit = sorted[sorted.length - count]!;
  const items: number[] = [];
  for (let i = 0; i < values.length && items.length < count; i++) if (values[i]! > limit) items.push(i);
  for (let i = 0; i < values.length && items.length < count; i++) if (values[i] === limit) items.push(i);
  return items;
}
