import type { Engine, ParameterVector } from "@kshot/contract";

/**
 * All that the learner asks of an engine: where vectors live, gradients, Hessian-vector products, and fused steps and
 * meta-gradients where there are such. Any `Engine<Examples>` is one; how examples become batches is the caller's business.
 */
export type DifferentiableEngine = Pick<
  Engine<never>,
  | "layout"
  | "vector"
  | "gradients"
  | "hessianVectorProducts"
  | "metaGradient"
  | "adapt"
  | "clipsInnerGradients"
  | "optimiser"
>;

/** A copy of `source` in a vector allocated by the engine, in the engine's precision. */
export function copyVector(engine: DifferentiableEngine, source: ParameterVector): ParameterVector {
  const copy = engine.vector();
  copy.set(source);
  return copy;
}
