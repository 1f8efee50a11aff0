import type { SeenFeatures } from "./seen-features.js";

/** Weights of a stack: one per expert, in order, then the three of the seen features. */
export interface StackWeights {
  readonly experts: readonly string[];
  /** `[experts + 3]` */
  readonly weights: readonly number[];
  /** Whether an item may follow itself; otherwise the last item of the prefix gets no probability. */
  readonly repeats: boolean;
}

/**
 * Log-probabilities of the stack: log softmax over items of Σₑ wₑ·log pₑ(b) + w·seen features(b).
 *
 * @param logProbabilities log pₑ of each expert, each `[nItems]`, read before the next one is asked for
 * @param seen features of the items in the person's history
 * @param last the last item of the query's prefix
 * @returns `[nItems]`; −∞ for `last` if items never repeat
 */
export function stackLogProbabilities(
  { weights, repeats }: StackWeights,
  logProbabilities: Iterable<ArrayLike<number>>,
  seen: SeenFeatures,
  last: number,
): Float64Array {
  let scores = new Float64Array(0);
  let base = 0;
  for (const expert of logProbabilities) {
    if (base === 0) scores = new Float64Array(expert.length);
    addWeighted(scores, weights[base++]!, expert);
  }
  addSeen({ weights, repeats }, scores, seen, last);
  return logSoftmax(scores);
}

/** Adds the weighted features of the seen items, whose weights are the last three, and excludes `last` if items never repeat. In place. */
export function addSeen(
  { weights, repeats }: Pick<StackWeights, "weights" | "repeats">,
  scores: Float64Array,
  { items, values }: SeenFeatures,
  last: number,
): void {
  const base = weights.length - 3;
  for (let row = 0; row < items.length; row++) {
    const item = items[row]!;
    for (let f = 0; f < 3; f++) scores[item] = scores[item]! + weights[base + f]! * values[3 * row + f]!;
  }
  if (!repeats) scores[last] = Number.NEGATIVE_INFINITY;
}

/** scores += weight·expert */
export function addWeighted(scores: Float64Array, weight: number, expert: ArrayLike<number>): void {
  for (let i = 0; i < scores.length; i++) scores[i] = scores[i]! + weight * expert[i]!;
}

/** log softmax in place; returns its argument. */
export function logSoftmax(scores: Float64Array): Float64Array {
  const most = greatest(scores);
  let sum = 0;
  for (let i = 0; i < scores.length; i++) sum += Math.exp(scores[i]! - most);
  const normaliser = most + Math.log(sum);
  for (let i = 0; i < scores.length; i++) scores[i] = scores[i]! - normaliser;
  return scores;
}

/** The greatest of some numbers. */
export function greatest(scores: Float64Array): number {
  let most = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < scores.length; i++) if (scores[i]! > most) most = scores[i]!;
  return most;
}
