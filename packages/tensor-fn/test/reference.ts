import type { Ops } from "./ops.js";

/** A float64 array with a shape, row-major. */
export interface Array64 {
  readonly shape: readonly number[];
  readonly data: Float64Array;
}

type Index = readonly number[];

const size = (shape: Index) => shape.reduce((product, dim) => product * dim, 1);

function build(shape: Index, value: (index: number[]) => number): Array64 {
  const data = new Float64Array(size(shape));
  const index = shape.map(() => 0);
  for (let flat = 0; flat < data.length; flat++) {
    data[flat] = value(index);
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      if (++index[axis] < shape[axis]) break;
      index[axis] = 0;
    }
  }
  return { shape, data };
}

// Reads as NumPy broadcasts: missing leading axes and axes of size 1 repeat.
function at(x: Array64, index: Index): number {
  let flat = 0;
  const missing = index.length - x.shape.length;
  x.shape.forEach((dim, axis) => {
    flat = flat * dim + (dim === 1 ? 0 : index[axis + missing]);
  });
  return x.data[flat];
}

function joint(a: Index, b: Index): number[] {
  const rank = Math.max(a.length, b.length);
  return Array.from({ length: rank }, (_, i) => Math.max(a[i - rank + a.length] ?? 1, b[i - rank + b.length] ?? 1));
}

const binary = (f: (a: number, b: number) => number) => (a: Array64, b: Array64) =>
  build(joint(a.shape, b.shape), (index) => f(at(a, index), at(b, index)));
const unary =
  (f: (x: number) => number) =>
  (x: Array64): Array64 => ({ shape: x.shape, data: x.data.map(f) });

function sum(x: Array64, axes: Index = x.shape.map((_, axis) => axis), keepDims = false): Array64 {
  const over = axes.map((axis) => (axis + x.shape.length) % x.shape.length);
  const kept = x.shape.map((dim, axis) => (over.includes(axis) ? 1 : dim));
  const total = build(kept, () => 0);
  build(x.shape, (index) => {
    let flat = 0;
    kept.forEach((dim, axis) => {
      flat = flat * dim + (dim === 1 ? 0 : index[axis]);
    });
    return (total.data[flat] += at(x, index));
  });
  return keepDims ? total : { shape: x.shape.filter((_, axis) => !over.includes(axis)), data: total.data };
}

function max(x: Array64, axes: Index = x.shape.map((_, axis) => axis), keepDims = false): Array64 {
  const over = axes.map((axis) => (axis + x.shape.length) % x.shape.length);
  const kept = x.shape.map((dim, axis) => (over.includes(axis) ? 1 : dim));
  const largest = build(kept, (index) => {
    let most = -Infinity;
    build(x.shape, (other) => {
      const same = other.every((i, axis) => over.includes(axis) || i === index[axis]);
      if (same) most = Math.max(most, at(x, other));
      return 0;
    });
    return most;
  });
  return keepDims ? largest : { shape: x.shape.filter((_, axis) => !over.includes(axis)), data: largest.data };
}

const matrix = (x: Array64, transposed: boolean): Array64 => {
  const rank = x.shape.length;
  const order = x.shape.map((_, axis) => axis);
  return transposed ? reference.transpose(x, [...order.slice(0, -2), rank - 1, rank - 2]) : x;
};

function softmaxRow(x: Array64, index: Index): { shifted: number; total: number } {
  const row = Array.from({ length: x.shape.at(-1)! }, (_, j) => at(x, [...index.slice(0, -1), j]));
  const largest = Math.max(...row);
  return {
    shifted: at(x, index) - largest,
    total: row.reduce((total, value) => total + Math.exp(value - largest), 0),
  };
}

/** The operations by their definitions, element by element, in float64. Slow, and written without looking at the rules. */
export const reference: Ops<Array64> = {
  add: binary((a, b) => a + b),
  sub: binary((a, b) => a - b),
  mul: binary((a, b) => a * b),
  div: binary((a, b) => a / b),
  neg: unary((x) => -x),
  square: unary((x) => x * x),
  exp: unary(Math.exp),
  log: unary(Math.log),
  sigmoid: unary((x) => 1 / (1 + Math.exp(-x))),
  sqrt: unary(Math.sqrt),
  tanh: unary(Math.tanh),
  relu: unary((x) => Math.max(x, 0)),
  greater: binary((a, b) => (a > b ? 1 : 0)),
  equal: binary((a, b) => (a === b ? 1 : 0)),
  where: (condition, a, b) =>
    build(joint(joint(condition.shape, a.shape), b.shape), (index) => at(at(condition, index) !== 0 ? a : b, index)),
  max,
  sum,
  mean: (x, axes, keepDims) => {
    const total = sum(x, axes, keepDims);
    return unary((value) => (value * total.data.length) / x.data.length)(total);
  },
  broadcastTo: (x, shape) => build(shape, (index) => at(x, index)),
  reshape: (x, shape) => ({ shape, data: x.data }),
  transpose: (x, perm = x.shape.map((_, axis) => x.shape.length - 1 - axis)) =>
    build(
      perm.map((from) => x.shape[from]),
      (index) => {
        const source = new Array<number>(perm.length);
        perm.forEach((from, to) => {
          source[from] = index[to];
        });
        return at(x, source);
      },
    ),
  slice: (x, begin, extent) =>
    build(extent, (index) =>
      at(
        x,
        index.map((i, axis) => i + begin[axis]),
      ),
    ),
  pad: (x, paddings) =>
    build(
      x.shape.map((dim, axis) => dim + paddings[axis][0] + paddings[axis][1]),
      (index) => {
        const inner = index.map((i, axis) => i - paddings[axis][0]);
        return inner.every((i, axis) => i >= 0 && i < x.shape[axis]) ? at(x, inner) : 0;
      },
    ),
  concat: (list, axis) => {
    const shape = [...list[0].shape];
    shape[axis] = list.reduce((total, x) => total + x.shape[axis], 0);
    return build(shape, (index) => {
      let position = index[axis];
      for (const x of list) {
        if (position < x.shape[axis]) return at(x, index.with(axis, position));
        position -= x.shape[axis];
      }
      return Number.NaN;
    });
  },
  matMul: (a, b, transposeA = false, transposeB = false) => {
    const [left, right] = [matrix(a, transposeA), matrix(b, transposeB)];
    const batch = joint(left.shape.slice(0, -2), right.shape.slice(0, -2));
    const inner = left.shape.at(-1)!;
    return build([...batch, left.shape.at(-2)!, right.shape.at(-1)!], (index) => {
      const [row, column] = index.slice(-2);
      let total = 0;
      for (let p = 0; p < inner; p++) {
        total += at(left, [...index.slice(0, -2), row, p]) * at(right, [...index.slice(0, -2), p, column]);
      }
      return total;
    });
  },
  gather: (x, indices, axis = 0) =>
    build([...x.shape.slice(0, axis), ...indices.shape, ...x.shape.slice(axis + 1)], (index) => {
      const picked = at(indices, index.slice(axis, axis + indices.shape.length));
      return at(x, [...index.slice(0, axis), picked, ...index.slice(axis + indices.shape.length)]);
    }),
  scatterAdd: (x, indices, axis, extent) =>
    build([...x.shape.slice(0, axis), extent, ...x.shape.slice(axis + indices.shape.length)], (target) => {
      let total = 0;
      build(indices.shape, (position) => {
        if (at(indices, position) !== target[axis]) return 0;
        return (total += at(x, [...target.slice(0, axis), ...position, ...target.slice(axis + 1)]));
      });
      return total;
    }),
  gatherRows: (table, indices) =>
    table.shape.length === 2
      ? reference.gather(table, indices, 0)
      : build([table.shape[0], indices.shape[1], table.shape[2]], ([t, m, d]) =>
          at(table, [t, at(indices, [t, m]), d]),
        ),
  scatterRows: (x, indices, rows) =>
    indices.shape.length === 1
      ? reference.scatterAdd(x, indices, 0, rows)
      : build([x.shape[0], rows, x.shape[2]], ([t, row, d]) => {
          let total = 0;
          for (let m = 0; m < x.shape[1]; m++) if (at(indices, [t, m]) === row) total += at(x, [t, m, d]);
          return total;
        }),
  softmax: (x) =>
    build(x.shape, (index) => {
      const { shifted, total } = softmaxRow(x, index);
      return Math.exp(shifted) / total;
    }),
  logSoftmax: (x) =>
    build(x.shape, (index) => {
      const { shifted, total } = softmaxRow(x, index);
      return shifted - Math.log(total);
    }),
  softmaxCrossEntropy: (logits, labels) =>
    build(labels.shape, (index) => {
      const { shifted, total } = softmaxRow(logits, [...index, at(labels, index)]);
      return Math.log(total) - shifted;
    }),
  tensor: (values, shape) => ({ shape, data: Float64Array.from(values) }),
  indices: (values, shape) => ({ shape, data: Float64Array.from(values) }),
};
