import type { AdamStep, ResidentIteration, ResidentStart } from "@kshot/contract";
import { floatBits } from "../float-bits.js";

/** The updates of one iteration, as wgsl/adam.ts reads them. @param adapting parts whose rates are learned */
export function adamWords(
  { theta, alpha }: Pick<ResidentIteration, "theta" | "alpha">,
  adapting: ResidentStart["adapting"],
): Int32Array<ArrayBuffer> {
  const [low, high] = alpha?.range ?? [0, 0];
  return Int32Array.from([
    ...stepWords(theta),
    ...stepWords(alpha?.step),
    floatBits(low),
    floatBits(high),
    adapting.length,
    ...adapting.flatMap(({ offset, size }) => [offset, offset + size]),
  ]);
}

function stepWords(step: AdamStep | undefined): number[] {
  if (step === undefined) return new Array(9).fill(0);
  const { meanKept, meanNew, squareKept, squareNew, decay, stepSize, rootCorrection, epsilon } = step;
  const values = [meanKept, meanNew, squareKept, squareNew, decay, stepSize, rootCorrection, epsilon];
  return [1, ...values.map(floatBits)];
}
