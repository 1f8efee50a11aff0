import type { Golden } from "@kshot/contract/schemas";
import {
  type CellAdjoint,
  type CellStep,
  type CellTangent,
  cellBackward,
  cellForward,
  cellTangentBackward,
  cellTangentForward,
} from "./gru-cell.js";
import { linearBackward, linearForward, linearTangentBackward, linearTangentForward } from "./linear.js";
import { add } from "./matrix.js";
import { type Parameters, parametersOf, type ReferenceConfig } from "./parameters.js";
import { crossEntropyBackward, crossEntropyForward, crossEntropyTangentBackward } from "./softmax-cross-entropy.js";

export type ReferencePairs = Golden["tasks"][number]["support"];

/** One sequence's forward pass: `steps[layer][time]`. */
interface SequencePass {
  readonly items: readonly number[];
  readonly steps: readonly (readonly CellStep[])[];
  readonly last: Float64Array;
  readonly logits: Float64Array;
}

/** Logits of every sequence and their mean loss. */
export function lossAndLogits(
  config: ReferenceConfig,
  theta: Float64Array,
  pairs: ReferencePairs,
): { loss: number; logits: Float64Array[] } {
  const p = parametersOf(config, theta);
  const logits = pairs.sequences.map((sequence) => forward(config, p, sequence).logits);
  const losses = logits.map((row, b) => crossEntropyForward(row, pairs.labels[b]).loss);
  return { loss: losses.reduce((sum, loss) => sum + loss, 0) / losses.length, logits };
}

/** Mean loss of the pairs and its gradient, one sequence at a time. */
export function lossAndGradient(
  config: ReferenceConfig,
  theta: Float64Array,
  pairs: ReferencePairs,
): { loss: number; gradient: Float64Array } {
  const p = parametersOf(config, theta);
  const gradient = parametersOf(config);
  const batchSize = pairs.sequences.length;
  let loss = 0;
  pairs.sequences.forEach((sequence, b) => {
    const pass = forward(config, p, sequence);
    const entropy = crossEntropyForward(pass.logits, pairs.labels[b]);
    loss += entropy.loss / batchSize;
    backward(config, p, pass, crossEntropyBackward(entropy.p, pairs.labels[b], batchSize), gradient);
  });
  return { loss, gradient: gradient.flat };
}

/** H u: the derivative of the gradient along `direction`, by carrying a tangent through forward and backward. */
export function hessianVectorProduct(
  config: ReferenceConfig,
  theta: Float64Array,
  pairs: ReferencePairs,
  direction: Float64Array,
): Float64Array {
  const p = parametersOf(config, theta);
  const u = parametersOf(config, direction);
  const gradient = parametersOf(config);
  const product = parametersOf(config);
  const batchSize = pairs.sequences.length;
  pairs.sequences.forEach((sequence, b) => {
    const pass = forward(config, p, sequence);
    const { p: probabilities } = crossEntropyForward(pass.logits, pairs.labels[b]);
    const dLogits = crossEntropyBackward(probabilities, pairs.labels[b], batchSize);
    const adjoints = backward(config, p, pass, dLogits, gradient);

    const tangents = tangentForward(config, u, p, pass);
    const dotLast = tangents.at(-1)!.at(-1)!.after;
    const dotLogits = linearTangentForward(p.output, u.output, pass.last, dotLast);
    const dotDy = crossEntropyTangentBackward(probabilities, dotLogits, batchSize);
    const dotDLast = linearTangentBackward(
      p.output,
      u.output,
      { x: pass.last, dotX: dotLast, dy: dLogits, dotDy },
      product.output,
    );
    downwards(config, pass.items, dotDLast, product, (layer, t, dotDAfter) =>
      cellTangentBackward(
        p.layers[layer],
        u.layers[layer],
        pass.steps[layer][t],
        adjoints[layer][t],
        tangents[layer][t],
        dotDAfter,
        product.layers[layer],
      ),
    );
  });
  return product.flat;
}

function forward(config: ReferenceConfig, p: Parameters, sequence: readonly number[]): SequencePass {
  const { embeddingDim, hiddenDim, maxSeqLen } = config;
  const items = sequence.slice(-maxSeqLen);
  let inputs = items.map((item) => p.embedding.subarray(item * embeddingDim, (item + 1) * embeddingDim));
  const steps: CellStep[][] = [];
  for (const layer of p.layers) {
    let h = new Float64Array(hiddenDim);
    const along: CellStep[] = [];
    for (const x of inputs) {
      const step = cellForward(layer, x, h);
      along.push(step);
      h = step.after as Float64Array<ArrayBuffer>;
    }
    steps.push(along);
    inputs = along.map(({ after }) => after);
  }
  const last = inputs.at(-1)!;
  return { items, steps, last, logits: linearForward(p.output, last) };
}

function backward(
  config: ReferenceConfig,
  p: Parameters,
  pass: SequencePass,
  dLogits: Float64Array,
  gradient: Parameters,
): CellAdjoint[][] {
  const adjoints: CellAdjoint[][] = p.layers.map(() => []);
  const dLast = linearBackward(p.output, pass.last, dLogits, gradient.output);
  downwards(config, pass.items, dLast, gradient, (layer, t, dAfter) => {
    const { adjoint, inputs } = cellBackward(p.layers[layer], pass.steps[layer][t], dAfter, gradient.layers[layer]);
    adjoints[layer][t] = adjoint;
    return inputs;
  });
  return adjoints;
}

function tangentForward(config: ReferenceConfig, u: Parameters, p: Parameters, pass: SequencePass): CellTangent[][] {
  const { embeddingDim, hiddenDim } = config;
  // The embedding is linear in its rows: the tangent of a row is the direction's row.
  let inputs = pass.items.map((item) => u.embedding.subarray(item * embeddingDim, (item + 1) * embeddingDim));
  const tangents: CellTangent[][] = [];
  for (let layer = 0; layer < p.layers.length; layer++) {
    let dotH: Float64Array = new Float64Array(hiddenDim);
    const along: CellTangent[] = [];
    for (let t = 0; t < inputs.length; t++) {
      const tangent = cellTangentForward(p.layers[layer], u.layers[layer], pass.steps[layer][t], inputs[t], dotH);
      along.push(tangent);
      dotH = tangent.after;
    }
    tangents.push(along);
    inputs = along.map(({ after }) => after);
  }
  return tangents;
}

/**
 * The order of every backward pass: layers from the top, time from the end. `step` gets dh (from the layer above and from
 * the step after) and returns dx and dh′; what reaches the bottom is added to the embedding's rows.
 */
function downwards(
  config: ReferenceConfig,
  items: readonly number[],
  dLast: Float64Array,
  into: Parameters,
  step: (layer: number, t: number, dAfter: Float64Array) => { x: Float64Array; before: Float64Array },
): void {
  const { embeddingDim, hiddenDim, numLayers } = config;
  let above: (Float64Array | undefined)[] = items.map(() => undefined);
  above[items.length - 1] = dLast;
  for (let layer = numLayers - 1; layer >= 0; layer--) {
    let carried: Float64Array = new Float64Array(hiddenDim);
    const below: Float64Array[] = [];
    for (let t = items.length - 1; t >= 0; t--) {
      const fromAbove = above[t];
      if (fromAbove !== undefined) add(carried, fromAbove);
      const { x, before } = step(layer, t, carried);
      below[t] = x;
      carried = before;
    }
    above = below;
  }
  items.forEach((item, t) => {
    add(into.embedding.subarray(item * embeddingDim, (item + 1) * embeddingDim), above[t]!);
  });
}
