import { Activations, createActivations, createTangents } from "./activations";
import { allocate } from "./arena";
import { applyVector } from "./apply-vector";
import { Forest, readForest } from "./forest";
import {
  backward,
  embeddingGradient,
  forward,
  tangents,
  tangentWeightGradients,
  weightGradients,
} from "./network";
import { addVector, dot, removeAlong, scaleVector, subtractProduct } from "./rows";
import { embeddingPadded, denseBytes } from "./shape";
import { createTarget, Target, Use } from "./target";
import { alpha, dAlpha, dTheta, theta } from "./vectors";

/** Dense parameters at which the last loss was computed; read after a loss that is not finite. */
export let lastDense: usize = 0;

/** Parameters, or a vector of their shape: the embedding rows of the task's items, and the dense part. */
@unmanaged
class Point {
  embedding: usize;
  dense: usize;
}

/** Element k of a list of `Point`s. */
@inline
function pointAt(list: usize, k: i32): Point {
  return changetype<Point>(list + usize(k) * offsetof<Point>());
}

/** Element k of a list of `Activations`. */
@inline
function activationsAt(list: usize, k: i32): Activations {
  return changetype<Activations>(load<usize>(list + (usize(k) << 2)));
}

/**
 * One task's share of the meta-gradient: dθ += v, dα −= Σ g_k∘v in the vectors' `dTheta` and `dAlpha`; returns the query loss.
 *
 *     θ_{k+1} = θ_k − α∘g_k,  g_k = ∇L_support(θ_k)
 *     v = ∇L_query(θ_S);  for k = S−1 … 0:  dα −= g_k∘v,  v −= H_k(α∘v)
 *
 * With `clip` c > 0 and ‖g_k‖ > c, g_k is scaled by ĉ = c/‖g_k‖ before its step, and v −= H_k ĉ(I − ĝĝᵀ)(α∘v), ĝ = g_k/‖g_k‖.
 *
 * Compact embeddings have one row per item of a forest. In: `thetaSupport`, `alphaSupport`, `thetaQuery` (at θ_0), and `match`, for each
 * query row its support row or −1. Out: `dThetaSupport`, `dAlphaSupport` (zero on entry), and `dQuery` for rows that match none.
 */
export function taskMetaGradient(
  encodedSupport: usize,
  encodedQuery: usize,
  match: usize,
  thetaSupport: usize,
  alphaSupport: usize,
  thetaQuery: usize,
  dThetaSupport: usize,
  dAlphaSupport: usize,
  dQuery: usize,
  steps: i32,
  order: i32,
  clip: f64,
): f64 {
  const support = readForest(encodedSupport);
  const query = readForest(encodedQuery);
  const exact = order == 2 && steps > 0;
  const rowBytes = usize(embeddingPadded) << 2;
  const rowsBytes = usize(support.rows) * rowBytes;
  const kept = exact ? steps : 1;
  const points = allocate(usize(steps + 1) * offsetof<Point>());
  const gradients = allocate(usize(steps + 1) * offsetof<Point>());
  const passes = allocate(usize(kept) << 2);
  const sums = allocate(rowsBytes);
  const scales = allocate(usize(steps + 1) << 2);

  const start = pointAt(points, 0);
  start.embedding = thetaSupport;
  start.dense = theta;
  for (let k = 0; k < kept; k++) store<usize>(passes + (usize(k) << 2), changetype<usize>(createActivations(support)));
  for (let k = 0; k < steps; k++) {
    const g = pointAt(gradients, k);
    g.embedding = allocate(rowsBytes);
    g.dense = allocate(denseBytes);
    const next = pointAt(points, k + 1);
    // First order does not go back through the steps: one further point is stepped in place.
    const reuse = !exact && k > 0;
    next.embedding = reuse ? pointAt(points, k).embedding : allocate(rowsBytes);
    next.dense = reuse ? pointAt(points, k).dense : allocate(denseBytes);
  }

  const denseTarget = createTarget();
  const rowTarget = createTarget();
  denseTarget.alpha = alpha;
  rowTarget.alpha = alphaSupport;

  for (let k = 0; k < steps; k++) {
    const point = pointAt(points, k);
    const next = pointAt(points, k + 1);
    const g = pointAt(gradients, k);
    const a = activationsAt(passes, exact ? k : 0);
    lastDense = point.dense;
    const loss = forward(support, a, point.embedding, point.dense);
    if (!isFinite(loss)) return loss;
    backward(support, a, point.dense);
    aim(denseTarget, Use.Step, point.dense, next.dense, g.dense);
    aim(rowTarget, Use.Step, point.embedding, next.embedding, g.embedding);
    embeddingGradient(support, a, sums);
    denseTarget.scale = clipScale(support, a, denseTarget, Use.Step, sums, rowsBytes, clip);
    store<f32>(scales + (usize(k) << 2), denseTarget.scale);
    weightGradients(support, a, denseTarget);
    applyVector(rowTarget, 0, sums, rowsBytes);
  }
  denseTarget.scale = 1;

  const last = pointAt(points, steps);
  // The query's rows that the support also has were stepped.
  for (let i = 0; i < query.rows; i++) {
    const row = load<i32>(match + (usize(i) << 2));
    if (row >= 0) memory.copy(thetaQuery + usize(i) * rowBytes, last.embedding + usize(row) * rowBytes, rowBytes);
  }
  const q = createActivations(query);
  lastDense = last.dense;
  const loss = forward(query, q, thetaQuery, last.dense);
  if (!isFinite(loss)) return loss;
  backward(query, q, last.dense);
  embeddingGradient(query, q, dQuery);
  // v on the support's rows.
  memory.fill(sums, 0, rowsBytes);
  for (let i = 0; i < query.rows; i++) {
    const row = load<i32>(match + (usize(i) << 2));
    if (row >= 0) memory.copy(sums + usize(row) * rowBytes, dQuery + usize(i) * rowBytes, rowBytes);
  }

  const v = allocate(denseBytes);
  denseTarget.v = v;
  denseTarget.dAlpha = dAlpha;
  denseTarget.dTheta = dTheta;
  rowTarget.dAlpha = dAlphaSupport;
  rowTarget.dTheta = dThetaSupport;
  if (!exact) {
    denseTarget.use = Use.Store;
    denseTarget.out = v;
    weightGradients(query, q, denseTarget);
    for (let k = steps - 1; k >= 0; k--) {
      const g = pointAt(gradients, k);
      subtractProduct(dAlpha, g.dense, v, denseBytes);
      subtractProduct(dAlphaSupport, g.embedding, sums, rowsBytes);
    }
    addVector(dTheta, v, denseBytes);
    addVector(dThetaSupport, sums, rowsBytes);
    return loss;
  }

  rowTarget.v = allocate(rowsBytes);
  denseTarget.use = Use.Start;
  rowTarget.use = Use.Start;
  // u = α∘v, where g is still needed after it.
  const clipped = changetype<Point>(allocate(offsetof<Point>()));
  clipped.embedding = clip > 0 ? allocate(rowsBytes) : 0;
  clipped.dense = clip > 0 ? allocate(denseBytes) : 0;
  let scale = load<f32>(scales + (usize(steps - 1) << 2));
  meet(denseTarget, rowTarget, pointAt(gradients, steps - 1), scale < 1 ? clipped : pointAt(gradients, steps - 1));
  weightGradients(query, q, denseTarget);
  applyVector(rowTarget, 0, sums, rowsBytes);

  const t = createTangents(support);
  for (let k = steps - 1; k >= 0; k--) {
    const a = activationsAt(passes, k);
    const u = scale < 1 ? clipped : pointAt(gradients, k);
    if (scale < 1) throughClipping(u, pointAt(gradients, k), scale, clip, rowsBytes);
    tangents(support, a, t, pointAt(points, k).dense, u.embedding, u.dense);
    denseTarget.use = k > 0 ? Use.Middle : Use.Last;
    rowTarget.use = denseTarget.use;
    if (k > 0) {
      scale = load<f32>(scales + (usize(k - 1) << 2));
      meet(denseTarget, rowTarget, pointAt(gradients, k - 1), scale < 1 ? clipped : pointAt(gradients, k - 1));
    }
    tangentWeightGradients(support, a, t, denseTarget);
    embeddingGradient(support, t, sums);
    applyVector(rowTarget, 0, sums, rowsBytes);
  }
  return loss;
}

function aim(target: Target, use: Use, point: usize, next: usize, g: usize): void {
  target.use = use;
  target.theta = point;
  target.thetaNext = next;
  target.g = g;
}

/** Last use of g with v. u = α∘v is written over g, whose cache lines are loaded already, or elsewhere. */
function meet(dense: Target, rows: Target, g: Point, u: Point): void {
  dense.g = g.dense;
  dense.u = u.dense;
  rows.g = g.embedding;
  rows.u = u.embedding;
}

/**
 * The factor that scales the gradient of the last backward pass to at most the norm `clip`: min(1, clip/‖g‖), 1 without clipping.
 * `sums`, its embedding rows, are scaled here; the target is left with `use`.
 */
export function clipScale(
  f: Forest,
  a: Activations,
  target: Target,
  use: Use,
  sums: usize,
  bytes: usize,
  clip: f64,
): f32 {
  if (clip <= 0) return 1;
  target.use = Use.Norm;
  target.scale = 1;
  target.squares = dot(sums, sums, bytes);
  weightGradients(f, a, target);
  target.use = use;
  const norm = Math.sqrt(target.squares);
  if (!(norm > clip)) return 1;
  const scale = f32(clip / norm);
  scaleVector(sums, bytes, scale);
  return scale;
}

/** u ← ĉ(I − ĝĝᵀ)u, where g has the norm `clip` and ĝ = g/‖g‖. */
function throughClipping(u: Point, g: Point, scale: f32, clip: f64, rowsBytes: usize): void {
  const along = f32((dot(u.dense, g.dense, denseBytes) + dot(u.embedding, g.embedding, rowsBytes)) / (clip * clip));
  removeAlong(u.dense, g.dense, along, scale, denseBytes);
  removeAlong(u.embedding, g.embedding, along, scale, rowsBytes);
}
