import type { ParameterVector, TensorSpec } from "@kshot/contract";
import { requireRange } from "./require-argument.js";

/**
 * Clamps every rate to [low, high], in place; the ends are rounded to the precision of `alpha`. `tensors`: those whose
 * rates are learned; the rates of other tensors do not change.
 *
 * docs/notebook.md, cell 07c-08.
 *
 * @throws `USAGE` for a range whose ends are not in order
 */
export function clampRates(
  alpha: ParameterVector,
  range: readonly [low: number, high: number],
  tensors: readonly Pick<TensorSpec, "offset" | "size">[] = [{ offset: 0, size: alpha.length }],
): void {
  requireRange("alpha range", range);
  const [low, high] = alpha instanceof Float32Array ? ([Math.fround(range[0]), Math.fround(range[1])] as const) : range;
  for (const { offset, size } of tensors) {
    for (let i = offset; i < offset + size; i++) {
      if (alpha[i]! < low) alpha[i] = low;
      else if (alpha[i]! > high) alpha[i] = high;
    }
  }
}
