import type { Row } from "./stack-rows.js";

/**
 * Sum of −log p of the labels, with its gradient and Hessian added to the arguments: with f̄ = Σ_i p_i f_i the gradient is the sum of
 * f̄ − f_label and the Hessian the sum of Σ_i p_i (f_i − f̄)(f_i − f̄)ᵀ.
 *
 * @param weights `[features]`
 * @param gradient `[features]`, added to
 * @param hessian `[features, features]`, added to; only the lower triangle
 */
export function addStackLoss(
  rows: readonly Row[],
  weights: Float64Array,
  gradient: Float64Array,
  hessian: Float64Array,
): number {
  const n = weights.length;
  let loss = 0;
  const mean = new Float64Array(n);
  let scores = new Float64Array(0);
  for (const { features, logCount, label } of rows) {
    const items = logCount.length;
    if (scores.length < items) scores = new Float64Array(items);
    let most = Number.NEGATIVE_INFINITY;
    for (let i = 0, at = 0; i < items; i++) {
      let score = logCount[i]!;
      for (let f = 0; f < n; f++, at++) score += weights[f]! * features[at]!;
      scores[i] = score;
      if (score > most) most = score;
    }
    let sum = 0;
    loss -= scores[label]!;
    for (let i = 0; i < items; i++) {
      const p = Math.exp(scores[i]! - most);
      scores[i] = p;
      sum += p;
    }
    loss += most + Math.log(sum);
    mean.fill(0);
    for (let i = 0; i < items; i++) {
      const p = scores[i]! / sum;
      const at = i * n;
      for (let a = 0, cell = 0; a < n; a++, cell = a * n) {
        const scaled = p * features[at + a]!;
        if (scaled === 0) continue;
        mean[a] = mean[a]! + scaled;
        for (let b = 0; b <= a; b++, cell++) {
          hessian[cell] = hessian[cell]! + scaled * features[at + b]!;
        }
      }
    }
    for (let a = 0; a < n; a++) {
      gradient[a] = gradient[a]! + mean[a]! - features[label * n + a]!;
      for (let b = 0; b <= a; b++) {
        hessian[a * n + b] = hessian[a * n + b]! - mean[a]! * mean[b]!;
      }
    }
  }
  return loss;
}

/** Mean of −log p and the penalty λ/2·‖w‖², with gradient and Hessian written into the arguments. As `addStackLoss`. */
export function penalisedLoss(
  rows: readonly Row[],
  weights: Float64Array,
  l2: number,
  gradient: Float64Array,
  hessian: Float64Array,
): number {
  const n = weights.length;
  gradient.fill(0);
  hessian.fill(0);
  let value = addStackLoss(rows, weights, gradient, hessian) / rows.length;
  for (let a = 0; a < n; a++) {
    const w = weights[a]!;
    value += (l2 / 2) * w * w;
    gradient[a] = gradient[a]! / rows.length + l2 * w;
    for (let b = 0; b <= a; b++) {
      hessian[a * n + b] = hessian[a * n + b]! / rows.length + (a === b ? l2 : 0);
      hessian[b * n + a] = hessian[a * n + b]!;
    }
  }
  return value;
}
