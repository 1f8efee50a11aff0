import type { ParameterVector, TensorSpec } from "@kshot/contract";
import { norm } from "./clip.js";

/** Which parameters share one inner rate: none, those of a matrix row, of a tensor, or all. */
export const alphaSharings = ["element", "row", "tensor", "scalar"] as const;
/** Which parameters share one learned rate. */
export type AlphaSharing = (typeof alphaSharings)[number];

/**
 * The ranges [begin, end) of parameters that share a rate; one list of ranges per rate, in order.
 *
 * `row`: a matrix's rows; each value of a vector separately. `scalar`: one rate over all given tensors.
 */
export function sharedRanges(tensors: readonly TensorSpec[], sharing: AlphaSharing): [begin: number, end: number][][] {
  const whole = tensors.map(({ offset, size }): [number, number] => [offset, offset + size]);
  switch (sharing) {
    case "scalar":
      return [whole];
    case "tensor":
      return whole.map((range) => [range]);
    case "row":
    case "element":
      return tensors.flatMap(({ shape, offset, size }) => {
        const width = sharing === "row" && shape.length > 1 ? size / shape[0]! : 1;
        return Array.from({ length: size / width }, (_, row): [number, number][] => [
          [offset + row * width, offset + (row + 1) * width],
        ]);
      });
  }
}

/**
 * Gradient of shared rates, in place: each parameter's entry becomes the sum over the parameters that share its rate, because
 * ∂L/∂a = Σ_{i shares a} ∂L/∂α_i. Equal entries with equal steps stay equal, bit for bit. Sums in float64.
 */
export function shareGradient(dAlpha: ParameterVector, tensors: readonly TensorSpec[], sharing: AlphaSharing): void {
  if (sharing === "element") return;
  for (const ranges of sharedRanges(tensors, sharing)) {
    let sum = 0;
    for (const [begin, end] of ranges) for (let i = begin; i < end; i++) sum += dAlpha[i]!;
    for (const [begin, end] of ranges) dAlpha.fill(sum, begin, end);
  }
}

/**
 * Euclidean norm of the gradient of shared rates: each rate counts once, for any number of parameters that share it. In float64.
 */
export function sharedNorm(dAlpha: ParameterVector, tensors: readonly TensorSpec[], sharing: AlphaSharing): number {
  if (sharing === "element") return norm(dAlpha);
  let sum = 0;
  for (const [[first]] of sharedRanges(tensors, sharing) as [[number, number]][]) sum += dAlpha[first]! ** 2;
  return Math.sqrt(sum);
}
