import type { ParameterVector } from "./vector.js";

/** The exact (or first-order) gradient of the mean query loss after adaptation. */
export interface MetaGradient {
  /** Query loss after the inner steps, per task. */
  readonly taskLosses: readonly number[];
  /** Gradient of the mean of `taskLosses` with respect to θ. */
  readonly dTheta: ParameterVector;
  /** Gradient of the mean of `taskLosses` with respect to α. */
  readonly dAlpha: ParameterVector;
}

/** Options of a meta-gradient. */
export interface MetaGradientOptions {
  /** Number of inner gradient steps S ≥ 0. */
  readonly innerSteps: number;
  /** 2: exact, through the inner steps. 1: the Hessian-vector products are left out. */
  readonly order: 1 | 2;
  /**
   * Each inner gradient is scaled to at most this norm before its step, > 0; if omitted, it is not clipped. Only with
   * `clipsInnerGradients`.
   */
  readonly innerClip?: number;
  /**
   * An earlier result that the caller no longer needs and that this call does not read. An engine may write over its vectors and return
   * them as the result, instead of allocating new ones.
   */
  readonly spare?: Pick<MetaGradient, "dTheta" | "dAlpha">;
}
