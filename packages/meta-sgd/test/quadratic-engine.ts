import { type Batch, type Engine, type ParameterVector, parameterLayout } from "@kshot/contract";

/** One term of a loss whose derivatives are known: ½(θ − c)ᵀA(θ − c) + s·θ, A symmetric, row-major. */
export interface QuadraticExample {
  readonly matrix: readonly number[];
  readonly centre: readonly number[];
  readonly slope: readonly number[];
}

interface QuadraticBatch extends Batch {
  readonly examples: readonly QuadraticExample[];
}

/** The mean of quadratic terms in float64 (or float32): gradient A(θ − c) + s, Hessian A. */
export function quadraticEngine(
  shapes: readonly (readonly [string, readonly number[]])[],
  vectorType: typeof Float64Array | typeof Float32Array = Float64Array,
): Engine<readonly QuadraticExample[]> {
  const layout = parameterLayout(shapes);
  const n = layout.size;
  const batch = (examples: readonly QuadraticExample[]): QuadraticBatch => ({ size: examples.length, examples });
  const meanOf = (examples: readonly QuadraticExample[], of: (e: QuadraticExample, i: number) => number) => {
    const out = new vectorType(n);
    for (let i = 0; i < n; i++) out[i] = examples.reduce((sum, e) => sum + of(e, i), 0) / examples.length;
    return out;
  };
  const row = (e: QuadraticExample, i: number, u: (j: number) => number) => {
    let sum = 0;
    for (let j = 0; j < n; j++) sum += e.matrix[i * n + j]! * u(j);
    return sum;
  };
  const gradient = (theta: ParameterVector, { examples }: QuadraticBatch) =>
    meanOf(examples, (e, i) => row(e, i, (j) => theta[j]! - e.centre[j]!) + e.slope[i]!);
  const loss = (theta: ParameterVector, { examples }: QuadraticBatch) =>
    examples.reduce((sum, e) => {
      let value = 0;
      for (let i = 0; i < n; i++) {
        value +=
          0.5 * (theta[i]! - e.centre[i]!) * row(e, i, (j) => theta[j]! - e.centre[j]!) + e.slope[i]! * theta[i]!;
      }
      return sum + value;
    }, 0) / examples.length;
  return {
    description: { name: "quadratic", backend: "test", workers: 1 },
    layout,
    vector: () => new vectorType(n),
    batch,
    task: (support, query) => ({ support: batch(support), query: batch(query) }),
    gradients: async (thetas, batches) => ({
      losses: batches.map((b, i) => loss(thetas[i]!, b as QuadraticBatch)),
      gradients: batches.map((b, i) => gradient(thetas[i]!, b as QuadraticBatch)),
    }),
    hessianVectorProducts: async (_thetas, batches, directions) =>
      batches.map((b, k) => meanOf((b as QuadraticBatch).examples, (e, i) => row(e, i, (j) => directions[k]![j]!))),
    logits: async () => [],
    dispose: () => {},
  };
}
