import type { ParameterLayout, ParameterVector } from "@kshot/contract";
import { requireLength } from "./require-argument.js";
import { type Spread, spread } from "./spread.js";

/**
 * Mean, standard deviation (unbiased; null for one value), least and greatest rate of each tensor, by name.
 *
 * Throws `USAGE` for a wrong length. Notebook cell 07c-09 (`lr_analysis.json`).
 */
export function rateStatistics(alpha: ParameterVector, layout: ParameterLayout): Record<string, Spread> {
  requireLength("alpha", alpha, layout);
  return Object.fromEntries(
    layout.tensors.map(({ name, offset, size }) => [name, spread(alpha.subarray(offset, offset + size))]),
  );
}
