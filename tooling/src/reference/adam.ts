/** First and second moments, and the number of steps taken. */
export interface AdamState {
  readonly first: Float64Array;
  readonly second: Float64Array;
  steps: number;
}

export function adamState(size: number): AdamState {
  return { first: new Float64Array(size), second: new Float64Array(size), steps: 0 };
}

/**
 * One step of Adam with PyTorch's defaults (β 0.9 and 0.999, ε 1e-8 outside the root), in place and dense: a value whose
 * gradient is zero still moves by its moments. Kingma & Ba 2015, algorithm 1.
 */
export function adamStep(state: AdamState, parameters: Float64Array, gradient: Float64Array, rate: number): void {
  state.steps++;
  const firstCorrection = 1 - 0.9 ** state.steps;
  const secondCorrection = 1 - 0.999 ** state.steps;
  for (let i = 0; i < parameters.length; i++) {
    state.first[i] = 0.9 * state.first[i] + 0.1 * gradient[i];
    state.second[i] = 0.999 * state.second[i] + 0.001 * gradient[i] ** 2;
    const root = Math.sqrt(state.second[i] / secondCorrection);
    parameters[i] -= (rate * (state.first[i] / firstCorrection)) / (root + 1e-8);
  }
}
