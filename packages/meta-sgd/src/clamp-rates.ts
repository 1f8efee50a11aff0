import type { ParameterVector } from "@kshot/contract";
import { requireRange } from "./require-argument.js";

/**
 * Brings every rate into [low, high], in place; the ends are as `alpha`'s precision rounds them.
 *
 * Throws `USAGE` for a range that is none. Notebook cell 07c-08 (`lr_clipping`).
 */
export function clampRates(alpha: ParameterVector, range: readonly [low: number, high: number]): void {
  requireRange("alpha range", range);
  const [low, high] = range;
  for (let i = 0; i < alpha.length; i++) {
    if (alpha[i]! < low) alpha[i] = low;
    else if (alpha[i]! > high) alpha[i] = high;
  }
}
