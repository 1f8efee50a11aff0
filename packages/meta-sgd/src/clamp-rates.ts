import type { ParameterVector, TensorSpec } from "@kshot/contract";
import { requireRange } from "./require-argument.js";

/**
 * Brings every rate into [low, high], in place; the ends are as `alpha`'s precision rounds them. `tensors`: those whose
 * rates are learned; the others' stay as they are.
 *
 * Throws `USAGE` for a range that is none. Notebook cell 07c-08 (`lr_clipping`).
 */
export function clampRates(
  alpha: ParameterVector,
  range: readonly [low: number, high: number],
  tensors: readonly Pick<TensorSpec, "offset" | "size">[] = [{ offset: 0, size: alpha.length }],
): void {
  requireRange("alpha range", range);
  const [low, high] = range;
  for (const { offset, size } of tensors) {
    for (let i = offset; i < offset + size; i++) {
      if (alpha[i]! < low) alpha[i] = low;
      else if (alpha[i]! > high) alpha[i] = high;
    }
  }
}
