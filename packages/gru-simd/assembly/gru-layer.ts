import { hyperbolicTangent, sigmoid } from "./activation-functions";
import { LayerActivations } from "./activations";
import { columnSums } from "./column-sums";
import { depthBegin, Forest } from "./forest";
import { multiplyAdd, multiplySubtract } from "./multiply-add";
import { outerProduct } from "./outer-product";
import { product } from "./product";
import { productTransposed } from "./product-transposed";
import { gatherRows, repeatRow, scatterRows } from "./rows";
import { gates, hiddenBias, hiddenPadded, hiddenWeight, inputBias, inputPadded, inputWeight } from "./shape";
import { Target } from "./target";

/*
 * Names as in the equations: r, z, n the gates; gn = gh_n; p = h' the state before; a dot is written D: Dr = ṙ.
 * Rows are nodes. Only the recurrent products depend on each other, depth by depth; the nodes of one depth share one product.
 */

/** Byte offset of a node's row. */
@inline
function row(node: i32, width: i32): usize {
  return (usize(node) * usize(width)) << 2;
}

/** Rows of a forest's list of parents. */
@inline
function parents(f: Forest, node: i32): usize {
  return f.parent + (usize(node) << 2);
}

/*
 * gi depends on the item alone. A forest in which items occur at several nodes has one product per item, whose row each of these nodes
 * gets; the other way round, dgi is summed over the nodes of an item before its products.
 */

/** Memory for gi of each input: the place of gi of the nodes, if there are as many, which are then in the same order. */
function inputGates(f: Forest, a: LayerActivations): usize {
  return a.inputs < f.nodes ? a.dHiddenGates : a.gates;
}

function toNodes(f: Forest, a: LayerActivations, gi: usize): void {
  if (gi != a.gates) gatherRows(a.gates, gi, f.row, f.nodes, gates);
}

/** Completes `dInputSums`. */
function toInputs(f: Forest, a: LayerActivations): void {
  if (a.dInputSums == a.dInputGates) return;
  memory.fill(a.dInputSums, 0, row(a.inputs, gates));
  scatterRows(a.dInputSums, a.dInputGates, f.row, f.nodes, gates);
}

/** gi = W_ih x + b_ih for each of `m` inputs. */
export function inputProducts(gi: usize, x: usize, m: i32, index: i32, dense: usize): void {
  repeatRow(gi, dense + inputBias(index), m, gates);
  productTransposed(gi, x, dense + inputWeight(index), m, gates, inputPadded(index));
}

/** gi = W_ih x + b_ih, gh = W_hh h' + b_hh; r = σ(gi_r + gh_r), z = σ(gi_z + gh_z), n = tanh(gi_n + r∘gh_n), h = (1 − z)∘n + z∘h'. */
export function gruForward(f: Forest, a: LayerActivations, index: i32, dense: usize): void {
  const gi = inputGates(f, a);
  if (index == 0 && f.inputGates != 0) gatherRows(gi, f.inputGates, f.place, a.inputs, gates);
  else inputProducts(gi, a.input, a.inputs, index, dense);
  toNodes(f, a, gi);
  // The gradient of gh is not computed yet: its buffer holds gh.
  repeatRow(a.dHiddenGates, dense + hiddenBias(index), f.nodes, gates);
  for (let depth = 0; depth < f.depths; depth++) {
    const begin = depthBegin(f, depth);
    const count = depthBegin(f, depth + 1) - begin;
    if (depth > 0) {
      const previous = a.previous + row(begin, hiddenPadded);
      gatherRows(previous, a.state, parents(f, begin), count, hiddenPadded);
      productTransposed(a.dHiddenGates + row(begin, gates), previous, dense + hiddenWeight(index), count, gates, hiddenPadded);
    }
    cells(a, begin, count);
  }
}

function cells(a: LayerActivations, begin: i32, count: i32): void {
  const width = usize(hiddenPadded) << 2;
  const one = f32x4.splat(1);
  for (let node = begin; node < begin + count; node++) {
    let gi = a.gates + row(node, gates);
    let gh = a.dHiddenGates + row(node, gates);
    let at = row(node, hiddenPadded);
    for (const end = at + width; at < end; at += 16) {
      const r = sigmoid(f32x4.add(v128.load(gi), v128.load(gh)));
      const z = sigmoid(f32x4.add(v128.load(gi + width), v128.load(gh + width)));
      const gn = v128.load(gh + 2 * width);
      const n = hyperbolicTangent(multiplyAdd(r, gn, v128.load(gi + 2 * width)));
      v128.store(gi, r);
      v128.store(gi + width, z);
      v128.store(gi + 2 * width, n);
      v128.store(a.hiddenN + at, gn);
      v128.store(a.state + at, multiplyAdd(z, v128.load(a.previous + at), f32x4.mul(f32x4.sub(one, z), n)));
      gi += 16;
      gh += 16;
    }
  }
}

/**
 * From dh (in `dState`, completed here) to dgi, dgh and dx: dz = dh∘(h' − n), dn = dh∘(1 − z), a_n = dn∘(1 − n²),
 * a_r = a_n∘gh_n∘r(1 − r), a_z = dz∘z(1 − z); dgi = [a_r, a_z, a_n], dgh = [a_r, a_z, a_n∘r]; dx = W_ihᵀ dgi, dh' = dh∘z + W_hhᵀ dgh.
 */
export function gruBackward(f: Forest, a: LayerActivations, index: i32, dense: usize, dx: usize, scratch: usize): void {
  for (let depth = f.depths - 1; depth >= 0; depth--) {
    const begin = depthBegin(f, depth);
    const count = depthBegin(f, depth + 1) - begin;
    cellsBackward(a, begin, count, scratch);
    if (depth > 0) {
      product(scratch, a.dHiddenGates + row(begin, gates), dense + hiddenWeight(index), count, gates, hiddenPadded);
      scatterRows(a.dState, scratch, parents(f, begin), count, hiddenPadded);
    }
  }
  toInputs(f, a);
  const input = inputPadded(index);
  memory.fill(dx, 0, row(a.inputs, input));
  product(dx, a.dInputSums, dense + inputWeight(index), a.inputs, gates, input);
}

/** Leaves dh∘z in `dPrevious`. */
function cellsBackward(a: LayerActivations, begin: i32, count: i32, dPrevious: usize): void {
  const width = usize(hiddenPadded) << 2;
  const one = f32x4.splat(1);
  for (let node = begin; node < begin + count; node++) {
    let gate = row(node, gates);
    let at = row(node, hiddenPadded);
    for (const end = at + width; at < end; at += 16) {
      const r = v128.load(a.gates + gate);
      const z = v128.load(a.gates + gate + width);
      const n = v128.load(a.gates + gate + 2 * width);
      const dh = v128.load(a.dState + at);
      const dz = f32x4.mul(dh, f32x4.sub(v128.load(a.previous + at), n));
      const dn = f32x4.mul(dh, f32x4.sub(one, z));
      const an = f32x4.mul(dn, multiplySubtract(n, n, one));
      const ar = f32x4.mul(f32x4.mul(an, v128.load(a.hiddenN + at)), f32x4.mul(r, f32x4.sub(one, r)));
      const az = f32x4.mul(dz, f32x4.mul(z, f32x4.sub(one, z)));
      v128.store(a.dInputGates + gate, ar);
      v128.store(a.dInputGates + gate + width, az);
      v128.store(a.dInputGates + gate + 2 * width, an);
      v128.store(a.dHiddenGates + gate, ar);
      v128.store(a.dHiddenGates + gate + width, az);
      v128.store(a.dHiddenGates + gate + 2 * width, f32x4.mul(an, r));
      v128.store(dPrevious, f32x4.mul(dh, z));
      dPrevious += 16;
      gate += 16;
    }
  }
}

/** dW_ih = Σ dgi ⊗ x, dW_hh = Σ dgh ⊗ h' (roots have none), biases likewise. */
export function gruWeightGradients(f: Forest, a: LayerActivations, index: i32, target: Target): void {
  const inner = f.nodes - f.roots;
  outerProduct(target, inputWeight(index), gates, inputPadded(index), a.dInputSums, a.input, a.inputs);
  outerProduct(target, hiddenWeight(index), gates, hiddenPadded, a.dHiddenGates + row(f.roots, gates), a.previous + row(f.roots, hiddenPadded), inner);
  columnSums(target, inputBias(index), gates, a.dInputSums, a.inputs);
  columnSums(target, hiddenBias(index), gates, a.dHiddenGates, f.nodes);
}

/**
 * ġi = W_ih ẋ + U_ih x + u_b, ġh = W_hh ḣ' + U_hh h' + u_b; ṙ = (ġi_r + ġh_r)∘r(1 − r), the same for ż,
 * ṅ = (ġi_n + ṙ∘gh_n + r∘ġh_n)∘(1 − n²), ḣ = ṅ + ż∘(h' − n) + z∘(ḣ' − ṅ).
 */
export function gruTangentForward(f: Forest, a: LayerActivations, t: LayerActivations, index: i32, dense: usize, u: usize): void {
  const input = inputPadded(index);
  const gi = inputGates(f, t);
  repeatRow(gi, u + inputBias(index), t.inputs, gates);
  productTransposed(gi, t.input, dense + inputWeight(index), t.inputs, gates, input);
  productTransposed(gi, a.input, u + inputWeight(index), t.inputs, gates, input);
  toNodes(f, t, gi);
  repeatRow(t.dHiddenGates, u + hiddenBias(index), f.nodes, gates);
  // h' is known for all nodes, so only the product with ḣ' is computed depth by depth.
  const inner = f.nodes - f.roots;
  productTransposed(t.dHiddenGates + row(f.roots, gates), a.previous + row(f.roots, hiddenPadded), u + hiddenWeight(index), inner, gates, hiddenPadded);
  for (let depth = 0; depth < f.depths; depth++) {
    const begin = depthBegin(f, depth);
    const count = depthBegin(f, depth + 1) - begin;
    if (depth > 0) {
      const previous = t.previous + row(begin, hiddenPadded);
      gatherRows(previous, t.state, parents(f, begin), count, hiddenPadded);
      productTransposed(t.dHiddenGates + row(begin, gates), previous, dense + hiddenWeight(index), count, gates, hiddenPadded);
    }
    cellsTangentForward(a, t, begin, count);
  }
}

function cellsTangentForward(a: LayerActivations, t: LayerActivations, begin: i32, count: i32): void {
  const width = usize(hiddenPadded) << 2;
  const one = f32x4.splat(1);
  for (let node = begin; node < begin + count; node++) {
    let gate = row(node, gates);
    let at = row(node, hiddenPadded);
    for (const end = at + width; at < end; at += 16) {
      const r = v128.load(a.gates + gate);
      const z = v128.load(a.gates + gate + width);
      const n = v128.load(a.gates + gate + 2 * width);
      const gi = t.gates + gate;
      const gh = t.dHiddenGates + gate;
      const Dr = f32x4.mul(f32x4.add(v128.load(gi), v128.load(gh)), f32x4.mul(r, f32x4.sub(one, r)));
      const Dz = f32x4.mul(f32x4.add(v128.load(gi + width), v128.load(gh + width)), f32x4.mul(z, f32x4.sub(one, z)));
      const Dgn = v128.load(gh + 2 * width);
      let Dn = multiplyAdd(Dr, v128.load(a.hiddenN + at), v128.load(gi + 2 * width));
      Dn = f32x4.mul(multiplyAdd(r, Dgn, Dn), multiplySubtract(n, n, one));
      v128.store(gi, Dr);
      v128.store(gi + width, Dz);
      v128.store(gi + 2 * width, Dn);
      v128.store(t.hiddenN + at, Dgn);
      let Dh = multiplyAdd(Dz, f32x4.sub(v128.load(a.previous + at), n), Dn);
      Dh = multiplyAdd(z, f32x4.sub(v128.load(t.previous + at), Dn), Dh);
      v128.store(t.state + at, Dh);
      gate += 16;
    }
  }
}

/**
 * From ḋh (in `t.dState`) to ḋgi, ḋgh and ḋx: ḋz = ḋh∘(h' − n) + dh∘(ḣ' − ṅ), ḋn = ḋh∘(1 − z) − dh∘ż,
 * ȧ_n = ḋn∘(1 − n²) − 2 dn∘n∘ṅ, ȧ_z = ḋz∘z(1 − z) + dz∘ż∘(1 − 2z), ȧ_r = (ȧ_n∘gh_n + a_n∘ġh_n)∘r(1 − r) + a_n∘gh_n∘ṙ∘(1 − 2r),
 * ḋgh_n = ȧ_n∘r + a_n∘ṙ; ḋx = W_ihᵀ ḋgi + U_ihᵀ dgi, ḋh' = ḋh∘z + dh∘ż + W_hhᵀ ḋgh + U_hhᵀ dgh.
 */
export function gruTangentBackward(
  f: Forest,
  a: LayerActivations,
  t: LayerActivations,
  index: i32,
  dense: usize,
  u: usize,
  dx: usize,
  scratch: usize,
  known: usize,
): void {
  // dgh is known everywhere, so U_hhᵀ dgh is one product.
  const inner = f.nodes - f.roots;
  memory.fill(known + row(f.roots, hiddenPadded), 0, row(inner, hiddenPadded));
  product(known + row(f.roots, hiddenPadded), a.dHiddenGates + row(f.roots, gates), u + hiddenWeight(index), inner, gates, hiddenPadded);
  for (let depth = f.depths - 1; depth >= 0; depth--) {
    const begin = depthBegin(f, depth);
    const count = depthBegin(f, depth + 1) - begin;
    cellsTangentBackward(a, t, begin, count, known, scratch);
    if (depth > 0) {
      product(scratch, t.dHiddenGates + row(begin, gates), dense + hiddenWeight(index), count, gates, hiddenPadded);
      scatterRows(t.dState, scratch, parents(f, begin), count, hiddenPadded);
    }
  }
  toInputs(f, t);
  const input = inputPadded(index);
  memory.fill(dx, 0, row(t.inputs, input));
  product(dx, t.dInputSums, dense + inputWeight(index), t.inputs, gates, input);
  product(dx, a.dInputSums, u + inputWeight(index), t.inputs, gates, input);
}

/** Leaves ḋh∘z + dh∘ż + the known part in `dPrevious`. */
function cellsTangentBackward(a: LayerActivations, t: LayerActivations, begin: i32, count: i32, known: usize, dPrevious: usize): void {
  const width = usize(hiddenPadded) << 2;
  const one = f32x4.splat(1);
  const two = f32x4.splat(2);
  for (let node = begin; node < begin + count; node++) {
    let gate = row(node, gates);
    let at = row(node, hiddenPadded);
    for (const end = at + width; at < end; at += 16) {
      const z = v128.load(a.gates + gate + width);
      const n = v128.load(a.gates + gate + 2 * width);
      const Dz = v128.load(t.gates + gate + width);
      const Dn = v128.load(t.gates + gate + 2 * width);
      const dh = v128.load(a.dState + at);
      const Ddh = v128.load(t.dState + at);
      const pn = f32x4.sub(v128.load(a.previous + at), n);
      const keep = f32x4.sub(one, z);
      v128.store(dPrevious, f32x4.add(v128.load(known + at), multiplyAdd(Ddh, z, f32x4.mul(dh, Dz))));

      const Ddz = multiplyAdd(Ddh, pn, f32x4.mul(dh, f32x4.sub(v128.load(t.previous + at), Dn)));
      const zz = f32x4.mul(z, keep);
      const Daz = multiplyAdd(Ddz, zz, f32x4.mul(f32x4.mul(f32x4.mul(dh, pn), Dz), multiplySubtract(two, z, one)));
      v128.store(t.dInputGates + gate + width, Daz);
      v128.store(t.dHiddenGates + gate + width, Daz);

      const Ddn = multiplySubtract(dh, Dz, f32x4.mul(Ddh, keep));
      const dn = f32x4.mul(dh, keep);
      const Dan = multiplySubtract(f32x4.mul(f32x4.mul(two, dn), n), Dn, f32x4.mul(Ddn, multiplySubtract(n, n, one)));
      const r = v128.load(a.gates + gate);
      const Dr = v128.load(t.gates + gate);
      const an = v128.load(a.dInputGates + gate + 2 * width);
      const gn = v128.load(a.hiddenN + at);
      const rr = f32x4.mul(r, f32x4.sub(one, r));
      const inner = multiplyAdd(Dan, gn, f32x4.mul(an, v128.load(t.hiddenN + at)));
      const Dar = multiplyAdd(inner, rr, f32x4.mul(f32x4.mul(f32x4.mul(an, gn), Dr), multiplySubtract(two, r, one)));
      v128.store(t.dInputGates + gate, Dar);
      v128.store(t.dInputGates + gate + 2 * width, Dan);
      v128.store(t.dHiddenGates + gate, Dar);
      v128.store(t.dHiddenGates + gate + 2 * width, multiplyAdd(Dan, r, f32x4.mul(an, Dr)));
      dPrevious += 16;
      gate += 16;
    }
  }
}

/** ḋW_ih = Σ ḋgi ⊗ x + dgi ⊗ ẋ, the same for ḋW_hh; biases: the sums of ḋgi and ḋgh. */
export function gruTangentWeightGradients(f: Forest, a: LayerActivations, t: LayerActivations, index: i32, target: Target): void {
  const inner = f.nodes - f.roots;
  outerProduct(target, inputWeight(index), gates, inputPadded(index), t.dInputSums, a.input, t.inputs, a.dInputSums, t.input, t.inputs);
  outerProduct(
    target,
    hiddenWeight(index),
    gates,
    hiddenPadded,
    t.dHiddenGates + row(f.roots, gates),
    a.previous + row(f.roots, hiddenPadded),
    inner,
    a.dHiddenGates + row(f.roots, gates),
    t.previous + row(f.roots, hiddenPadded),
    inner,
  );
  columnSums(target, inputBias(index), gates, t.dInputSums, t.inputs);
  columnSums(target, hiddenBias(index), gates, t.dHiddenGates, f.nodes);
}
