import type { Row } from "./stack-rows.js";

/** The prediction of a stack for a row's label. */
export interface LabelPlace {
  readonly logProbability: number;
  /** 1/rank; the rank is 1 plus the number of items that score higher plus half the number of tied items. */
  readonly reciprocalRank: number;
}

/**
 * The label's probability and rank by these weights; a sampled item counts as many times as the number of items it represents.
 */
export function labelPlace({ features, logCount, label }: Row, weights: Float64Array): LabelPlace {
  const n = weights.length;
  const scoreOf = (item: number) => {
    let score = 0;
    for (let f = 0; f < n; f++) score += weights[f]! * features[item * n + f]!;
    return score;
  };
  const own = scoreOf(label);
  let sum = 0;
  let before = 0;
  for (let item = 0; item < logCount.length; item++) {
    const score = scoreOf(item);
    const count = Math.exp(logCount[item]!);
    sum += count * Math.exp(score - own);
    if (item === label) continue;
    if (score > own) before += count;
    else if (score === own) before += count / 2;
  }
  return { logProbability: -Math.log(sum), reciprocalRank: 1 / (1 + before) };
}
