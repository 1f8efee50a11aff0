import { relativeError } from "@kshot/engine-laws";
import { indices, read, tensor, useBackend } from "@kshot/tensor-fn";
import { uniformFloat64 } from "pure-rand/distribution/uniformFloat64";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import { describe, expect, test } from "vitest";
import { gruCell } from "./index.js";
import { splitRows, takeRows } from "./rows.js";

const [tasks, nodes, hidden] = [2, 3, 4];
const random = xoroshiro128plus(7);
const values = (count: number) => Float32Array.from({ length: count }, () => 2 * uniformFloat64(random) - 1);
const weightHh = values(tasks * 3 * hidden * hidden);
const biasHh = values(tasks * 3 * hidden);
const xGates = values(tasks * nodes * 3 * hidden);
const state = values(tasks * nodes * hidden);

/** The formula in float64, one number at a time. */
function textbook(h: Float32Array): number[] {
  const sigmoid = (x: number) => 1 / (1 + Math.exp(-x));
  const next: number[] = [];
  for (let row = 0; row < tasks * nodes; row++) {
    const task = Math.floor(row / nodes);
    const gh = (gate: number, unit: number) => {
      const output = task * 3 * hidden + gate * hidden + unit;
      let total = biasHh[output];
      for (let i = 0; i < hidden; i++) total += weightHh[output * hidden + i] * h[row * hidden + i];
      return total;
    };
    for (let unit = 0; unit < hidden; unit++) {
      const gi = (gate: number) => xGates[row * 3 * hidden + gate * hidden + unit];
      const r = sigmoid(gi(0) + gh(0, unit));
      const z = sigmoid(gi(1) + gh(1, unit));
      const n = Math.tanh(gi(2) + r * gh(2, unit));
      next.push((1 - z) * n + z * h[row * hidden + unit]);
    }
  }
  return next;
}

describe.each(["cpu", "wasm"] as const)("%s", (backend) => {
  test.each([
    ["a state", state],
    ["the zero state", null],
  ])("one step from %s is the textbook's, each task with its own weights", async (_, h) => {
    await useBackend(backend);
    const parameters = {
      weightHh: tensor(weightHh, [tasks, 3 * hidden, hidden]),
      biasHh: tensor(biasHh, [tasks, 1, 3 * hidden]),
    };
    const before = h === null ? null : tensor(h, [tasks, nodes, hidden]);
    const next = gruCell(parameters, tensor(xGates, [tasks, nodes, 3 * hidden]), before);
    expect(next.shape).toEqual([tasks, nodes, hidden]);
    expect(relativeError(await read(next), textbook(h ?? new Float32Array(state.length)))).toBeLessThan(1e-6);
  });

  test("rows are taken and split in place", async () => {
    await useBackend(backend);
    const x = tensor([0, 1, 2, 3, 4, 10, 11, 12, 13, 14], [2, 5, 1]);
    const pieces = splitRows(x, [0, 1, 3, 4, 5]);
    const split = await Promise.all(pieces.map(async (piece) => Array.from(await read(piece))));
    expect(split).toEqual([
      [0, 10],
      [1, 2, 11, 12],
      [3, 13],
      [4, 14],
    ]);
    const run = takeRows(x, { kind: "range", begin: 3, count: 2 }, null);
    expect(Array.from(await read(run))).toEqual([3, 4, 13, 14]);
    const own = Int32Array.of(4, 0, 1, 1);
    const gathered = takeRows(x, { kind: "gather", count: 2, indices: own }, indices(own, [2, 2]));
    expect(Array.from(await read(gathered))).toEqual([4, 0, 11, 11]);
  });
});
