import { usageError } from "@kshot/contract";
import { uniformInt } from "pure-rand/distribution/uniformInt";
import type { RandomGenerator } from "pure-rand/types/RandomGenerator";
import { newton } from "./newton.js";
import { type SeenFeatures, seenFeatureNames } from "./seen-features.js";
import type { StackWeights } from "./stack.js";

/** A validation query as the stack reads it. */
export interface StackExample {
  /** log pₑ of each expert, each `[nItems]`; read at once, not kept. */
  readonly logProbabilities: readonly ArrayLike<number>[];
  readonly seen: SeenFeatures;
  /** The last item of the query's prefix. */
  readonly last: number;
  /** The item that came next. */
  readonly label: number;
}

/** How a stack is fitted. */
export interface StackOptions {
  /** λ of the penalty λ/2·‖w‖². Default 0.001. */
  readonly l2?: number;
  /** Whether an item may follow itself. Default false. */
  readonly repeats?: boolean;
  /** Whether the seen features have weights; otherwise they are 0. Default true. */
  readonly seenRule?: boolean;
  /** Items per query that enter the normaliser one by one; above it the rest is sampled. Default 4,000. */
  readonly mostItems?: number;
  /** Draws the sample; needed only for more items than `mostItems`. Advanced. */
  readonly random?: RandomGenerator;
}

/** What a weight is worth on the validation pairs. */
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
  /** One per expert, then one for the seen features as a whole. */
  readonly shares: readonly ExpertShare[];
}

/**
 * Fits a stack's weights by maximum likelihood on validation pairs:
 *
 *     min_w  mean −log softmax(Σₑ wₑ·log pₑ + w·seen)[label] + λ/2·‖w‖²
 *
 * which is strictly convex; minimised by Newton's method from equal weights 1/experts. The pairs should be those of people whom the experts did not count,
 * after their support, in the setting in which the stack will serve. With more than `mostItems` items the normaliser is the label, the
 * best items of each expert and the seen items, one by one, and a uniform sample that stands for all others. Wolpert 1992 (stacking);
 * Hinton 2002 (products of experts).
 *
 * @param experts names, in the order of each example's `logProbabilities`
 * @throws `USAGE` for no examples, or an example whose number of experts differs
 */
export function fitStack(
  experts: readonly string[],
  examples: Iterable<StackExample>,
  { l2 = 1e-3, repeats = false, seenRule = true, mostItems = 4000, random }: StackOptions = {},
): FittedStack {
  const nFeatures = experts.length + seenFeatureNames.length;
  const rows: Row[] = [];
  for (const example of examples) {
    if (example.logProbabilities.length !== experts.length) {
      throw usageError({
        where: `stack, example ${rows.length}`,
        found: `${example.logProbabilities.length} experts`,
        expected: `${experts.length}: ${experts.join(", ")}`,
      });
    }
    rows.push(featureRow(example, nFeatures, repeats, mostItems, random));
  }
  if (rows.length === 0) {
    throw usageError({
      where: "stack",
      found: "no validation pairs",
      expected: "at least one",
      todo: "Prepare data whose validation people have more than K pairs",
    });
  }
  const everything = Array.from({ length: nFeatures }, (_, f) => f < experts.length || seenRule);
  const start = Float64Array.from({ length: nFeatures }, (_, f) => (f < experts.length ? 1 / experts.length : 0));
  const { weights, loss } = fitWeights(rows, everything, l2, start);
  const fit = (active: readonly boolean[]) => fitWeights(rows, active, l2, weights);
  const without = (left: (feature: number) => boolean) => fit(everything.map((active, f) => active && !left(f))).loss;
  const shares = experts.map(
    (name, e): ExpertShare => ({
      name,
      weight: weights[e] as number,
      lossWithout: experts.length === 1 ? null : without((f) => f === e),
    }),
  );
  if (seenRule) {
    const weight = weights[experts.length] as number;
    shares.push({ name: seenFeatureNames.join(", "), weight, lossWithout: without((f) => f >= experts.length) });
  }
  return { experts, weights: [...weights], repeats, loss, examples: rows.length, shares };
}

/** Features of the items in an example's normaliser. */
export interface Row {
  /** `[items, features]` */
  readonly features: Float32Array | Float64Array;
  /** log of how many items each one stands for, `[items]`. */
  readonly logCount: Float64Array;
  /** The row of the label. */
  readonly label: number;
}

function featureRow(
  { logProbabilities, seen, last, label }: StackExample,
  nFeatures: number,
  repeats: boolean,
  mostItems: number,
  random: RandomGenerator | undefined,
): Row {
  const nItems = (logProbabilities[0] as ArrayLike<number>).length;
  const { items, logCount } = normaliserItems(logProbabilities, seen, label, nItems, mostItems, random);
  const kept = repeats || label === last ? items : items.filter((item) => item !== last);
  const counts = repeats || label === last ? logCount : logCount.filter((_, i) => items[i] !== last);
  const features = new Float64Array(kept.length * nFeatures);
  const seenRow = new Map(Array.from(seen.items, (item, row) => [item, row]));
  kept.forEach((item, i) => {
    logProbabilities.forEach((expert, e) => {
      features[i * nFeatures + e] = expert[item] as number;
    });
    const row = seenRow.get(item);
    if (row === undefined) return;
    for (let f = 0; f < 3; f++) {
      features[i * nFeatures + logProbabilities.length + f] = seen.values[3 * row + f] as number;
    }
  });
  return { features, logCount: Float64Array.from(counts), label: kept.indexOf(label) };
}

/** The items of the normaliser, and the log of how many items each stands for. */
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

/** The items with the greatest values, `count` of them or a few more where they tie. */
function greatest(values: ArrayLike<number>, count: number): number[] {
  const sorted = Float64Array.from(values).sort();
  const limit = sorted[sorted.length - count] as number;
  const items: number[] = [];
  for (let i = 0; i < values.length && items.length < count; i++) if ((values[i] as number) > limit) items.push(i);
  for (let i = 0; i < values.length && items.length < count; i++) if (values[i] === limit) items.push(i);
  return items;
}

/** Fits the active weights from `start`; the others are 0. */
function fitWeights(rows: readonly Row[], active: readonly boolean[], l2: number, start: Float64Array) {
  const used = active.flatMap((isActive, f) => (isActive ? [f] : []));
  const full = (at: Float64Array): Float64Array => {
    const weights = new Float64Array(start.length);
    used.forEach((f, i) => {
      weights[f] = at[i] as number;
    });
    return weights;
  };
  const minimum = newton(
    (here, gradient, hessian) => {
      let value = stackLoss(rows, full(here), used, gradient, hessian);
      for (let i = 0; i < used.length; i++) {
        const w = here[i] as number;
        value += (l2 / 2) * w * w;
        gradient[i] = (gradient[i] as number) + l2 * w;
        hessian[i * used.length + i] = (hessian[i * used.length + i] as number) + l2;
      }
      return value;
    },
    Float64Array.from(used, (f) => start[f] as number),
  );
  const penalty = minimum.at.reduce((sum, w) => sum + (l2 / 2) * w * w, 0);
  return { weights: full(minimum.at), loss: minimum.value - penalty };
}

/**
 * Mean −log p of the labels. With f̄ = Σ_i p_i f_i the gradient is the mean of f̄ − f_label and the Hessian the mean of
 * Σ_i p_i (f_i − f̄)(f_i − f̄)ᵀ, both of the `used` features alone.
 */
export function stackLoss(
  rows: readonly Row[],
  weights: Float64Array,
  used: readonly number[],
  gradient: Float64Array,
  hessian: Float64Array,
): number {
  const nFeatures = weights.length;
  const n = used.length;
  gradient.fill(0);
  hessian.fill(0);
  let loss = 0;
  const mean = new Float64Array(n);
  const own = new Float64Array(n);
  for (const { features, logCount, label } of rows) {
    const scores = Float64Array.from(logCount);
    let most = Number.NEGATIVE_INFINITY;
    for (let i = 0; i < scores.length; i++) {
      let score = scores[i] as number;
      for (let f = 0; f < nFeatures; f++) score += (weights[f] as number) * (features[i * nFeatures + f] as number);
      scores[i] = score;
      if (score > most) most = score;
    }
    loss -= scores[label] as number;
    let sum = 0;
    for (let i = 0; i < scores.length; i++) {
      scores[i] = Math.exp((scores[i] as number) - most);
      sum += scores[i] as number;
    }
    loss += most + Math.log(sum);
    mean.fill(0);
    for (let i = 0; i < scores.length; i++) {
      const p = (scores[i] as number) / sum;
      const at = i * nFeatures;
      for (let a = 0; a < n; a++) {
        own[a] = features[at + (used[a] as number)] as number;
        mean[a] = (mean[a] as number) + p * (own[a] as number);
      }
      for (let a = 0; a < n; a++) {
        const scaled = p * (own[a] as number);
        if (scaled === 0) continue;
        for (let b = 0; b <= a; b++) hessian[a * n + b] = (hessian[a * n + b] as number) + scaled * (own[b] as number);
      }
    }
    for (let a = 0; a < n; a++) {
      const labelValue = features[label * nFeatures + (used[a] as number)] as number;
      gradient[a] = (gradient[a] as number) + (mean[a] as number) - labelValue;
      for (let b = 0; b <= a; b++) {
        hessian[a * n + b] = (hessian[a * n + b] as number) - (mean[a] as number) * (mean[b] as number);
      }
    }
  }
  for (let a = 0; a < n; a++) {
    gradient[a] = (gradient[a] as number) / rows.length;
    for (let b = 0; b <= a; b++) {
      hessian[a * n + b] = (hessian[a * n + b] as number) / rows.length;
      hessian[b * n + a] = hessian[a * n + b] as number;
    }
  }
  return loss / rows.length;
}
