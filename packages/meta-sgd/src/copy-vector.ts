import type { ParameterVector } from "@kshot/contract";
import type { DifferentiableEngine } from "./differentiable-engine.js";

/** A copy where the engine wants its vectors, in the engine's precision. */
export function copyVector(engine: DifferentiableEngine, source: ParameterVector): ParameterVector {
  const copy = engine.vector();
  copy.set(source);
  return copy;
}
