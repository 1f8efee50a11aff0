import { allocate } from "./arena";
import { Forest } from "./forest";
import { embeddingPadded, hiddenPadded, itemsPadded, layers } from "./shape";

/** Values that a GRU layer keeps of forward and backward, or of their tangents: one row per node, unless it says inputs. */
@unmanaged
export class LayerActivations {
  /** Number of distinct inputs: of the first layer the items of the forest, of a layer above it the nodes. */
  inputs: i32;
  /** x `[inputs, input]`: the caller's compact embedding, or the states below. */
  input: usize;
  /** r, z, n `[nodes, 3·hidden]`. */
  gates: usize;
  /** gh_n, the hidden part of n before r `[nodes, hidden]`. */
  hiddenN: usize;
  /** h', the state before; zero at a root `[nodes, hidden]`. */
  previous: usize;
  /** h `[nodes, hidden]`. */
  state: usize;
  /** dh, dgi, dgh. */
  dState: usize;
  dInputGates: usize;
  dHiddenGates: usize;
  /** dgi summed over the nodes of each input `[inputs, 3·hidden]`: `dInputGates` where each node has an input that no other node has. */
  dInputSums: usize;
}

/** Values that a network keeps of forward and backward, or of their tangents. */
@unmanaged
export class Activations {
  /** `LayerActivations`, one after the other. */
  layer: usize;
  /** States at the pairs' last nodes `[pairs, hidden]`, probabilities and dlogits `[pairs, items]`. */
  leafState: usize;
  probabilities: usize;
  dLogits: usize;
  /** dE, one row per item of the forest `[rows, embedding]`. */
  dEmbedding: usize;
  /** Rows of one depth, or of the pairs `[max(width, pairs), hidden]`. */
  scratch: usize;
  /** Tangents only: U_hhᵀ dgh `[nodes, hidden]`. */
  known: usize;
}

/** Memory for one pass over a forest. Roots have no previous state: those rows are set to zero here and never written. */
export function createActivations(f: Forest): Activations {
  const a = changetype<Activations>(allocate(offsetof<Activations>()));
  const hidden = usize(hiddenPadded) << 2;
  const nodes = usize(f.nodes);
  a.layer = allocate(usize(layers) * offsetof<LayerActivations>());
  for (let i = 0; i < layers; i++) {
    const layer = layerOf(a, i);
    layer.inputs = i > 0 ? f.nodes : f.rows;
    // The first layer's is set with each pass.
    layer.input = i > 0 ? layerOf(a, i - 1).state : 0;
    layer.gates = allocate(3 * nodes * hidden);
    layer.hiddenN = allocate(nodes * hidden);
    layer.previous = allocate(nodes * hidden);
    memory.fill(layer.previous, 0, usize(f.roots) * hidden);
    layer.state = allocate(nodes * hidden);
    layer.dState = allocate(nodes * hidden);
    layer.dInputGates = allocate(3 * nodes * hidden);
    layer.dHiddenGates = allocate(3 * nodes * hidden);
    layer.dInputSums = layer.inputs < f.nodes ? allocate(3 * usize(layer.inputs) * hidden) : layer.dInputGates;
  }
  a.leafState = allocate(usize(f.pairs) * hidden);
  a.probabilities = allocate((usize(f.pairs) * itemsPadded) << 2);
  a.dLogits = allocate((usize(f.pairs) * itemsPadded) << 2);
  a.dEmbedding = allocate((usize(f.rows) * embeddingPadded) << 2);
  a.scratch = allocate(usize(max(f.width, f.pairs)) * hidden);
  return a;
}

/** Memory for the tangents of a pass. */
export function createTangents(f: Forest): Activations {
  const t = createActivations(f);
  t.known = allocate((usize(f.nodes) * hiddenPadded) << 2);
  return t;
}

@inline
export function layerOf(a: Activations, index: i32): LayerActivations {
  return changetype<LayerActivations>(a.layer + usize(index) * offsetof<LayerActivations>());
}
