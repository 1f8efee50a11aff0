import { failedError } from "@kshot/contract";
import type { Results } from "@kshot/contract/schemas";

/** A try and its rank's criterion. */
export interface RankedTry {
  /** Its index in the input. */
  readonly index: number;
  /** Mean over seeds of the few-shot validation MRR in the `first` window, 0 … 1. */
  readonly mrr: number;
}

/**
 * Tries by validation MRR, the best first, among equals the earlier first. Test people are not used.
 *
 * @param tries - the results of each try, one for every seed
 * @throws `FAILED` for results without validation people.
 */
export function ranking(tries: readonly (readonly Results[])[]): RankedTry[] {
  return tries
    .map((seeds, index) => ({
      index,
      mrr: seeds.reduce((sum, results) => sum + validationMrr(results), 0) / seeds.length,
    }))
    .sort((a, b) => b.mrr - a.mrr || a.index - b.index);
}

function validationMrr({ algorithm, evaluations, k }: Results): number {
  const own = evaluations.filter((one) => one.split === "val" && one.window === "first" && one.k === k);
  const most = Math.max(...own.map(({ steps }) => steps));
  const found = own.find(({ steps }) => steps === most);
  if (found !== undefined) return found.metrics.mrr.value;
  throw failedError({
    where: `a try of ${algorithm}`,
    found: "results without validation people",
    expected: "results with evaluation_split val, by which the best try is chosen",
  });
}
