import type { Engine, ParameterVector } from "@kshot/contract";

/**
 * The part of an engine that the learner uses: vectors, gradients, Hessian-vector products, and fused steps and meta-gradients if
 * the engine has them. Every `Engine<Examples>` is one; the caller creates the batches.
 */
export type DifferentiableEngine = Pick<
  Engine<never>,
  | "layout"
  | "vector"
  | "gradients"
  | "hessianVectorProducts"
  | "metaGradient"
  | "adapt"
  | "adaptInTurn"
  | "clipsInnerGradients"
  | "optimiser"
  | "residentTraining"
>;

/** A copy of `source` in a vector allocated by the engine, in the engine's precision. */
export function copyVector(engine: DifferentiableEngine, source: ParameterVector): ParameterVector {
  const copy = engine.vector();
  copy.set(source);
  return copy;
}
