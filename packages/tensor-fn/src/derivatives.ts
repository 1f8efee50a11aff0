import { OuterProduct } from "./adjoint.js";
import { zeros } from "./create.js";
import { add, div, exp, mul, neg, sub } from "./ops/elementwise.js";
import { gather, scatterAdd } from "./ops/gather.js";
import { matMul } from "./ops/matmul.js";
import { sum, sumTo } from "./ops/reduce.js";
import { select, shareOfLargest } from "./ops/select.js";
import { broadcastTo, pad, reshape, slice, transpose } from "./ops/shape.js";
import { softmax } from "./ops/softmax.js";
import type { Shape, Tensor } from "./tensor.js";

type None = Record<never, never>;

/** The operations with a derivative rule, and their attributes: all arguments other than float tensors. */
export interface Attributes {
  add: None;
  sub: None;
  mul: None;
  div: None;
  neg: None;
  square: None;
  exp: None;
  log: None;
  sigmoid: None;
  sqrt: None;
  tanh: None;
  /** Inputs of the mask's shape; `mask` holds 0 and 1 and has no derivative. */
  select: { readonly mask: Tensor };
  /** Axes ascending; they disappear. */
  max: { readonly axes: readonly number[] };
  /** Axes ascending; they disappear. */
  sum: { readonly axes: readonly number[] };
  broadcastTo: { readonly shape: Shape };
  reshape: { readonly shape: Shape };
  transpose: { readonly perm: readonly number[] };
  slice: { readonly begin: readonly number[]; readonly size: readonly number[] };
  pad: { readonly paddings: readonly (readonly [number, number])[] };
  concat: { readonly axis: number };
  /** Both `[batch, rows, columns]`, or both `[rows, columns]`. */
  matMul: { readonly transposeA: boolean; readonly transposeB: boolean };
  /** `indices` has rank 1. */
  gather: { readonly indices: Tensor; readonly axis: number };
  /** `indices` has rank 1; along axis 0. */
  scatterAdd: { readonly indices: Tensor; readonly size: number };
  /** Along the last axis. */
  softmax: None;
  logSoftmax: None;
  /** Inputs `[…, n]` logits and targets that sum to 1; no rule for the targets, which have no derivative. */
  crossEntropy: None;
}

export type OpName = keyof Attributes;

/** (∂output/∂input)ᵀ · adjoint for one input of an operation. */
export type Derivative<A> = (
  adjoint: Tensor,
  call: {
    readonly inputs: readonly Tensor[];
    readonly output: Tensor;
    readonly attributes: A;
    readonly position: number;
  },
) => Tensor | OuterProduct;

/**
 * Reverse rules, one per input (the last one serves the inputs after it: concat).
 *
 * A rule is written with this package's own operations only, on `inputs` and `output` *as the outer derivatives see them*:
 * then derivatives of any order follow without further code. A new operation needs a line here, one in `kernels.ts`
 * and one in the table of `test/cases.ts`; a rule must not read raw values.
 */
export const derivatives: { readonly [K in OpName]: readonly Derivative<Attributes[K]>[] } = {
  add: [(v, { inputs: [a] }) => sumTo(v, a.shape), (v, { inputs: [, b] }) => sumTo(v, b.shape)],
  sub: [(v, { inputs: [a] }) => sumTo(v, a.shape), (v, { inputs: [, b] }) => neg(sumTo(v, b.shape))],
  mul: [(v, { inputs: [a, b] }) => sumTo(mul(v, b), a.shape), (v, { inputs: [a, b] }) => sumTo(mul(v, a), b.shape)],
  div: [
    (v, { inputs: [a, b] }) => sumTo(div(v, b), a.shape),
    (v, { inputs: [, b], output }) => neg(sumTo(div(mul(v, output), b), b.shape)),
  ],
  neg: [(v) => neg(v)],
  square: [
    (v, { inputs: [x] }) => {
      const half = mul(v, x);
      return add(half, half);
    },
  ],
  exp: [(v, { output }) => mul(v, output)],
  log: [(v, { inputs: [x] }) => div(v, x)],
  // σ' = σ(1 − σ) and tanh' = 1 − tanh², arranged to need no constant tensor.
  sigmoid: [
    (v, { output }) => {
      const scaled = mul(v, output);
      return sub(scaled, mul(scaled, output));
    },
  ],
  sqrt: [(v, { output }) => div(v, add(output, output))],
  select: [
    (v, { attributes: { mask } }) => select(mask, v, zeros(v.shape)),
    (v, { attributes: { mask } }) => select(mask, zeros(v.shape), v),
  ],
  max: [(v, { inputs: [x], output, attributes: { axes } }) => shareOfLargest(v, x, output, axes)],
  tanh: [(v, { output }) => sub(v, mul(mul(v, output), output))],
  sum: [
    (v, { inputs: [x], attributes: { axes } }) =>
      broadcastTo(
        reshape(
          v,
          x.shape.map((dim, axis) => (axes.includes(axis) ? 1 : dim)),
        ),
        x.shape,
      ),
  ],
  broadcastTo: [(v, { inputs: [x] }) => sumTo(v, x.shape)],
  reshape: [(v, { inputs: [x] }) => reshape(v, x.shape)],
  transpose: [
    (v, { attributes: { perm } }) => {
      const inverse = new Array<number>(perm.length);
      perm.forEach((from, to) => {
        inverse[from] = to;
      });
      return transpose(v, inverse);
    },
  ],
  slice: [
    (v, { inputs: [x], attributes: { begin, size } }) =>
      pad(
        v,
        x.shape.map((dim, axis) => [begin[axis], dim - begin[axis] - size[axis]] as const),
      ),
  ],
  pad: [
    (v, { inputs: [x], attributes: { paddings } }) =>
      slice(
        v,
        paddings.map(([before]) => before),
        x.shape,
      ),
  ],
  concat: [
    (v, { inputs, attributes: { axis }, position }) => {
      const begin = v.shape.map(() => 0);
      for (let i = 0; i < position; i++) begin[axis] += inputs[i].shape[axis];
      return slice(v, begin, inputs[position].shape);
    },
  ],
  matMul: [
    (v, { inputs: [, b], attributes: { transposeA, transposeB } }) =>
      transposeA ? matMul(b, v, transposeB, true) : matMul(v, b, false, !transposeB),
    // An outer product is not computed here: `Adjoint` collects the many products of a weight in an unrolled network.
    (v, { inputs: [a], attributes: { transposeA, transposeB } }) => {
      if (transposeA) return transposeB ? matMul(v, a, true, true) : matMul(a, v);
      return transposeB ? new OuterProduct(v, a) : new OuterProduct(a, v);
    },
  ],
  gather: [(v, { inputs: [x], attributes: { indices, axis } }) => scatterAdd(v, indices, axis, x.shape[axis])],
  scatterAdd: [(v, { attributes: { indices } }) => gather(v, indices, 0)],
  softmax: [
    (v, { output }) => {
      const scaled = mul(v, output);
      return sub(scaled, mul(output, sum(scaled, [-1], true)));
    },
  ],
  logSoftmax: [(v, { output }) => sub(v, mul(exp(output), sum(v, [-1], true)))],
  crossEntropy: [(v, { inputs: [logits, targets] }) => mul(reshape(v, [...v.shape, 1]), sub(softmax(logits), targets))],
};
