import type { Pairs } from "@kshot/contract";
import { prefixForest } from "@kshot/gru-layout";
import fc from "fast-check";
import { expect, test } from "vitest";
import { chunksOf } from "./chunks.js";
import type { Lane } from "./lane.js";
import { type Plan, planLanes } from "./plan.js";
import { rowsOf } from "./rows.js";

const config = { nItems: 4, embeddingDim: 2, hiddenDim: 3, numLayers: 1, dropout: 0, maxSeqLen: 5 };

const anyPairs: fc.Arbitrary<Pairs> = fc
  .array(fc.tuple(fc.array(fc.nat(3), { minLength: 1, maxLength: 7 }), fc.nat(3)), { minLength: 1, maxLength: 8 })
  .map((rows) => ({ sequences: rows.map(([sequence]) => sequence), labels: rows.map(([, label]) => label) }));

const lane = (pairs: Pairs): Lane => ({
  forest: prefixForest(pairs, config),
  masked: null,
  stateDropout: null,
  offsets: null,
});

/** Row `i` of a lane, as `takeRows` takes it. */
function taken(rows: Plan["parents"][number], lane: number, i: number): number {
  if (rows.kind === "gather") return rows.indices[lane * rows.count + i];
  return rows.kind === "range" ? rows.begin + i : i;
}

/** The history that a slot's state has seen, read through the plan alone. */
function historyOfSlot(plan: Plan, lane: number, slot: number): number[] {
  let depth = 0;
  let first = 0;
  for (; ; depth++) {
    const count = plan.reads[depth]?.count ?? 0;
    if (slot < first + count) break;
    first += count;
  }
  let node = taken(plan.reads[depth]!, lane, slot - first);
  const history: number[] = [];
  for (; depth >= 0; depth--) {
    history.unshift(plan.items[lane * plan.nodes + plan.depthOffsets[depth] + node]);
    if (depth > 0) node = taken(plan.parents[depth], lane, node);
  }
  return history;
}

test("every pair's slot reads the state after its own history, together with any other pairs", () => {
  fc.assert(
    fc.property(fc.array(anyPairs, { minLength: 1, maxLength: 5 }), (all) => {
      const plan = planLanes(all.map(lane));
      for (const [i, { sequences, labels }] of all.entries()) {
        const slots = new Set(plan.slotOf[i]);
        expect(slots.size).toBe(sequences.length);
        for (const [pair, sequence] of sequences.entries()) {
          const slot = plan.slotOf[i][pair];
          expect(historyOfSlot(plan, i, slot)).toEqual(Array.from(sequence).slice(-5));
          expect(plan.labels[i * plan.slots + slot]).toBe(labels[pair]);
        }
        for (let slot = 0; slot < plan.slots; slot++) {
          const weight = slots.has(slot) ? Math.fround(1 / sequences.length) : 0;
          expect(plan.weights[i * plan.slots + slot]).toBe(weight);
        }
      }
    }),
  );
});

test("nested prefixes of many equal tasks need no gather", () => {
  const nested = (first: number) => ({ sequences: [[first], [first, 1], [first, 1, 2]], labels: [0, 0, 0] });
  const plan = planLanes([lane(nested(0)), lane(nested(1)), lane(nested(2))]);
  expect([...plan.parents.slice(1), ...plan.reads].map((rows) => rows?.kind)).toEqual(Array(5).fill("all"));
});

test("unshared chains of different lengths need no gather", () => {
  // The last pair ends before the first one at the same depth: its chain goes deeper.
  const sequences = [[0, 1], [1, 1, 1], [2], [1, 1]];
  const plan = planLanes([lane({ sequences, labels: [0, 0, 0, 0] })]);
  expect([...plan.parents.slice(1), ...plan.reads].map((rows) => rows?.kind)).not.toContain("gather");
});

test.each([
  ["all rows", [[0, 1, 2]], 3, 3, { kind: "all", count: 3 }],
  ["a run", [[1, 2]], 2, 4, { kind: "range", begin: 1, count: 2 }],
  ["a run with padding", [[1, 2, 3], [1]], 3, 4, { kind: "range", begin: 1, count: 3 }],
  ["a run whose padding would leave the tensor", [[2], []], 2, 3, { kind: "gather", count: 2, indices: [2, 0, 0, 0] }],
  ["unlike runs", [[1], [0]], 1, 2, { kind: "gather", count: 1, indices: [1, 0] }],
  ["a repeated row", [[1, 1]], 2, 3, { kind: "gather", count: 2, indices: [1, 1] }],
])("%s", (_, wanted, count, n, rows) => {
  const found = rowsOf(
    wanted.map((indices) => Int32Array.from(indices)),
    count,
    n,
  );
  expect(found.kind === "gather" ? { ...found, indices: Array.from(found.indices) } : found).toEqual(rows);
});

test("chunks hold every lane once, at most 32 at a time, and padding at most doubles the nodes", () => {
  fc.assert(
    fc.property(fc.array(anyPairs, { minLength: 1, maxLength: 80 }), (all) => {
      const lanes = all.map(lane);
      const chunks = chunksOf(lanes, config);
      expect(chunks.flat().sort((a, b) => a - b)).toEqual(Array.from(lanes.keys()));
      for (const chunk of chunks) {
        expect(chunk.length).toBeLessThanOrEqual(32);
        const plan = planLanes(chunk.map((i) => lanes[i]));
        const nodes = chunk.reduce((sum, i) => sum + lanes[i].forest.items.length, 0);
        if (chunk.length > 1) expect(plan.lanes * plan.nodes).toBeLessThanOrEqual(2 * nodes);
      }
    }),
  );
});

test("work that exceeds the memory limit is split into chunks", () => {
  const large = { ...config, nItems: 100_000, hiddenDim: 512 };
  const lanes = Array.from({ length: 8 }, () => lane({ sequences: [[0, 1]], labels: [0] }));
  expect(chunksOf(lanes, config)).toHaveLength(1);
  expect(chunksOf(lanes, large)).toHaveLength(8);
});
