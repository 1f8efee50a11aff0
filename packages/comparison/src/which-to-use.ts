import { pairedDifference, personMetrics, randomStream } from "@kshot/metrics";
import { algorithmTitle, algorithmTraits, isAlgorithm, isBound } from "./algorithms.js";
import { fewShotOf } from "./evaluations.js";
import { type ComparableResults, type Place, type Split, seedOf } from "./results.js";
import { figure, signed, splitTitles } from "./words.js";

/** The effort to train and serve a method, by kind: counts, a network, a network that adapts, a network and counts. */
const effort = { baseline: 0, supervised: 1, "fine-tuned": 2, "meta-learner": 2, hybrid: 3, bound: 4 } as const;

/**
 * Which method of a run to use, and why, in one sentence: the method with the highest MRR in the first window with the support
 * pairs, and its difference to the next one, paired by person. If that difference is not clear, also the least costly method that
 * is not clearly below.
 *
 * @returns null for fewer than two usable methods
 */
export function whichToUse(results: readonly ComparableResults[], { split }: { readonly split: Split }): string | null {
  const place: Place = { split, window: "first" };
  const methods = results
    .filter(({ algorithm }) => !isBound(algorithm))
    .flatMap((own) => {
      const evaluation = fewShotOf(own, place);
      if (evaluation === undefined) return [];
      const people = evaluation.people.queries.map((queries) => personMetrics(queries, own.data.items.length).mrr);
      const queries = evaluation.people.queries.map(({ length }) => length);
      return [{ algorithm: own.algorithm, mrr: evaluation.metrics.mrr.value, people, queries, seed: seedOf(own) }];
    })
    .sort((a, b) => b.mrr - a.mrr || costOf(a.algorithm) - costOf(b.algorithm));
  const [best, next] = methods;
  if (best === undefined || next === undefined) return null;
  const above = (other: typeof best) =>
    pairedDifference(
      { method: [best.people], reference: [other.people], queries: best.queries },
      randomStream(best.seed, "which to use"),
    );
  const lead = `Use ${algorithmTitle(best.algorithm)}: its MRR of ${figure(best.mrr)} is the highest on the ${best.people.length} ${splitTitles[split]}`;
  const interval = ({ value, low, high }: ReturnType<typeof above>) =>
    `${signed(value)} [${signed(low)}, ${signed(high)}]`;
  const difference = above(next);
  if (difference.low > 0) return `${lead}, ${interval(difference)} above ${algorithmTitle(next.algorithm)}, the next.`;
  const near = methods.slice(1).flatMap((other) => {
    const own = above(other);
    return own.low > 0 ? [] : [{ ...other, difference: own }];
  });
  const [cheapest] = near.sort((a, b) => costOf(a.algorithm) - costOf(b.algorithm) || b.mrr - a.mrr);
  if (cheapest === undefined) return `${lead}.`;
  const less = costOf(cheapest.algorithm) < costOf(best.algorithm) ? ", and costs less" : "";
  return `${lead}; ${algorithmTitle(cheapest.algorithm)} is not clearly below it (difference ${interval(cheapest.difference)})${less}.`;
}

function costOf(algorithm: string): number {
  return isAlgorithm(algorithm) ? effort[algorithmTraits[algorithm].kind] : 4;
}
