import type { ParameterLayout, ParameterVector, TensorSpec } from "@kshot/contract";
import { requireLength } from "./require-argument.js";
import { type Spread, spread } from "./spread.js";

/**
 * Mean, standard deviation (unbiased; null for one value), smallest and largest rate of each tensor (of `tensors`, if given), by
 * name.
 *
 * Notebook cell 07c-09 (`lr_analysis.json`).
 *
 * @throws `USAGE` for a wrong length
 */
export function rateStatistics(
  alpha: ParameterVector,
  layout: ParameterLayout,
  tensors: readonly TensorSpec[] = layout.tensors,
): Record<string, Spread> {
  requireLength("alpha", alpha, layout);
  return Object.fromEntries(
    tensors.map(({ name, offset, size }) => [name, spread(alpha.subarray(offset, offset + size))]),
  );
}
