import type { ParameterVector, TensorSpec } from "@kshot/contract";
import { spread } from "./spread.js";

/** Distribution of α in one tensor: one entry of the history. */
export interface RateDistribution {
  readonly mean: number;
  /** Unbiased; 0 for a tensor of one value, because a series holds only numbers. */
  readonly std: number;
  readonly min: number;
  readonly max: number;
  /** 5, 25, 50, 75 and 95 % quantiles, interpolated linearly as `numpy.quantile`. */
  readonly quantiles: number[];
}

const levels = [0.05, 0.25, 0.5, 0.75, 0.95];

/** Distribution of the rates of each of these tensors, by name. */
export function rateDistributions(
  alpha: ParameterVector,
  tensors: readonly TensorSpec[],
): Record<string, RateDistribution> {
  return Object.fromEntries(
    tensors.map(({ name, offset, size }) => {
      const values = alpha.slice(offset, offset + size).sort();
      const { mean, std, min, max } = spread(values);
      return [name, { mean, std: std ?? 0, min, max, quantiles: levels.map((level) => quantile(values, level)) }];
    }),
  );
}

/** Mean, standard deviation (unbiased; 0 for one rate), least and greatest of the rates of these tensors together. */
export function allRates(alpha: ParameterVector, tensors: readonly TensorSpec[]) {
  const together = new Float64Array(tensors.reduce((sum, { size }) => sum + size, 0));
  let at = 0;
  for (const { offset, size } of tensors) {
    together.set(alpha.subarray(offset, offset + size), at);
    at += size;
  }
  const { mean, std, min, max } = spread(together);
  return { mean, std: std ?? 0, min, max };
}

function quantile(sorted: ParameterVector, level: number): number {
  const position = level * (sorted.length - 1);
  const below = Math.floor(position);
  const low = sorted[below]!;
  const high = sorted[Math.min(below + 1, sorted.length - 1)]!;
  return low + (position - below) * (high - low);
}
