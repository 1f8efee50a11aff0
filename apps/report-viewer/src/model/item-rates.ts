import type { NamedResults } from "@kshot/comparison";

/** Mean inner rate of every item's row in one tensor, and the items in parts of about equal size by their train pairs. */
export interface ItemRates {
  /** The tensor's name in words. */
  readonly name: string;
  /** Number of train pairs with the item as their label, `[items]`. */
  readonly counts: readonly number[];
  /** Mean α of the item's row, `[items]`. */
  readonly rates: readonly number[];
  /** From the rarest to the most frequent items. */
  readonly bins: readonly {
    readonly items: number;
    /** Median number of train pairs. */
    readonly count: number;
    readonly median: number;
    /** 25 and 75 % quantiles of the rates. */
    readonly low: number;
    readonly high: number;
  }[];
}

const tensors = { "embedding.weight": "Item embeddings", "fc.weight": "Output layer" } as const;

/** Largest number of parts. */
const mostBins = 12;

/** Rates by item frequency; empty if the results hold no numbers of train pairs, no rates of items, or only equal rates. */
export function itemRates({ results }: Pick<NamedResults, "results">): ItemRates[] {
  const { trainPairs, items } = results.data;
  if (trainPairs === undefined || trainPairs.length !== items.length) return [];
  return Object.entries(tensors).flatMap(([tensor, name]): ItemRates[] => {
    const matrix = results.alpha[tensor]?.matrix;
    if (matrix === undefined || matrix.length !== items.length) return [];
    const rates = matrix.map((row) => row.reduce((sum, rate) => sum + rate, 0) / Math.max(1, row.length));
    if (rates.every((rate) => rate === rates[0])) return [];
    return [{ name, counts: trainPairs, rates, bins: binsOf(trainPairs, rates) }];
  });
}

/** Parts of about equal size; items of equal frequency are in one part. */
function binsOf(counts: readonly number[], rates: readonly number[]): ItemRates["bins"] {
  const order = rates.map((_, item) => item).sort((a, b) => (counts[a] ?? 0) - (counts[b] ?? 0) || a - b);
  const size = Math.max(1, Math.ceil(order.length / mostBins));
  const parts: number[][] = [];
  for (const item of order) {
    const part = parts.at(-1);
    const joins = part !== undefined && (part.length < size || counts[part.at(-1) ?? 0] === counts[item]);
    if (joins) part.push(item);
    else parts.push([item]);
  }
  return parts.map((part) => {
    const sorted = part.map((item) => rates[item] ?? 0).sort((a, b) => a - b);
    const at = (share: number) => sorted[Math.round(share * (sorted.length - 1))] ?? 0;
    const middle = part[Math.floor((part.length - 1) / 2)] ?? 0;
    return { items: part.length, count: counts[middle] ?? 0, median: at(0.5), low: at(0.25), high: at(0.75) };
  });
}
