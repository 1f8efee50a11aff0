import { dataError, type PairTable, usageError } from "@kshot/contract";
import { labelShares } from "./back-off.js";
import { tensorOf } from "./count-models/count-model.js";
import { sparseRows } from "./counts/sparse-rows.js";
import { labelCounts } from "./label-counts.js";
import { defineScorer, type StoredScorer } from "./stored-scorer.js";

/**
 * First-order Markov chain with back-off to popularity.
 *
 * With `c(a, b)` the number of train pairs whose prefix ends in a and whose label is b, `p(b) = Σ_a c(a, b)` and a the last item
 * of the query's prefix: `score(b) = c(a, b)` if it is positive, otherwise `p(b)/(1 + Σ p)`, which is in [0, 1). Items that
 * followed a therefore come first, by their counts; all others come next, by popularity. If a never had a successor, the ranking
 * is by popularity. Items that followed a equally often stay tied: popularity does not predict which of them follows. Items that
 * were never a label are tied at 0.
 *
 * @throws `USAGE` for an `nItems` that is not a positive integer and for a query whose prefix is empty or ends outside the
 * vocabulary, `DATA` for a train pair with an empty prefix or an item outside the vocabulary.
 * @example
 * ```js
 * import { markov } from "@kshot/baselines";
 *
 * // Three pairs of one person: [0] → 1, [0, 1] → 2, [3] → 1.
 * const train = {
 *   length: 3,
 *   pairId: Int32Array.of(0, 1, 2),
 *   users: ["ada"],
 *   user: Int32Array.of(0, 0, 0),
 *   sessions: ["ada-0"],
 *   session: Int32Array.of(0, 0, 0),
 *   prefixOffsets: Int32Array.of(0, 1, 3, 4),
 *   prefixItems: Int32Array.of(0, 0, 1, 3),
 *   label: Int32Array.of(1, 2, 1),
 *   labelTime: Float64Array.of(10, 20, 30),
 * };
 * console.log(markov(train, 4).scores([3, 0], null)); // Float64Array(4) [ 0, 1, 0.25, 0 ]
 * ```
 */
export function markov(train: PairTable, nItems: number): StoredScorer {
  const popularity = Int32Array.from(labelCounts(train, nItems));
  return openMarkov({ popularity, ...transitionCounts(train, nItems) }, nItems);
}

/** The first-order chain from its tensors. */
export const openMarkov = defineScorer("markov", (tensors, nItems) => {
  const backOff = labelShares(tensorOf(tensors, "popularity", "markov"));
  const offsets = tensorOf(tensors, "offsets", "markov");
  const labels = tensorOf(tensors, "labels", "markov");
  const counts = tensorOf(tensors, "counts", "markov");
  return (query) => {
    const last = query[query.length - 1];
    if (last === undefined || !(last >= 0 && last < nItems)) {
      throw usageError({
        where: "markov, query prefix",
        found: last === undefined ? "no items" : `item ${last} at its end`,
        expected: `at least one item, each from 0 to ${nItems - 1}`,
      });
    }
    const scores = backOff.slice();
    for (let i = offsets[last]!; i < offsets[last + 1]!; i++) scores[labels[i]!] = counts[i]!;
    return scores;
  };
});

/** Number of times each label followed each last item of a prefix; sparse, because most items never follow each other. */
function transitionCounts(train: PairTable, nItems: number) {
  const keys = new Float64Array(train.length);
  for (let row = 0; row < train.length; row++) {
    const end = train.prefixOffsets[row + 1]!;
    if (end <= train.prefixOffsets[row]!) {
      throw dataError({
        where: `train pairs, column prefix, row ${row}`,
        found: "an empty prefix",
        expected: "one item or more",
      });
    }
    const last = train.prefixItems[end - 1]!;
    if (!(last >= 0 && last < nItems)) {
      throw dataError({
        where: `train pairs, column prefix, row ${row}`,
        found: `item ${last}`,
        expected: `0 to ${nItems - 1}`,
      });
    }
    keys[row] = last * nItems + train.label[row]!;
  }
  const { offsets, columns, values } = sparseRows(keys, nItems, nItems);
  return { offsets, labels: columns, counts: Int32Array.from(values) };
}
