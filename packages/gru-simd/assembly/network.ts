import { Activations, layerOf } from "./activations";
import { dropUnits } from "./dropout";
import { Forest } from "./forest";
import {
  gruBackward,
  gruForward,
  gruTangentBackward,
  gruTangentForward,
  gruTangentWeightGradients,
  gruWeightGradients,
} from "./gru-layer";
import {
  linearBackward,
  linearForward,
  linearTangentBackward,
  linearTangentForward,
  linearTangentWeightGradients,
  linearWeightGradients,
} from "./linear";
import { gatherRows, scatterRows } from "./rows";
import { addOffsets } from "./offsets";
import { embeddingPadded, hiddenPadded, layers } from "./shape";
import { softmaxBackward, softmaxForward, softmaxTangent } from "./softmax-cross-entropy";
import { Target } from "./target";

/** Scores of every pair, into `a.probabilities`: layers, states at the leaves, output. `embedding` has one row per item of the forest. */
export function scores(f: Forest, a: Activations, embedding: usize, dense: usize): void {
  layerOf(a, 0).input = embedding;
  for (let i = 0; i < layers; i++) gruForward(f, layerOf(a, i), i, dense);
  gatherRows(a.leafState, layerOf(a, layers - 1).state, f.leaf, f.pairs, hiddenPadded);
  dropUnits(f, a.leafState);
  linearForward(f.pairs, a.probabilities, a.leafState, dense);
}

/** Returns the loss; the values that backward needs stay in `a`. */
export function forward(f: Forest, a: Activations, embedding: usize, dense: usize): f64 {
  scores(f, a, embedding, dense);
  addOffsets(f, a.probabilities);
  return softmaxForward(f.pairs, a.probabilities, f.label) / f64(f.divisor);
}

/** Gradients of all activations, down to `a.dEmbedding`; `weightGradients` sums those of the weights, `embeddingGradient` those of the embedding rows. */
export function backward(f: Forest, a: Activations, dense: usize): void {
  softmaxBackward(f.pairs, a.dLogits, a.probabilities, f.label, f.divisor);
  linearBackward(f.pairs, a.scratch, a.dLogits, dense);
  dropUnits(f, a.scratch);
  const top = layerOf(a, layers - 1);
  memory.fill(top.dState, 0, (usize(f.nodes) * hiddenPadded) << 2);
  scatterRows(top.dState, a.scratch, f.leaf, f.pairs, hiddenPadded);
  for (let i = layers - 1; i >= 0; i--) {
    const dx = i > 0 ? layerOf(a, i - 1).dState : a.dEmbedding;
    gruBackward(f, layerOf(a, i), i, dense, dx, a.scratch);
  }
}

export function weightGradients(f: Forest, a: Activations, target: Target): void {
  for (let i = 0; i < layers; i++) gruWeightGradients(f, layerOf(a, i), i, target);
  linearWeightGradients(f.pairs, a.dLogits, a.leafState, target);
}

/** One row per item of the forest. */
export function embeddingGradient(f: Forest, a: Activations, dEmbedding: usize): void {
  memory.copy(dEmbedding, a.dEmbedding, (usize(f.rows) * embeddingPadded) << 2);
}

/** Tangents of `forward` and `backward` along u, into `t`; its `dLogits` and `dEmbedding` are the tangents of the gradients. */
export function tangents(f: Forest, a: Activations, t: Activations, dense: usize, uEmbedding: usize, u: usize): void {
  layerOf(t, 0).input = uEmbedding;
  for (let i = 0; i < layers; i++) gruTangentForward(f, layerOf(a, i), layerOf(t, i), i, dense, u);
  const top = layerOf(t, layers - 1);
  gatherRows(t.leafState, top.state, f.leaf, f.pairs, hiddenPadded);
  dropUnits(f, t.leafState);
  linearTangentForward(f.pairs, t.probabilities, a.leafState, t.leafState, dense, u);
  softmaxTangent(f.pairs, t.dLogits, t.probabilities, a.probabilities, f.divisor);

  linearTangentBackward(f.pairs, t.scratch, a.dLogits, t.dLogits, dense, u);
  dropUnits(f, t.scratch);
  memory.fill(top.dState, 0, (usize(f.nodes) * hiddenPadded) << 2);
  scatterRows(top.dState, t.scratch, f.leaf, f.pairs, hiddenPadded);
  for (let i = layers - 1; i >= 0; i--) {
    const dx = i > 0 ? layerOf(t, i - 1).dState : t.dEmbedding;
    gruTangentBackward(f, layerOf(a, i), layerOf(t, i), i, dense, u, dx, t.scratch, t.known);
  }
}

export function tangentWeightGradients(f: Forest, a: Activations, t: Activations, target: Target): void {
  for (let i = 0; i < layers; i++) gruTangentWeightGradients(f, layerOf(a, i), layerOf(t, i), i, target);
  linearTangentWeightGradients(f.pairs, a.dLogits, t.dLogits, a.leafState, t.leafState, target);
}
