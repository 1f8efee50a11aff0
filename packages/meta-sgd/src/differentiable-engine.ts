import type { Engine } from "@kshot/contract";

/**
 * All that the learner asks of an engine: where vectors live, gradients, Hessian-vector products, and fused steps and
 * meta-gradients where there are such. Any `Engine<Examples>` is one; how examples become batches is the caller's business.
 */
export type DifferentiableEngine = Pick<
  Engine<never>,
  "layout" | "vector" | "gradients" | "hessianVectorProducts" | "metaGradient" | "adapt"
>;
