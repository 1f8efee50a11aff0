import { seenFeatures } from "@kshot/baselines";
import { type DataSet, entryAt, type ParameterVector, type RankedQuery } from "@kshot/contract";
import { overallMetrics, rankOf } from "@kshot/metrics";
import { type CountOffsetsSource, countOffsets, logSumExp } from "@kshot/recommend";
import { evenlySpaced, type NetworkInUse, networkScorer } from "../evaluation/index.js";
import { stackPeople } from "./stack-people.js";
import type { ValidationMetrics } from "./training-state.js";

/** Values of offsets in memory, single precision: 128 MB. */
const mostValues = 2 ** 25;

/**
 * Validation of a network on the scores of counts: the mean −log p of the validation people's labels by softmax(scores + offsets).
 * The people are those on whom a stack's weights are fitted (`stackPeople`); their offsets are computed once.
 */
export function offsetValidation(
  data: DataSet,
  offsets: CountOffsetsSource,
): (
  network: Pick<NetworkInUse, "engine" | "alpha" | "rules"> & { readonly steps: number },
  theta: ParameterVector,
) => Promise<{ readonly score: number; readonly metrics: ValidationMetrics }> {
  const nItems = data.items.length;
  const all = stackPeople(data);
  const queries = all.reduce((sum, { query }) => sum + query.sequences.length, 0);
  const most = Math.floor((all.length * mostValues) / (Math.max(1, queries) * nItems));
  const people = evenlySpaced(all.length, Math.max(1, most)).map((p) => {
    const { support, query } = entryAt(all, p);
    return { support, query, offsets: countOffsets(offsets, query, support) };
  });
  return async ({ steps, ...network }, theta) => {
    const scorer = networkScorer({ ...network, theta, offsets });
    let loss = 0;
    const ranked: RankedQuery[][] = [];
    for (let first = 0; first < people.length; first += scorer.peopleAtOnce) {
      const some = people.slice(first, first + scorer.peopleAtOnce);
      const scores = entryAt(await scorer.scores(some, [steps]), 0);
      for (const [p, { support, query, offsets: own }] of some.entries()) {
        const { values } = entryAt(scores, p);
        const sums = Float64Array.from(values, (value, i) => value + entryAt(own, i));
        ranked.push(
          query.sequences.map((history, row) => {
            const label = entryAt(query.labels, row);
            const scored = sums.subarray(row * nItems, (row + 1) * nItems);
            loss += logSumExp(scored) - entryAt(scored, label);
            return { label, seen: seenFeatures(history, support).items.includes(label), ...rankOf(scored, label) };
          }),
        );
      }
    }
    const count = ranked.reduce((sum, own) => sum + own.length, 0);
    return { score: -loss / count, metrics: overallMetrics(ranked, nItems) };
  };
}
