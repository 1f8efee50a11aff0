/** Parameters that an engine's optimiser updates in place, their gradient, and Adam's moments. All are views of the engine's memory. */
export interface TrainedVector {
  /** `[layout.size]`, like all others. */
  readonly parameters: Float32Array;
  /** The gradient that a step reads. An engine writes a gradient here if the caller passes it as `spare`. */
  readonly gradient: Float32Array;
  readonly firstMoment: Float64Array;
  readonly secondMoment: Float64Array;
}

/**
 * One step of Adam as numbers; the moments in float64, what changes p in float32:
 *
 *     m ← meanKept·m + meanNew·g,  v ← squareKept·v + (squareNew·g)·g,  p ← p − (decay·p + (stepSize·m) / (√v·rootCorrection + epsilon))
 */
export interface AdamStep {
  readonly meanKept: number;
  readonly meanNew: number;
  readonly squareKept: number;
  readonly squareNew: number;
  readonly decay: number;
  readonly stepSize: number;
  readonly rootCorrection: number;
  readonly epsilon: number;
}

/** An engine's own optimiser: the same bits as the learner's, faster. */
export interface Optimiser {
  /** Zeros; the caller owns it. */
  vector(): TrainedVector;
  /** Whether no value of the gradient is NaN or infinite. */
  gradientIsFinite(vector: TrainedVector): boolean;
  /** Steps parameters and moments in place. */
  step(vector: TrainedVector, step: AdamStep): Promise<void>;
  /**
   * Clamps parameters to [low, high] in place, `low` ≤ `high`, the ends rounded to float32; NaN stays. The same bits as meta-sgd's `clampRates`.
   *
   * @param parts the values to clamp, as ranges
   * @throws `USAGE` for a range that is not within the parameters
   */
  clamp(
    vector: TrainedVector,
    [low, high]: readonly [low: number, high: number],
    parts: readonly { readonly offset: number; readonly size: number }[],
  ): void;
}
