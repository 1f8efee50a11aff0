import { compactRows, placesOf } from "./compact-rows.js";
import { activeFeatures, fitWeights, type StackOptions } from "./fit-stack.js";
import { solve } from "./newton.js";
import { penalisedLoss } from "./stack-loss.js";
import type { Row } from "./stack-rows.js";

/** Options of an elimination. */
export interface EliminationOptions extends Pick<StackOptions, "l2" | "seenRule"> {
  /** Experts of the stack, of `experts`; if omitted, all. */
  readonly among?: readonly string[];
  /** The experts that may be left out. */
  readonly candidates: readonly string[];
  /** Largest growth of the loss by each expert left out, without those left out before it, in nats per row. */
  readonly mostGrowth: number;
}

/** An expert that a stack does not need. */
export interface LeftOutExpert {
  readonly name: string;
  /** Mean −log p of the labels without it and those left out before it, with the other weights fitted again. */
  readonly loss: number;
}

/**
 * Backward elimination: leaves experts out of a stack, one after another, while the fitted loss grows by at most `mostGrowth`.
 *
 * The next one is that whose loss is estimated to grow least, by w_e²/(2·(H⁻¹)_ee) with the weights w and the Hessian H of the fit; the other
 * weights are then fitted again, and the growth is measured. Hassibi & Stork 1993 (optimal brain surgeon).
 *
 * @param experts names, in the order of the rows' features
 * @returns the experts that stay, in their order, and those left out, in the order in which they were left out
 * @throws `USAGE` for no rows
 */
export function eliminateExperts(
  experts: readonly string[],
  rows: readonly Row[],
  { among = experts, candidates, mostGrowth, l2 = 1e-3, seenRule = true }: EliminationOptions,
): { readonly kept: readonly string[]; readonly leftOut: readonly LeftOutExpert[] } {
  let kept = among;
  const active = (own: readonly string[]) => activeFeatures(experts, own, seenRule);
  let fit = fitWeights(rows, active(kept), l2);
  const leftOut: LeftOutExpert[] = [];
  // An expert that is needed now stays: with fewer experts it is needed more.
  let tried = kept.filter((name) => candidates.includes(name));
  while (tried.length > 0 && kept.length > 1) {
    const growth = estimatedGrowth(rows, active(kept), fit.weights, l2);
    const least = Math.min(...tried.map((name) => growth[experts.indexOf(name)]!));
    const next = tried.find((name) => growth[experts.indexOf(name)] === least)!;
    tried = tried.filter((name) => name !== next);
    const others = kept.filter((name) => name !== next);
    const without = fitWeights(rows, active(others), l2, fit.weights);
    if (without.loss > fit.loss + mostGrowth) continue;
    leftOut.push({ name: next, loss: without.loss });
    kept = others;
    fit = without;
  }
  return { kept, leftOut };
}

/** By how much the penalised loss grows without each active weight, by its quadratic approximation at the minimum. */
function estimatedGrowth(rows: readonly Row[], active: readonly boolean[], weights: Float64Array, l2: number) {
  const used = placesOf(active);
  const n = used.length;
  const hessian = new Float64Array(n * n);
  const own = Float64Array.from(used, (f) => weights[f]!);
  penalisedLoss(compactRows(rows, active), own, l2, new Float64Array(n), hessian);
  const growth = new Float64Array(active.length);
  used.forEach((f, a) => {
    const unit = Float64Array.from(used, (_, b) => (a === b ? 1 : 0));
    growth[f] = own[a]! ** 2 / (2 * solve(hessian, unit, n)[a]!);
  });
  return growth;
}
