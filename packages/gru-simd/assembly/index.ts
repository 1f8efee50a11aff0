import { createActivations, createTangents } from "./activations";
import { allocate, hold, mark, rewind } from "./arena";
import { applyVector } from "./apply-vector";
import { readForest } from "./forest";
import { inputProducts } from "./gru-layer";
import { backward, embeddingGradient, forward, scores, tangents, tangentWeightGradients, weightGradients } from "./network";
import { addUnpacked, pack, unpack } from "./pack";
import { addVector, scatterRows as scatter } from "./rows";
import { embeddingPadded, gates, items, itemsPadded, denseBytes, setShape } from "./shape";
import { createTarget, Target, Use } from "./target";
import { alpha, createVectors, dAlpha, dTheta, exchange, exchangeLength, theta, total } from "./vectors";

export { allocate, hold, release } from "./arena";
export { taskMetaGradient } from "./meta-gradient";
import { clipScale, lastDense } from "./meta-gradient";

/** Called once, first. */
export function configure(nItems: i32, embeddingDim: i32, hiddenDim: i32, numLayers: i32): void {
  setShape(nItems, embeddingDim, hiddenDim, numLayers);
  createVectors();
}

/** Floats of a compact embedding row. */
export function rowFloats(): i32 {
  return embeddingPadded;
}

/** The exchange buffer: a vector without the embedding, in the caller's order, `exchangeFloats()` floats. */
export function exchangeBuffer(): usize {
  return exchange;
}
export function exchangeFloats(): i32 {
  return exchangeLength;
}

/** Loads a vector from the exchange buffer; false if a value is not finite. */
export function loadTheta(): bool {
  return pack(exchange, theta);
}
export function loadAlpha(): bool {
  return pack(exchange, alpha);
}

/** Stores a vector in the exchange buffer. */
export function storeTheta(): void {
  unpack(theta, exchange);
}
export function storeDTheta(): void {
  unpack(dTheta, exchange);
}
export function storeDAlpha(): void {
  unpack(dAlpha, exchange);
}
export function storeLast(): void {
  unpack(lastDense, exchange);
}

/** The running total, which the host writes and reads. */
export function totalVector(): usize {
  return total;
}
/** total += a result of this call. */
export function addDThetaToTotal(): void {
  addUnpacked(dTheta, total);
}
export function addDAlphaToTotal(): void {
  addUnpacked(dAlpha, total);
}
/** total += exchange buffer. */
export function addToTotal(): void {
  // Buffers end at a cache line, so the last vector can extend beyond the floats.
  addVector(total, exchange, ((usize(exchangeLength) << 2) + 15) & ~15);
}

/** Row `index[i]` of a table of compact embedding rows += row i of `rows`; nothing where the index is −1. */
export function scatterRows(table: usize, rows: usize, index: usize, m: i32): void {
  scatter(table, rows, index, m, embeddingPadded);
}

export function clearSums(): void {
  memory.fill(dTheta, 0, denseBytes);
  memory.fill(dAlpha, 0, denseBytes);
}

/** Scores `[pairs, items]` of a forest, without padding, to `out`. All other allocations are freed, because one person is scored many times. */
export function logits(encoded: usize, embedding: usize, out: usize): void {
  const before = mark();
  const f = readForest(encoded);
  const a = createActivations(f);
  scores(f, a, embedding, theta);
  for (let i = 0; i < f.pairs; i++) {
    memory.copy(out + ((usize(i) * items) << 2), a.probabilities + ((usize(i) * itemsPadded) << 2), usize(items) << 2);
  }
  rewind(before);
}

/** gi of the first layer at θ for the items of a minibatch, for `gradient` of its parts; kept until `release` of all. */
export function inputGates(embedding: usize, rows: i32): usize {
  const gi = allocate((usize(rows) * gates) << 2);
  inputProducts(gi, embedding, rows, 0, theta);
  hold();
  return gi;
}

/** Loss at θ; the gradient goes to `dTheta`, or is added to it if `add`, and goes to `dEmbedding`, one row per item of the forest. `gi` of `inputGates` and the rows' places in it, or 0. */
export function gradient(encoded: usize, embedding: usize, dEmbedding: usize, add: bool, gi: usize, place: usize): f64 {
  const f = readForest(encoded);
  f.inputGates = gi;
  f.place = place;
  const a = createActivations(f);
  const loss = forward(f, a, embedding, theta);
  backward(f, a, theta);
  const target = createTarget();
  target.use = add ? Use.Add : Use.Store;
  target.out = dTheta;
  weightGradients(f, a, target);
  embeddingGradient(f, a, dEmbedding);
  return loss;
}

/** H(θ) u with u in `alpha` and `uEmbedding`, to `dTheta` and `out`; returns the loss. */
export function hessianVectorProduct(encoded: usize, embedding: usize, uEmbedding: usize, out: usize): f64 {
  const f = readForest(encoded);
  const a = createActivations(f);
  const loss = forward(f, a, embedding, theta);
  backward(f, a, theta);
  const t = createTangents(f);
  tangents(f, a, t, theta, uEmbedding, alpha);
  const target = createTarget();
  target.use = Use.Store;
  target.out = dTheta;
  tangentWeightGradients(f, a, t, target);
  embeddingGradient(f, t, out);
  return loss;
}

/** θ −= α∘∇L(θ), `steps` times, in `theta` and `embedding`, each gradient scaled to at most the norm `clip` (0: not); returns the last loss before a step, or the first that is not finite. Frees what it allocates. */
export function adapt(encoded: usize, embedding: usize, alphaEmbedding: usize, steps: i32, clip: f64): f64 {
  const before = mark();
  const f = readForest(encoded);
  const a = createActivations(f);
  const bytes = (usize(f.rows) * embeddingPadded) << 2;
  const sums = allocate(bytes);
  const denseTarget = createTarget();
  const rowTarget = createTarget();
  denseTarget.use = Use.Adapt;
  denseTarget.theta = theta;
  denseTarget.thetaNext = theta;
  denseTarget.alpha = alpha;
  rowTarget.use = Use.Adapt;
  rowTarget.theta = embedding;
  rowTarget.thetaNext = embedding;
  rowTarget.alpha = alphaEmbedding;
  let loss: f64 = 0;
  for (let k = 0; k < steps; k++) {
    loss = forward(f, a, embedding, theta);
    if (!isFinite(loss)) return loss;
    backward(f, a, theta);
    embeddingGradient(f, a, sums);
    denseTarget.scale = clipScale(f, a, denseTarget, Use.Adapt, sums, bytes, clip);
    weightGradients(f, a, denseTarget);
    applyVector(rowTarget, 0, sums, bytes);
  }
  rewind(before);
  return loss;
}
