import type { Batch, Engine, Mask, Pairs, ParameterVector } from "@kshot/contract";

interface CountBatch extends Batch {
  readonly counts: readonly Float64Array[];
  readonly labels: readonly number[];
}

/**
 * A model small enough to derive by hand: logits = bias + r · (times an item occurs in the history), softmax loss. θ holds the bias `[n]`
 * and then r. With the mask `notebook` the history is not read, as of a masked state. It computes in float64.
 */
export function countEngine(n: number, { fused = false, mask = "carry" as Mask } = {}): Engine {
  const size = n + 1;
  const engine: Engine = {
    description: { name: "count", backend: "test", workers: 1 },
    layout: {
      size,
      tensors: [
        { name: "count.weight", shape: [1], offset: n, size: 1 },
        { name: "fc.bias", shape: [n], offset: 0, size: n },
      ],
    },
    vector: () => new Float64Array(size),
    batch: (pairs: Pairs, options): CountBatch => ({
      size: pairs.sequences.length,
      labels: Array.from(pairs.labels),
      counts: pairs.sequences.map((sequence) => {
        const counts = new Float64Array(n);
        if ((options?.mask ?? mask) === "carry") for (const item of Array.from(sequence)) counts[item]! += 1;
        return counts;
      }),
    }),
    task: (support, query) => ({ support: engine.batch(support), query: engine.batch(query) }),
    gradients: async (thetas, batches) => {
      const found = batches.map((batch, i) => lossAndGradient(thetas[i]!, batch as CountBatch, n));
      return { losses: found.map(({ loss }) => loss), gradients: found.map(({ gradient }) => gradient) };
    },
    hessianVectorProducts: async (thetas, batches, directions) =>
      batches.map((batch, i) => hessianVectorProduct(thetas[i]!, batch as CountBatch, directions[i]!, n)),
    logits: async (thetas, batches) =>
      batches.map((batch, i) => {
        const { counts } = batch as CountBatch;
        const values = new Float64Array(counts.length * n);
        for (const [row, own] of counts.entries()) values.set(logitsOf(thetas[i]!, own, n), row * n);
        return { rows: counts.length, columns: n, values };
      }),
    dispose: () => {},
  };
  if (!fused) return engine;
  return {
    ...engine,
    adaptedLogits: async (theta, alpha, supports, queries, steps) => {
      const all = [];
      for (const [i, count] of steps.entries()) {
        const thetas: ParameterVector[] = [];
        for (const support of supports) {
          const own = Float64Array.from(theta);
          for (let step = 0; step < count; step++) {
            const { gradient } = lossAndGradient(own, support as CountBatch, n);
            for (let j = 0; j < size; j++) own[j]! -= alpha[j]! * gradient[j]!;
          }
          thetas.push(own);
        }
        all.push(await engine.logits(thetas, queries[i]!));
      }
      return all;
    },
  };
}

function logitsOf(theta: ParameterVector, counts: Float64Array, n: number): Float64Array {
  return Float64Array.from(counts, (count, item) => theta[item]! + theta[n]! * count);
}

function softmax(logits: Float64Array): Float64Array {
  const most = Math.max(...logits);
  const values = logits.map((logit) => Math.exp(logit - most));
  const sum = values.reduce((total, value) => total + value, 0);
  return values.map((value) => value / sum);
}

function lossAndGradient(theta: ParameterVector, { counts, labels, size }: CountBatch, n: number) {
  const gradient = new Float64Array(n + 1);
  let loss = 0;
  for (const [row, own] of counts.entries()) {
    const probabilities = softmax(logitsOf(theta, own, n));
    loss -= Math.log(probabilities[labels[row]!]!) / size;
    for (let item = 0; item < n; item++) {
      const residual = (probabilities[item]! - (item === labels[row] ? 1 : 0)) / size;
      gradient[item]! += residual;
      gradient[n]! += residual * own[item]!;
    }
  }
  return { loss, gradient };
}

function hessianVectorProduct(
  theta: ParameterVector,
  { counts, size }: CountBatch,
  direction: ParameterVector,
  n: number,
): Float64Array {
  const product = new Float64Array(n + 1);
  for (const own of counts) {
    const probabilities = softmax(logitsOf(theta, own, n));
    const change = own.map((count, item) => direction[item]! + direction[n]! * count);
    const mean = change.reduce((sum, value, item) => sum + value * probabilities[item]!, 0);
    for (let item = 0; item < n; item++) {
      const value = (probabilities[item]! * (change[item]! - mean)) / size;
      product[item]! += value;
      product[n]! += value * own[item]!;
    }
  }
  return product;
}
