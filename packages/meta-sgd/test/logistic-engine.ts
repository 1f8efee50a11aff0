import { type Batch, type Engine, type ParameterVector, parameterLayout } from "@kshot/contract";

/** A point and its class. */
export interface LogisticExample {
  readonly x: readonly number[];
  readonly y: 0 | 1;
}

interface LogisticBatch extends Batch {
  readonly examples: readonly LogisticExample[];
}

/** Logistic regression in float64: cross-entropy of σ(w·x + b), gradient mean (p − y)x̃, Hessian mean p(1 − p)x̃x̃ᵀ, x̃ = (x, 1). */
export function logisticEngine(dimension: number): Engine<readonly LogisticExample[]> {
  const layout = parameterLayout([
    ["weight", [1, dimension]],
    ["bias", [1]],
  ]);
  const n = layout.size;
  const batch = (examples: readonly LogisticExample[]): LogisticBatch => ({ size: examples.length, examples });
  const dot = (u: ParameterVector, x: readonly number[]) => x.reduce((sum, xi, i) => sum + u[i]! * xi, u[n - 1]!);
  const sigmoid = (z: number) => 1 / (1 + Math.exp(-z));
  const meanOf = (examples: readonly LogisticExample[], factor: (e: LogisticExample) => number) => {
    const out = new Float64Array(n);
    for (const e of examples) {
      const c = factor(e) / examples.length;
      for (let i = 0; i < dimension; i++) out[i]! += c * e.x[i]!;
      out[n - 1]! += c;
    }
    return out;
  };
  return {
    description: { name: "logistic", backend: "test", workers: 1 },
    layout,
    vector: () => new Float64Array(n),
    batch,
    task: (support, query) => ({ support: batch(support), query: batch(query) }),
    gradients: async (thetas, batches) => ({
      losses: batches.map((b, i) => {
        const { examples } = b as LogisticBatch;
        const total = examples.reduce((sum, { x, y }) => {
          const z = dot(thetas[i]!, x);
          return sum + Math.log1p(Math.exp(y === 1 ? -z : z));
        }, 0);
        return total / examples.length;
      }),
      gradients: batches.map((b, i) =>
        meanOf((b as LogisticBatch).examples, ({ x, y }) => sigmoid(dot(thetas[i]!, x)) - y),
      ),
    }),
    hessianVectorProducts: async (thetas, batches, directions) =>
      batches.map((b, i) =>
        meanOf((b as LogisticBatch).examples, ({ x }) => {
          const p = sigmoid(dot(thetas[i]!, x));
          return p * (1 - p) * dot(directions[i]!, x);
        }),
      ),
    logits: async () => [],
    dispose: () => {},
  };
}
