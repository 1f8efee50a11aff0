import type { ParameterVector, TensorSpec } from "@kshot/contract";
import { generatorOf, type Randomness } from "@kshot/contract/random";
import { uniformFloat64 } from "pure-rand/distribution/uniformFloat64";
import { type AlphaSharing, sharedRanges } from "./alpha-sharing.js";
import { requireRange } from "./require-argument.js";

/**
 * Starting rates, in place: one number for all, or a uniform draw from [low, high) for each rate, as in the Meta-SGD paper
 * (Li et al. 2017, section 5: drawn from [0.005, 0.1]). Parameters outside `tensors` get 0: they do not adapt.
 *
 * @throws `USAGE` for a range whose ends are not in order
 */
export function fillInitialRates(
  alpha: ParameterVector,
  tensors: readonly TensorSpec[],
  start: number | { readonly range: readonly [number, number]; readonly random: Randomness },
  sharing: AlphaSharing = "element",
): void {
  alpha.fill(0);
  if (typeof start === "number") {
    for (const { offset, size } of tensors) alpha.fill(start, offset, offset + size);
    return;
  }
  requireRange("initial rates", start.range);
  const [low, high] = start.range;
  const random = generatorOf(start.random);
  for (const ranges of sharedRanges(tensors, sharing)) {
    const rate = low + (high - low) * uniformFloat64(random);
    for (const [begin, end] of ranges) alpha.fill(rate, begin, end);
  }
}
