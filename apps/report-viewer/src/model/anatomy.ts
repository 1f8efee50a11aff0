import { type NamedResults, tensorGroups } from "@kshot/comparison";
import type { MetricName } from "@kshot/contract";
import type { AdaptingGroup } from "@kshot/contract/schemas";
import type { Anatomy, AnatomyBlock } from "../figures/anatomy.js";

const blocks: readonly { readonly group: AdaptingGroup; readonly title: string }[] = [
  { group: "embedding", title: "Embeddings" },
  { group: "gru", title: "GRU" },
  { group: "gru-biases", title: "its biases" },
  { group: "head", title: "Output layer" },
  { group: "output-bias", title: "its bias" },
];

/** The network's parts with their median rates, and with the gain of each part alone if the results contain it. */
export function anatomyOf({ results }: Pick<NamedResults, "results">, metric: MetricName): Anatomy {
  const { alpha, ablation } = results;
  const gain = (group: string) => {
    const [with_, without] = [ablation?.[group]?.[metric], ablation?.none?.[metric]];
    return with_ === undefined || without === undefined ? null : with_ - without;
  };
  return {
    all: gain("all"),
    blocks: blocks.flatMap(({ group, title }): AnatomyBlock[] => {
      const own = Object.entries(alpha).filter(([tensor]) => tensorGroups[group](tensor));
      const rates = own.reduce((sum, [, { shape }]) => sum + shape.reduce((product, size) => product * size, 1), 0);
      return rates === 0
        ? []
        : [{ group, title, rates, median: medianOf(own.map(([, one]) => one)), gain: gain(group) }];
    }),
  };
}

/** The median of all rates: exact where the file holds them, otherwise the middle of the histogram's bin. */
function medianOf(tensors: readonly NamedResults["results"]["alpha"][string][]): number | null {
  const weighted = tensors.flatMap(({ matrix, histogram: { edges, counts } }): (readonly [number, number])[] =>
    matrix !== undefined
      ? matrix.flatMap((row) => row.map((rate) => [rate, 1] as const))
      : counts.map((count, bin) => [((edges[bin] ?? 0) + (edges[bin + 1] ?? 0)) / 2, count] as const),
  );
  const sorted = weighted.filter(([, count]) => count > 0).sort(([a], [b]) => a - b);
  const total = sorted.reduce((sum, [, count]) => sum + count, 0);
  let below = 0;
  for (const [rate, count] of sorted) {
    below += count;
    if (2 * below >= total) return rate;
  }
  return null;
}
