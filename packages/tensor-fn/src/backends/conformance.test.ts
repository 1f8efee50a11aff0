import * as tf from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, test } from "vitest";
import { type Case, cases, paths } from "../../test/cases.js";
import { finiteDifferences } from "../../test/finite-differences.js";
import type { Ops } from "../../test/ops.js";
import { type Array64, reference } from "../../test/reference.js";
import type { Tensor, Tree } from "../index.js";
import * as tensorFn from "../index.js";
import { activeBackend } from "./backend.js";

// float32 rounds at 6e-8; a third derivative of a batch of matrix products sums some hundred rounded terms of size up to
// ten times the result, which stays below 2e-5, the project's tolerance for float32. The finite differences themselves
// are good to 1e-8.
const tolerance = 2e-5;

const ops: Ops<Tensor> = tensorFn;
const {
  add,
  backendInstalled,
  backendNames,
  grad,
  hessianVectorProduct,
  mul,
  readSync,
  sum,
  tensor,
  tensorCount,
  tidy,
  useBackend,
} = tensorFn;

// Every backend that is installed here. An installed backend that does not load fails. `tensorflow` is an optional package.
describe.each(backendNames)("on %s", (backend) => {
  if (!backendInstalled(backend)) {
    test.skip("not installed here");
    return;
  }
  beforeAll(() => useBackend(backend));

  test("it is the active backend", () => {
    expect(tf.getBackend()).toBe(backend);
    expect(activeBackend()).toMatchObject({ name: backend, device: expect.stringMatching(/^[cg]pu$/) });
  });

  test("intermediate tensors of a derivative are freed", () => {
    const x = { w: tensor([1, 2, 3, 4], [2, 2]) };
    const f = ({ w }: { w: Tensor }) => sum(tensorFn.softmax(tensorFn.matMul(w, tensorFn.tanh(w))));
    const before = tensorCount();
    tensorFn.dispose(hessianVectorProduct(f)(x, x));
    expect(tensorCount()).toBe(before);
  });

  test("NaN and infinity are preserved", async () => {
    const x = tensor([Number.NaN, Number.POSITIVE_INFINITY, -0, 1e30], [4]);
    expect([...readSync(mul(x, x))]).toEqual([Number.NaN, Number.POSITIVE_INFINITY, 0, Number.POSITIVE_INFINITY]);
    expect([...(await tensorFn.read(add(x, x)))].slice(0, 2)).toEqual([Number.NaN, Number.POSITIVE_INFINITY]);
  });

  test.each(cases)("$name: value", (row) => {
    const { inputs, shapes } = draw(row);
    const expected = row.apply(reference, ...split(inputs, shapes));
    const found = tidy(() => row.apply(ops, ...split(inputs, shapes).map(upload)));
    expect(found.shape).toEqual(expected.shape);
    expect(distance(readSync(found), expected.data)).toBeLessThan(tolerance);
  });

  describe.each(paths)("path $name", ({ name: path, loss }) => {
    test.each(cases)("$name: orders 1, 2, 3", (row) => {
      const { inputs, direction, weights, shapes } = draw(row);
      const exact = (x: Float64Array) => {
        const parts = split(x, shapes);
        const y = row.apply(reference, ...parts);
        return loss(reference, y, reference.tensor(weights(y.data.length), y.shape), parts).data[0];
      };
      const f = (parameters: Tree) => {
        const parts = Object.values(parameters);
        const y = row.apply(ops, ...parts);
        const count = y.shape.reduce((product, dim) => product * dim, 1);
        return loss(ops, y, tensor(weights(count), y.shape), parts);
      };
      const x = tree(inputs, shapes);
      const u = tree(direction, shapes);
      const along = (g: Tree) =>
        Object.keys(u)
          .map((name) => sum(mul(g[name], u[name])))
          .reduce((a, b) => add(a, b));
      const found = tidy(() => [
        grad(f)(x),
        hessianVectorProduct(f)(x, u),
        grad((p: Tree) => along(hessianVectorProduct(f)(p, u)))(x),
      ]);
      for (const order of [1, 2, 3] as const) {
        const values = Object.values(found[order - 1]).flatMap((part) => [...readSync(part)]);
        const expected = once(row, `${path}, order ${order}`, () => finiteDifferences(exact, inputs, direction, order));
        expect(distance(values, expected), `order ${order}`).toBeLessThan(tolerance);
      }
    });
  });
});

// The reference does not depend on the backend, and takes most of the time: it is computed for the first backend.
const references = new Map<Case, Map<string, Float64Array>>(cases.map((row) => [row, new Map()]));
function once(row: Case, derivative: string, compute: () => Float64Array): Float64Array {
  const known = references.get(row)?.get(derivative) ?? compute();
  references.get(row)?.set(derivative, known);
  return known;
}

// ‖a − b‖ / (‖b‖ + 1): relative, and absolute where the right answer is zero.
function distance(found: ArrayLike<number>, expected: ArrayLike<number>): number {
  expect(found.length).toBe(expected.length);
  let difference = 0;
  let norm = 0;
  for (let i = 0; i < expected.length; i++) {
    difference += (found[i] - expected[i]) ** 2;
    norm += expected[i] ** 2;
  }
  return Math.sqrt(difference) / (Math.sqrt(norm) + 1);
}

// Numbers of a fixed sequence (golden-ratio rotation): spread evenly, different everywhere, no seed.
function draw({ shapes, range: [low, high] = [-1.2, 1.2] }: Case) {
  const count = shapes.flatMap((shape) => [shape.reduce((product, dim) => product * dim, 1)]).reduce((a, b) => a + b);
  const spread = (i: number) => ((i + 1) * 0.6180339887498949) % 1;
  // Rounded to float32, so that both sides use the same numbers.
  return {
    shapes,
    inputs: Float64Array.from({ length: count }, (_, i) => Math.fround(low + (high - low) * spread(i))),
    direction: Float64Array.from({ length: count }, (_, i) => Math.fround(2 * spread(i + 31) - 1)),
    weights: (length: number) => Array.from({ length }, (_, i) => Math.fround(2 * spread(i + 77) - 1)),
  };
}

function split(values: Float64Array, shapes: Case["shapes"]): Array64[] {
  let begin = 0;
  return shapes.map((shape) => {
    const end = begin + shape.reduce((product, dim) => product * dim, 1);
    const part = { shape, data: values.slice(begin, end) };
    begin = end;
    return part;
  });
}

function upload({ data, shape }: Array64): Tensor {
  return tensor(data, shape);
}

function tree(values: Float64Array, shapes: Case["shapes"]): Tree {
  return Object.fromEntries(split(values, shapes).map((part, i) => [`input${i}`, upload(part)]));
}
