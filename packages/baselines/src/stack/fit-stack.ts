import { usageError } from "@kshot/contract";
import { compactRows, placesOf } from "./compact-rows.js";
import { newton } from "./newton.js";
import { seenFeatureNames } from "./seen-features.js";
import type { StackWeights } from "./stack.js";
import { penalisedLoss } from "./stack-loss.js";
import { type Row, type RowOptions, type StackExample, stackRow } from "./stack-rows.js";

/** Options of a fit. */
export interface StackOptions extends RowOptions {
  /** λ of the penalty λ/2·‖w‖². Default 0.001. */
  readonly l2?: number;
  /** Whether the seen features have weights; otherwise they are 0. Default true. */
  readonly seenRule?: boolean;
  /** Whether the weights are fitted again without each expert, for its share. Default true. */
  readonly withShares?: boolean;
}

/** The value of a weight on the validation pairs. */
export interface ExpertShare {
  readonly name: string;
  readonly weight: number;
  /** Mean −log p of the label when the others are fitted without it; null for the only expert. */
  readonly lossWithout: number | null;
}

/** A fitted stack. */
export interface FittedStack extends StackWeights {
  /** Mean −log p of the validation labels, without the penalty. */
  readonly loss: number;
  /** Validation pairs. */
  readonly examples: number;
  /** One per expert, then one for the seen features as a whole; none without `withShares`. */
  readonly shares: readonly ExpertShare[];
}

/**
 * Fits a stack's weights by maximum likelihood on validation pairs:
 *
 *     min_w  mean −log softmax(Σₑ wₑ·log pₑ + w·seen)[label] + λ/2·‖w‖²
 *
 * It is strictly convex and minimised by Newton's method from equal weights 1/experts. The pairs should be those of people whom
 * the experts did not count, after their support, in the setting of the later use. With more than `mostItems` items the
 * normaliser consists of the label, the best items of each expert and the seen items, one by one, and a uniform sample for all
 * others. Wolpert 1992 (stacking); Hinton 2002 (products of experts).
 *
 * @param experts names, in the order of each example's `logProbabilities`
 * @throws `USAGE` for no examples, or an example whose number of experts differs
 */
export function fitStack(
  experts: readonly string[],
  examples: Iterable<StackExample>,
  options: StackOptions = {},
): FittedStack {
  return fitRows(
    experts,
    Array.from(examples, (example) => stackRow(experts, example, options)),
    options,
  );
}

/**
 * `fitStack` on existing rows.
 *
 * @param experts names, in the order of the rows' features
 * @param options also `among`: the experts that take part; if omitted, all
 * @throws `USAGE` for no rows
 */
export function fitRows(
  experts: readonly string[],
  rows: readonly Row[],
  options: StackOptions & { among?: readonly string[] } = {},
): FittedStack {
  const { l2 = 1e-3, repeats = false, seenRule = true, withShares = true, among = experts } = options;
  const everything = activeFeatures(experts, among, seenRule);
  const { weights, loss } = fitWeights(rows, everything, l2);
  const place = (name: string) => experts.indexOf(name);
  const own = [...among.map((name) => weights[place(name)]!), ...weights.subarray(experts.length)];
  const fitted = { experts: among, weights: own, repeats, loss, examples: rows.length };
  if (!withShares) return { ...fitted, shares: [] };
  const without = (left: (feature: number) => boolean) =>
    fitWeights(
      rows,
      everything.map((active, f) => active && !left(f)),
      l2,
      weights,
    ).loss;
  const shares = among.map(
    (name): ExpertShare => ({
      name,
      weight: weights[place(name)]!,
      lossWithout: among.length === 1 ? null : without((f) => f === place(name)),
    }),
  );
  if (seenRule) {
    const weight = weights[experts.length]!;
    shares.push({ name: seenFeatureNames.join(", "), weight, lossWithout: without((f) => f >= experts.length) });
  }
  return { ...fitted, shares };
}

/** The features with a weight: the experts `among`, and those of the seen items. `[experts + 3]` */
export function activeFeatures(experts: readonly string[], among: readonly string[], seenRule: boolean): boolean[] {
  return [...experts.map((name) => among.includes(name)), ...seenFeatureNames.map(() => seenRule)];
}

/** Equal weights 1/experts of the active experts, and 0 of the other features. */
function equalWeights(active: readonly boolean[]): Float64Array {
  const isExpert = (f: number) => active[f]! && f < active.length - seenFeatureNames.length;
  const experts = active.filter((_, f) => isExpert(f)).length;
  return Float64Array.from(active, (_, f) => (isExpert(f) ? 1 / experts : 0));
}

/** Fits the active weights from `start`, or from equal ones; the others are 0. @throws `USAGE` for no rows */
export function fitWeights(rows: readonly Row[], active: readonly boolean[], l2: number, start = equalWeights(active)) {
  if (rows.length === 0) {
    throw usageError({
      where: "stack",
      found: "no validation pairs",
      expected: "at least one",
      todo: "Prepare data whose validation people have more than K pairs",
    });
  }
  const used = placesOf(active);
  const own = compactRows(rows, active);
  const minimum = newton(
    (at, gradient, hessian) => penalisedLoss(own, at, l2, gradient, hessian),
    Float64Array.from(used, (f) => start[f]!),
  );
  const weights = new Float64Array(active.length);
  used.forEach((f, i) => void (weights[f] = minimum.at[i]!));
  const penalty = minimum.at.reduce((sum, w) => sum + (l2 / 2) * w * w, 0);
  return { weights, loss: minimum.value - penalty };
}
