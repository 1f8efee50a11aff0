import type { Ops } from "./ops.js";

/** One way to use an operation: the shapes of its inputs, how to apply it, and the range that the inputs are drawn from. */
export interface Case {
  readonly name: string;
  readonly shapes: readonly (readonly number[])[];
  readonly apply: <T>(ops: Ops<T>, ...inputs: T[]) => T;
  readonly range?: readonly [number, number];
}

const positive = [0.6, 1.6] as const;

/** op × ways to call it: shapes that broadcast, transpositions, axes, indices that repeat. */
export const cases: readonly Case[] = [
  ...(["add", "sub", "mul", "div"] as const).flatMap((op) =>
    (
      [
        ["same shape", [2, 3], [2, 3]],
        ["row", [2, 3], [3]],
        ["column and row", [2, 1], [1, 3]],
        ["scalar", [], [2, 2]],
        ["missing and unit axes", [3], [2, 1, 1]],
      ] as const
    ).map(
      ([shapes, a, b]): Case => ({
        name: `${op}, ${shapes}`,
        shapes: [a, b],
        apply: (ops, x, y) => ops[op](x, y),
        range: positive,
      }),
    ),
  ),
  ...(["neg", "square", "exp", "sigmoid", "tanh"] as const).map(
    (op): Case => ({ name: op, shapes: [[2, 3]], apply: (ops, x) => ops[op](x) }),
  ),
  { name: "sqrt", shapes: [[2, 3]], apply: (ops, x) => ops.sqrt(x), range: positive },
  // No input is near the corner, where finite differences are wrong.
  { name: "relu", shapes: [[2, 3]], apply: (ops, x) => ops.relu(ops.sub(x, ops.tensor([0.1], []))) },
  { name: "relu of a curve", shapes: [[2, 3]], apply: (ops, x) => ops.relu(ops.tanh(ops.mul(x, x))) },
  {
    name: "where, chosen by the inputs themselves",
    shapes: [[2, 3], [2, 3]], // biome-ignore format: one line
    apply: (ops, x, y) => ops.where(ops.greater(x, y), ops.mul(x, y), ops.exp(y)),
  },
  {
    name: "where, all three broadcast",
    shapes: [[3], [2, 1]], // biome-ignore format: one line
    apply: (ops, x, y) => ops.where(ops.tensor([1, 0, 0], [3]), ops.tanh(x), ops.square(y)),
  },
  { name: "equal has no derivative", shapes: [[3]], apply: (ops, x) => ops.mul(ops.equal(x, x), ops.exp(x)) },
  { name: "max of all", shapes: [[2, 3]], apply: (ops, x) => ops.max(ops.tanh(x)) },
  { name: "max of the last axis, kept", shapes: [[2, 3]], apply: (ops, x) => ops.max(ops.square(x), [-1], true) },
  { name: "max of outer axes", shapes: [[2, 2, 2]], apply: (ops, x) => ops.exp(ops.max(x, [0, 2])) },
  { name: "log", shapes: [[2, 3]], apply: (ops, x) => ops.log(x), range: positive },
  { name: "sum of all", shapes: [[2, 3]], apply: (ops, x) => ops.sum(x) },
  { name: "sum of the first axis", shapes: [[2, 3]], apply: (ops, x) => ops.sum(x, [0]) },
  { name: "sum of outer axes, kept", shapes: [[2, 2, 2]], apply: (ops, x) => ops.sum(x, [0, -1], true) },
  { name: "mean of all", shapes: [[2, 3]], apply: (ops, x) => ops.mean(x) },
  { name: "mean of the last axis", shapes: [[2, 3]], apply: (ops, x) => ops.mean(x, [-1], true) },
  { name: "broadcastTo, new axis", shapes: [[3]], apply: (ops, x) => ops.broadcastTo(x, [2, 3]) },
  { name: "broadcastTo, unit axes", shapes: [[2, 1, 2, 1]], apply: (ops, x) => ops.broadcastTo(x, [2, 2, 2, 3]) },
  { name: "broadcastTo, scalar", shapes: [[]], apply: (ops, x) => ops.broadcastTo(x, [2, 2]) },
  { name: "reshape", shapes: [[2, 3]], apply: (ops, x) => ops.reshape(x, [3, 1, 2]) },
  { name: "transpose", shapes: [[2, 3]], apply: (ops, x) => ops.transpose(x) },
  { name: "transpose by a cycle", shapes: [[2, 1, 3]], apply: (ops, x) => ops.transpose(x, [2, 0, 1]) },
  { name: "slice", shapes: [[3, 3]], apply: (ops, x) => ops.slice(x, [1, 0], [2, 2]) },
  { name: "slice of whole rows", shapes: [[3, 2]], apply: (ops, x) => ops.slice(x, [1, 0], [2, 2]) },
  { name: "slice of a middle axis", shapes: [[2, 3, 2]], apply: (ops, x) => ops.slice(x, [0, 1, 0], [2, 2, 2]) },
  { name: "slice that jumps twice", shapes: [[2, 3, 3]], apply: (ops, x) => ops.slice(x, [0, 1, 1], [2, 2, 2]) },
  { name: "pad", shapes: [[2, 2]], apply: (ops, x) => ops.pad(x, [[1, 0], [0, 2]]) }, // biome-ignore format: one line
  { name: "concat, first axis", shapes: [[1, 2], [2, 2]], apply: (ops, x, y) => ops.concat([x, y], 0) }, // biome-ignore format: one line
  {
    name: "concat, a tensor twice and another, last axis",
    shapes: [[2, 1], [2, 2]], // biome-ignore format: one line
    apply: (ops, x, y) => ops.concat([x, y, x], 1),
  },
  ...[false, true].flatMap((transposeA) =>
    [false, true].flatMap((transposeB): Case[] => {
      const flags = `${transposeA ? "Aᵀ" : "A"}·${transposeB ? "Bᵀ" : "B"}`;
      const a = transposeA ? [3, 2] : [2, 3];
      const b = transposeB ? [2, 3] : [3, 2];
      const apply = <T>(ops: Ops<T>, x: T, y: T) => ops.matMul(x, y, transposeA, transposeB);
      return [
        { name: `matMul ${flags}`, shapes: [a, b], apply },
        { name: `matMul ${flags}, equal batches`, shapes: [[2, ...a], [2, ...b]], apply }, // biome-ignore format: one line
        { name: `matMul ${flags}, one B for all batches`, shapes: [[2, ...a], b], apply },
        { name: `matMul ${flags}, one A for all batches`, shapes: [a, [2, ...b]], apply },
      ];
    }),
  ),
  {
    name: "matMul, batches that broadcast both ways",
    shapes: [[2, 1, 1, 2], [1, 2, 2, 1]], // biome-ignore format: one line
    apply: (ops, x, y) => ops.matMul(x, y),
  },
  {
    name: "matMul, a weight used at three steps, and by itself",
    shapes: [
      [1, 2],
      [2, 2],
    ],
    apply: (ops, x, w) => ops.add(ops.matMul(ops.matMul(ops.matMul(x, w), w, false, true), w), w),
  },
  {
    name: "matMul, a weight per batch used at two steps",
    shapes: [
      [2, 1, 2],
      [2, 2, 2],
    ],
    apply: (ops, x, w) => ops.matMul(ops.tanh(ops.matMul(x, w, false, true)), w, false, true),
  },
  {
    name: "matMul, odd sizes beyond a tile",
    shapes: [[5, 5], [5, 9]], // biome-ignore format: one line
    apply: (ops, x, y) => ops.matMul(x, y),
  },
  { name: "gather, first axis", shapes: [[3, 2]], apply: (ops, x) => ops.gather(x, ops.indices([2, 0, 2], [3])) },
  { name: "gather, last axis", shapes: [[2, 3]], apply: (ops, x) => ops.gather(x, ops.indices([1, 1], [2]), 1) },
  {
    name: "gather, indices of two axes",
    shapes: [[2, 3]],
    apply: (ops, x) => ops.gather(x, ops.indices([1, 1, 0, 2], [2, 2]), 1),
  },
  {
    name: "scatterAdd, first axis",
    shapes: [[3, 2]],
    apply: (ops, x) => ops.scatterAdd(x, ops.indices([3, 0, 3], [3]), 0, 4),
  },
  {
    name: "scatterAdd, middle axes",
    shapes: [[2, 2, 2, 1]],
    apply: (ops, x) => ops.scatterAdd(x, ops.indices([1, 1, 0, 1], [2, 2]), 1, 3),
  },
  {
    name: "gatherRows, one table",
    shapes: [[3, 2]],
    apply: (ops, x) => ops.gatherRows(x, ops.indices([2, 0, 2, 1], [2, 2])),
  },
  {
    name: "gatherRows, a table per batch",
    shapes: [[2, 3, 2]],
    apply: (ops, x) => ops.gatherRows(x, ops.indices([2, 0, 2, 1, 1, 0], [2, 3])),
  },
  {
    name: "scatterRows, one table",
    shapes: [[3, 2]],
    apply: (ops, x) => ops.scatterRows(x, ops.indices([1, 1, 0], [3]), 2),
  },
  {
    name: "scatterRows, a table per batch",
    shapes: [[2, 3, 2]],
    apply: (ops, x) => ops.scatterRows(x, ops.indices([1, 1, 0, 2, 0, 2], [2, 3]), 3),
  },
  { name: "softmax", shapes: [[2, 3]], apply: (ops, x) => ops.softmax(x) },
  { name: "logSoftmax", shapes: [[2, 3]], apply: (ops, x) => ops.logSoftmax(x) },
  {
    name: "softmaxCrossEntropy",
    shapes: [[2, 3]],
    apply: (ops, x) => ops.softmaxCrossEntropy(x, ops.indices([2, 0], [2])),
  },
  {
    name: "softmaxCrossEntropy, batched",
    shapes: [[2, 2, 3]],
    apply: (ops, x) => ops.softmaxCrossEntropy(x, ops.indices([2, 0, 1, 1], [2, 2])),
  },
];

/**
 * How an operation's result becomes a scalar. `plain` alone would not test a rule whose adjoint depends on x, and a
 * rule that loses its trace is silently wrong only where x reaches the output by another path too.
 */
export const paths: readonly {
  readonly name: string;
  readonly loss: <T>(ops: Ops<T>, y: T, weights: T, inputs: readonly T[]) => T;
}[] = [
  { name: "plain", loss: (ops, y, weights) => ops.sum(ops.mul(weights, y)) },
  {
    name: "x² + op(x)",
    loss: (ops, y, weights, inputs) => ops.add(squares(ops, inputs), ops.sum(ops.mul(weights, y))),
  },
  {
    name: "‖x‖² · op(x)²",
    loss: (ops, y, weights, inputs) => ops.mul(squares(ops, inputs), ops.sum(ops.mul(weights, ops.square(y)))),
  },
];

function squares<T>(ops: Ops<T>, inputs: readonly T[]): T {
  return inputs.map((x) => ops.sum(ops.square(x))).reduce((a, b) => ops.add(a, b));
}
