import { add, addOuterProduct, addProduct, addTransposedProduct } from "./matrix.js";

/** One layer's parameters, or their gradient, or a direction: the rows of gates r, z, n in this order, as in PyTorch. */
export interface CellParameters {
  /** [3 hidden, in] */
  readonly weightIh: Float64Array;
  /** [3 hidden, hidden] */
  readonly weightHh: Float64Array;
  /** [3 hidden] */
  readonly biasIh: Float64Array;
  /** [3 hidden] */
  readonly biasHh: Float64Array;
}

/** Values of one step of the cell for its derivatives; `before` is h′, `after` is h. */
export interface CellStep {
  readonly x: Float64Array;
  readonly before: Float64Array;
  readonly r: Float64Array;
  readonly z: Float64Array;
  readonly n: Float64Array;
  readonly ghN: Float64Array;
  readonly after: Float64Array;
}

/** Values of one backward step for its derivative. */
export interface CellAdjoint {
  readonly dAfter: Float64Array;
  readonly dn: Float64Array;
  readonly dz: Float64Array;
  readonly aN: Float64Array;
  readonly dgi: Float64Array;
  readonly dgh: Float64Array;
}

/** Tangents of a step, with the same names. */
export type CellTangent = CellStep;

/** Derivatives with respect to the inputs x and h′. */
export interface CellInputs {
  readonly x: Float64Array;
  readonly before: Float64Array;
}

/** h = (1 − z)∘n + z∘h′ with r, z = σ(gi + gh), n = tanh(gi_n + r∘gh_n). */
export function cellForward(p: CellParameters, x: Float64Array, before: Float64Array): CellStep {
  const hidden = before.length;
  const gi = p.biasIh.slice();
  const gh = p.biasHh.slice();
  addProduct(gi, p.weightIh, x);
  addProduct(gh, p.weightHh, before);
  const r = new Float64Array(hidden);
  const z = new Float64Array(hidden);
  const n = new Float64Array(hidden);
  const after = new Float64Array(hidden);
  const ghN = gh.slice(2 * hidden);
  for (let i = 0; i < hidden; i++) {
    r[i] = 1 / (1 + Math.exp(-(gi[i] + gh[i])));
    z[i] = 1 / (1 + Math.exp(-(gi[hidden + i] + gh[hidden + i])));
    n[i] = Math.tanh(gi[2 * hidden + i] + r[i] * ghN[i]);
    after[i] = (1 - z[i]) * n[i] + z[i] * before[i];
  }
  return { x, before, r, z, n, ghN, after };
}

/** Given dh, adds to the gradient and returns dx and dh′. */
export function cellBackward(
  p: CellParameters,
  { x, before, r, z, n, ghN }: CellStep,
  dAfter: Float64Array,
  gradient: CellParameters,
): { adjoint: CellAdjoint; inputs: CellInputs } {
  const hidden = before.length;
  const dz = new Float64Array(hidden);
  const dn = new Float64Array(hidden);
  const aN = new Float64Array(hidden);
  const dgi = new Float64Array(3 * hidden);
  const dgh = new Float64Array(3 * hidden);
  const dBefore = new Float64Array(hidden);
  const dx = new Float64Array(x.length);
  for (let i = 0; i < hidden; i++) {
    dz[i] = dAfter[i] * (before[i] - n[i]);
    dn[i] = dAfter[i] * (1 - z[i]);
    aN[i] = dn[i] * (1 - n[i] * n[i]);
    const aR = aN[i] * ghN[i] * r[i] * (1 - r[i]);
    const aZ = dz[i] * z[i] * (1 - z[i]);
    dgi[i] = dgh[i] = aR;
    dgi[hidden + i] = dgh[hidden + i] = aZ;
    dgi[2 * hidden + i] = aN[i];
    dgh[2 * hidden + i] = aN[i] * r[i];
    dBefore[i] = dAfter[i] * z[i];
  }
  addOuterProduct(gradient.weightIh, dgi, x);
  addOuterProduct(gradient.weightHh, dgh, before);
  add(gradient.biasIh, dgi);
  add(gradient.biasHh, dgh);
  addTransposedProduct(dx, p.weightIh, dgi);
  addTransposedProduct(dBefore, p.weightHh, dgh);
  return { adjoint: { dAfter, dn, dz, aN, dgi, dgh }, inputs: { x: dx, before: dBefore } };
}

/** Tangents of a step, the parameters moving along `u`, the inputs along ẋ and ḣ′. */
export function cellTangentForward(
  p: CellParameters,
  u: CellParameters,
  step: CellStep,
  dotX: Float64Array,
  dotBefore: Float64Array,
): CellTangent {
  const hidden = dotBefore.length;
  const dotGi = u.biasIh.slice();
  const dotGh = u.biasHh.slice();
  addProduct(dotGi, p.weightIh, dotX);
  addProduct(dotGi, u.weightIh, step.x);
  addProduct(dotGh, p.weightHh, dotBefore);
  addProduct(dotGh, u.weightHh, step.before);
  const { r, z, n, ghN, before } = step;
  const dotR = new Float64Array(hidden);
  const dotZ = new Float64Array(hidden);
  const dotN = new Float64Array(hidden);
  const dotAfter = new Float64Array(hidden);
  const dotGhN = dotGh.slice(2 * hidden);
  for (let i = 0; i < hidden; i++) {
    dotR[i] = (dotGi[i] + dotGh[i]) * r[i] * (1 - r[i]);
    dotZ[i] = (dotGi[hidden + i] + dotGh[hidden + i]) * z[i] * (1 - z[i]);
    dotN[i] = (dotGi[2 * hidden + i] + dotR[i] * ghN[i] + r[i] * dotGhN[i]) * (1 - n[i] * n[i]);
    dotAfter[i] = dotN[i] + dotZ[i] * (before[i] - n[i]) + z[i] * (dotBefore[i] - dotN[i]);
  }
  return { x: dotX, before: dotBefore, r: dotR, z: dotZ, n: dotN, ghN: dotGhN, after: dotAfter };
}

/** Given ḋh, adds to the product and returns ḋx and ḋh′. */
export function cellTangentBackward(
  p: CellParameters,
  u: CellParameters,
  { x, before, r, z, n, ghN }: CellStep,
  { dAfter, dn, dz, aN, dgi, dgh }: CellAdjoint,
  dot: CellTangent,
  dotDAfter: Float64Array,
  product: CellParameters,
): CellInputs {
  const hidden = before.length;
  const dotDgi = new Float64Array(3 * hidden);
  const dotDgh = new Float64Array(3 * hidden);
  const dotDBefore = new Float64Array(hidden);
  const dotDx = new Float64Array(x.length);
  for (let i = 0; i < hidden; i++) {
    const dotDz = dotDAfter[i] * (before[i] - n[i]) + dAfter[i] * (dot.before[i] - dot.n[i]);
    const dotDn = dotDAfter[i] * (1 - z[i]) - dAfter[i] * dot.z[i];
    const dotAN = dotDn * (1 - n[i] * n[i]) - 2 * dn[i] * n[i] * dot.n[i];
    const dotAZ = dotDz * z[i] * (1 - z[i]) + dz[i] * dot.z[i] * (1 - 2 * z[i]);
    const dotAR =
      (dotAN * ghN[i] + aN[i] * dot.ghN[i]) * r[i] * (1 - r[i]) + aN[i] * ghN[i] * dot.r[i] * (1 - 2 * r[i]);
    dotDgi[i] = dotDgh[i] = dotAR;
    dotDgi[hidden + i] = dotDgh[hidden + i] = dotAZ;
    dotDgi[2 * hidden + i] = dotAN;
    dotDgh[2 * hidden + i] = dotAN * r[i] + aN[i] * dot.r[i];
    dotDBefore[i] = dotDAfter[i] * z[i] + dAfter[i] * dot.z[i];
  }
  addOuterProduct(product.weightIh, dotDgi, x);
  addOuterProduct(product.weightIh, dgi, dot.x);
  addOuterProduct(product.weightHh, dotDgh, before);
  addOuterProduct(product.weightHh, dgh, dot.before);
  add(product.biasIh, dotDgi);
  add(product.biasHh, dotDgh);
  addTransposedProduct(dotDx, p.weightIh, dotDgi);
  addTransposedProduct(dotDx, u.weightIh, dgi);
  addTransposedProduct(dotDBefore, p.weightHh, dotDgh);
  addTransposedProduct(dotDBefore, u.weightHh, dgh);
  return { x: dotDx, before: dotDBefore };
}
