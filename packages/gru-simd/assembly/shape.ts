/**
 * Sizes of the model and offsets of its tensors in the kernels.
 *
 * Every width is padded with zeros to a multiple of 8, so that no kernel has a tail. `dense` is a parameter
 * vector without the embedding: per layer W_ih, W_hh, b_ih, b_hh, then the output's weight and bias. Matrices are panels:
 * 8 rows interleaved by 4 columns, element (r, k) of a matrix with K columns at ((r/8)·K/4 + k/4)·32 + (r%8)·4 + k%4. So every
 * product, with the matrix or its transpose, and every elementwise pass reads memory from front to back.
 */
export let items: i32 = 0;
export let embedding: i32 = 0;
export let hidden: i32 = 0;
export let layers: i32 = 0;
/** Padded widths; `gates` is 3·hiddenPadded, gates in the order r, z, n. */
export let itemsPadded: i32 = 0;
export let embeddingPadded: i32 = 0;
export let hiddenPadded: i32 = 0;
export let gates: i32 = 0;
/** Bytes of a `dense` vector. */
export let denseBytes: usize = 0;

@inline
function padded(n: i32): i32 {
  return (n + 7) & ~7;
}

export function setShape(nItems: i32, embeddingDim: i32, hiddenDim: i32, numLayers: i32): void {
  items = nItems;
  embedding = embeddingDim;
  hidden = hiddenDim;
  layers = numLayers;
  itemsPadded = padded(nItems);
  embeddingPadded = padded(embeddingDim);
  hiddenPadded = padded(hiddenDim);
  gates = 3 * hiddenPadded;
  denseBytes = outputBias() + (usize(itemsPadded) << 2);
}

/** Input width of a layer, padded and unpadded. */
@inline
export function inputPadded(layer: i32): i32 {
  return layer == 0 ? embeddingPadded : hiddenPadded;
}
@inline
export function inputWidth(layer: i32): i32 {
  return layer == 0 ? embedding : hidden;
}

/** Byte offsets inside a `dense` vector. */
export function inputWeight(layer: i32): usize {
  if (layer == 0) return 0;
  return (usize(gates) * (embeddingPadded + hiddenPadded + 2 + (layer - 1) * (2 * hiddenPadded + 2))) << 2;
}
export function hiddenWeight(layer: i32): usize {
  return inputWeight(layer) + ((usize(gates) * inputPadded(layer)) << 2);
}
export function inputBias(layer: i32): usize {
  return hiddenWeight(layer) + ((usize(gates) * hiddenPadded) << 2);
}
export function hiddenBias(layer: i32): usize {
  return inputBias(layer) + (usize(gates) << 2);
}
export function outputWeight(): usize {
  return inputWeight(layers);
}
export function outputBias(): usize {
  return outputWeight() + ((usize(itemsPadded) * hiddenPadded) << 2);
}
