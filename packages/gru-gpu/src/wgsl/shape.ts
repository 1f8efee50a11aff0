import type { GruConfig } from "@kshot/gru-layout";

/**
 * Sizes of the model, and the offset of each tensor in the part of a vector that follows the embedding (`rest`).
 *
 * The order is `gruParameterLayout`'s: per layer W_ih [3H, in], W_hh [3H, H], b_ih, b_hh; then W_fc [items, H], b_fc. The sizes are
 * data, not constants: one compilation serves every model.
 */
export const shapeWgsl = /* wgsl */ `
struct Shape {
  items: u32,
  embedding: u32,
  hidden: u32,
  layers: u32,
  /** 3H. */
  gates: u32,
  /** Parameters of layer 0, and of each layer above it. */
  first_layer: u32,
  upper_layer: u32,
  /** Offsets of W_fc and b_fc in the rest, and its end. */
  linear_weight: u32,
  linear_bias: u32,
  rest: u32,
  /** Number of all parameters, in the host's order. */
  size: u32,
}
@group(0) @binding(0) var<uniform> shape: Shape;

/** An operand that is left out. */
const NONE: u32 = 0xffffffffu;
/** How a result is combined with the old value. */
const ASSIGN: u32 = 0u;
const SUBTRACT: u32 = 1u;

fn input_width(layer: u32) -> u32 { return select(shape.hidden, shape.embedding, layer == 0u); }
fn weight_ih(layer: u32) -> u32 {
  return select(shape.first_layer + (layer - 1u) * shape.upper_layer, 0u, layer == 0u);
}
fn weight_hh(layer: u32) -> u32 { return weight_ih(layer) + shape.gates * input_width(layer); }
fn bias_ih(layer: u32) -> u32 { return weight_hh(layer) + shape.gates * shape.hidden; }
fn bias_hh(layer: u32) -> u32 { return bias_ih(layer) + shape.gates; }
/** The transposed copies of W_ih [in, 3H] and W_hh [H, 3H]. */
fn transposed_ih(layer: u32) -> u32 {
  let below = shape.gates * (shape.embedding + shape.hidden) + (layer - 1u) * shape.gates * 2u * shape.hidden;
  return select(below, 0u, layer == 0u);
}
fn transposed_hh(layer: u32) -> u32 { return transposed_ih(layer) + shape.gates * input_width(layer); }
`;

/** The values of `Shape`. */
export function shapeWords({ nItems, embeddingDim, hiddenDim, numLayers }: GruConfig): Uint32Array<ArrayBuffer> {
  const gates = 3 * hiddenDim;
  const firstLayer = gates * (embeddingDim + hiddenDim + 2);
  const upperLayer = gates * (2 * hiddenDim + 2);
  const linearWeight = firstLayer + (numLayers - 1) * upperLayer;
  const linearBias = linearWeight + nItems * hiddenDim;
  const rest = linearBias + nItems;
  const sizes = [nItems, embeddingDim, hiddenDim, numLayers, gates, firstLayer, upperLayer, linearWeight, linearBias];
  // A uniform buffer's size is a multiple of 16 bytes.
  return Uint32Array.of(...sizes, rest, nItems * embeddingDim + rest, 0);
}
