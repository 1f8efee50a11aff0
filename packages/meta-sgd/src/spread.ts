import type { ParameterVector } from "@kshot/contract";

/** Mean, standard deviation and range of values. */
export interface Spread {
  readonly mean: number;
  /** Unbiased (n − 1), as `torch.std`; null for one value. */
  readonly std: number | null;
  readonly min: number;
  readonly max: number;
}

/** Mean, unbiased standard deviation, smallest and largest of at least one value, in float64. */
export function spread(values: ParameterVector): Spread {
  // Sums of differences from the first value: equal values have exactly their mean and a deviation of exactly 0.
  const origin = values[0]!;
  let sum = 0;
  let min = origin;
  let max = origin;
  // Not `for … of`, which allocates an object per value.
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    sum += value - origin;
    if (value < min) min = value;
    if (value > max) max = value;
  }
  const offset = sum / values.length;
  let squares = 0;
  for (let i = 0; i < values.length; i++) squares += (values[i]! - origin - offset) ** 2;
  return { mean: origin + offset, std: values.length > 1 ? Math.sqrt(squares / (values.length - 1)) : null, min, max };
}
