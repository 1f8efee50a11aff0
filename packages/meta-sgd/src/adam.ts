import { type AdamStep, type ParameterVector, usageError } from "@kshot/contract";

/** Adam's moments; plain data, so that a checkpoint can store them. */
export interface AdamState {
  /** Updates made so far. */
  step: number;
  /** Running mean of gradients, `[size]`, always float64. */
  readonly firstMoment: Float64Array;
  /** Running mean of squared gradients, `[size]`. */
  readonly secondMoment: Float64Array;
}

/** An optimiser: a pair of functions over state that the caller owns. */
export interface Adam {
  /** Moments of zero for `size` parameters. */
  init(size: number): AdamState;
  /**
   * One step; changes `state` and `parameters` in place.
   *
   * @param weightDecay decoupled weight decay λ ≥ 0; default 0
   */
  update(
    state: AdamState,
    parameters: ParameterVector,
    gradient: ParameterVector,
    rate: number,
    weightDecay?: number,
  ): void;
}

const beta1 = 0.9;
const beta2 = 0.999;
const epsilon = 1e-8;

/**
 * Adam as `torch.optim.Adam` with its defaults (β 0.9 and 0.999, ε 1e-8); with weight decay λ as `torch.optim.AdamW`:
 *
 *     m ← β₁m + (1 − β₁)g,  v ← β₂v + (1 − β₂)g²,  p ← (1 − rate·λ)p − rate·(m/(1 − β₁ᵗ)) / (√v/√(1 − β₂ᵗ) + ε)
 *
 * The moments are float64. What changes a parameter is computed in the parameter's precision: float32 for a `Float32Array`.
 * Dense: a parameter whose gradient is 0 still moves by its moments. `update` throws `USAGE` if lengths differ.
 * Kingma & Ba 2015, algorithm 1; Loshchilov & Hutter 2019, algorithm 2; notebook cell 07c-08.
 */
export function adam(): Adam {
  return { init, update };
}

function init(size: number): AdamState {
  return { step: 0, firstMoment: new Float64Array(size), secondMoment: new Float64Array(size) };
}

function update(
  state: AdamState,
  parameters: ParameterVector,
  gradient: ParameterVector,
  rate: number,
  weightDecay = 0,
): void {
  const { firstMoment: m, secondMoment: v } = state;
  const size = parameters.length;
  if (m.length !== size || v.length !== size || gradient.length !== size) {
    throw usageError({
      where: "Adam",
      found: `${size} parameters, ${gradient.length} gradients, moments of ${m.length} and ${v.length}`,
      expected: "equal lengths",
    });
  }
  const step = nextAdamStep(state, rate, weightDecay);
  const { meanKept, meanNew, squareKept, squareNew } = step;
  for (let i = 0; i < size; i++) {
    const g = gradient[i]!;
    m[i] = meanKept * m[i]! + meanNew * g;
    v[i] = squareKept * v[i]! + squareNew * g * g;
  }
  if (parameters instanceof Float32Array) moveNarrow(parameters, m, v, step);
  else moveWide(parameters, m, v, step);
}

/** p ← p − (decay·p + stepSize·m/(√v·rootCorrection + ε)) in float64. */
function moveWide(
  parameters: Float64Array,
  m: Float64Array,
  v: Float64Array,
  { decay, stepSize, rootCorrection }: AdamStep,
): void {
  for (let i = 0; i < parameters.length; i++) {
    const change = (stepSize * m[i]!) / (Math.sqrt(v[i]!) * rootCorrection + epsilon);
    parameters[i] = parameters[i]! - (decay * parameters[i]! + change);
  }
}

/** The same with each result rounded to float32. */
function moveNarrow(
  parameters: Float32Array,
  m: Float64Array,
  v: Float64Array,
  { decay, stepSize, rootCorrection }: AdamStep,
): void {
  const { fround, sqrt } = Math;
  const [lost, root, small] = [fround(decay), fround(rootCorrection), fround(epsilon)];
  for (let i = 0; i < parameters.length; i++) {
    const scale = fround(fround(fround(sqrt(fround(v[i]!))) * root) + small);
    const change = fround(fround(stepSize * m[i]!) / scale);
    // A factor 1 − decay would lose the decay, which can be less than float32 tells from 1.
    parameters[i] = parameters[i]! - fround(fround(lost * parameters[i]!) + change);
  }
}

/** An independent copy of the moments. */
export function copyMoments({ step, firstMoment, secondMoment }: AdamState): AdamState {
  return { step, firstMoment: firstMoment.slice(), secondMoment: secondMoment.slice() };
}

/** Counts a step and returns its factors. */
export function nextAdamStep(state: AdamState, rate: number, weightDecay = 0): AdamStep {
  state.step += 1;
  return {
    meanKept: beta1,
    meanNew: 1 - beta1,
    squareKept: beta2,
    squareNew: 1 - beta2,
    decay: rate * weightDecay,
    stepSize: rate / (1 - beta1 ** state.step),
    rootCorrection: 1 / Math.sqrt(1 - beta2 ** state.step),
    epsilon,
  };
}
