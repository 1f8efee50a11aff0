import { Activations, createActivations, createTangents } from "./activations";
import { allocate } from "./arena";
import { applyVector } from "./apply-vector";
import { readForest } from "./forest";
import {
  backward,
  embeddingGradient,
  forward,
  tangents,
  tangentWeightGradients,
  weightGradients,
} from "./network";
import { addVector, subtractProduct } from "./rows";
import { embeddingPadded, restBytes } from "./shape";
import { Target, Use } from "./target";
import { alpha, dAlpha, dTheta, theta } from "./vectors";

/** Where the last loss was taken: after a loss that is not finite, the parameters to blame. */
export let lastRest: usize = 0;

/** Parameters, or a vector of their shape: the rows of the items at hand, and the rest. */
@unmanaged
class Point {
  embedding: usize;
  rest: usize;
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

  const start = pointAt(points, 0);
  start.embedding = thetaSupport;
  start.rest = theta;
  for (let k = 0; k < kept; k++) store<usize>(passes + (usize(k) << 2), changetype<usize>(createActivations(support)));
  for (let k = 0; k < steps; k++) {
    const g = pointAt(gradients, k);
    g.embedding = allocate(rowsBytes);
    g.rest = allocate(restBytes);
    const next = pointAt(points, k + 1);
    // The first order never comes back: one point beside θ_0 is stepped in place.
    const reuse = !exact && k > 0;
    next.embedding = reuse ? pointAt(points, k).embedding : allocate(rowsBytes);
    next.rest = reuse ? pointAt(points, k).rest : allocate(restBytes);
  }

  const restTarget = changetype<Target>(allocate(offsetof<Target>()));
  const rowTarget = changetype<Target>(allocate(offsetof<Target>()));
  restTarget.alpha = alpha;
  rowTarget.alpha = alphaSupport;

  for (let k = 0; k < steps; k++) {
    const point = pointAt(points, k);
    const next = pointAt(points, k + 1);
    const g = pointAt(gradients, k);
    const a = activationsAt(passes, exact ? k : 0);
    lastRest = point.rest;
    const loss = forward(support, a, point.embedding, point.rest);
    if (!isFinite(loss)) return loss;
    backward(support, a, point.rest);
    aim(restTarget, Use.Step, point.rest, next.rest, g.rest);
    aim(rowTarget, Use.Step, point.embedding, next.embedding, g.embedding);
    weightGradients(support, a, restTarget);
    embeddingGradient(support, a, sums);
    applyVector(rowTarget, sums, rowsBytes);
  }

  const last = pointAt(points, steps);
  // The query's rows that the support has too were stepped.
  for (let i = 0; i < query.rows; i++) {
    const row = load<i32>(match + (usize(i) << 2));
    if (row >= 0) memory.copy(thetaQuery + usize(i) * rowBytes, last.embedding + usize(row) * rowBytes, rowBytes);
  }
  const q = createActivations(query);
  lastRest = last.rest;
  const loss = forward(query, q, thetaQuery, last.rest);
  if (!isFinite(loss)) return loss;
  backward(query, q, last.rest);
  embeddingGradient(query, q, dQuery);
  // v on the support's rows.
  memory.fill(sums, 0, rowsBytes);
  for (let i = 0; i < query.rows; i++) {
    const row = load<i32>(match + (usize(i) << 2));
    if (row >= 0) memory.copy(sums + usize(row) * rowBytes, dQuery + usize(i) * rowBytes, rowBytes);
  }

  const v = allocate(restBytes);
  restTarget.v = v;
  restTarget.dAlpha = dAlpha;
  restTarget.dTheta = dTheta;
  rowTarget.dAlpha = dAlphaSupport;
  rowTarget.dTheta = dThetaSupport;
  if (!exact) {
    restTarget.use = Use.Store;
    restTarget.out = v;
    weightGradients(query, q, restTarget);
    for (let k = steps - 1; k >= 0; k--) {
      const g = pointAt(gradients, k);
      subtractProduct(dAlpha, g.rest, v, restBytes);
      subtractProduct(dAlphaSupport, g.embedding, sums, rowsBytes);
    }
    addVector(dTheta, v, restBytes);
    addVector(dThetaSupport, sums, rowsBytes);
    return loss;
  }

  rowTarget.v = allocate(rowsBytes);
  restTarget.use = Use.Start;
  rowTarget.use = Use.Start;
  meet(restTarget, rowTarget, pointAt(gradients, steps - 1));
  weightGradients(query, q, restTarget);
  applyVector(rowTarget, sums, rowsBytes);

  const t = createTangents(support);
  for (let k = steps - 1; k >= 0; k--) {
    const a = activationsAt(passes, k);
    const u = pointAt(gradients, k);
    tangents(support, a, t, pointAt(points, k).rest, u.embedding, u.rest);
    restTarget.use = k > 0 ? Use.Middle : Use.Last;
    rowTarget.use = restTarget.use;
    if (k > 0) meet(restTarget, rowTarget, pointAt(gradients, k - 1));
    tangentWeightGradients(support, a, t, restTarget);
    embeddingGradient(support, t, sums);
    applyVector(rowTarget, sums, rowsBytes);
  }
  return loss;
}

function aim(target: Target, use: Use, point: usize, next: usize, g: usize): void {
  target.use = use;
  target.theta = point;
  target.thetaNext = next;
  target.g = g;
}

/** v meets g for the last time: u = α∘v takes its place, in cache lines that are there already. */
function meet(rest: Target, rows: Target, g: Point): void {
  rest.g = g.rest;
  rest.u = g.rest;
  rows.g = g.embedding;
  rows.u = g.embedding;
}
