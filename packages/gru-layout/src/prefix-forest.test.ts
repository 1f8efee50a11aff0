import { KshotError, type Pairs } from "@kshot/contract";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type PrefixForest, prefixForest } from "./prefix-forest.js";

const config = { nItems: 5, maxSeqLen: 4 };

const anyPairs: fc.Arbitrary<Pairs> = fc
  .array(fc.tuple(fc.array(fc.nat(4), { minLength: 1, maxLength: 7 }), fc.nat(4)), { minLength: 1, maxLength: 12 })
  .map((rows) => ({ sequences: rows.map(([sequence]) => sequence), labels: rows.map(([, label]) => label) }));

/** The history of a node. */
function history(forest: PrefixForest, node: number): number[] {
  return node < 0 ? [] : [...history(forest, forest.parents[node]), forest.items[node]];
}

test("nested prefixes are one chain", () => {
  const forest = prefixForest({ sequences: [[1], [1, 2], [1, 2, 2]], labels: [2, 2, 4] }, config);
  expect(forest).toEqual({
    items: Int32Array.of(1, 2, 2),
    parents: Int32Array.of(-1, 0, 1),
    depthOffsets: Int32Array.of(0, 1, 2, 3),
    leaf: Int32Array.of(0, 1, 2),
    labels: Int32Array.of(2, 2, 4),
    length: Int32Array.of(1, 2, 3),
  });
});

test("a history longer than the limit keeps its last items, in a separate tree", () => {
  const forest = prefixForest(
    {
      sequences: [
        [1, 2, 3, 4],
        [1, 2, 3, 4, 0],
      ],
      labels: [0, 1],
    },
    config,
  );
  expect(forest.items.length).toBe(8);
  expect(history(forest, forest.leaf[1])).toEqual([2, 3, 4, 0]);
  expect(forest.length).toEqual(Int32Array.of(4, 4));
});

describe("laws", () => {
  test("the path to a pair's leaf is its cropped history; labels and lengths are its own", () => {
    fc.assert(
      fc.property(anyPairs, (pairs) => {
        const forest = prefixForest(pairs, config);
        const cropped = pairs.sequences.map((sequence) => Array.from(sequence).slice(-4));
        expect(Array.from(forest.leaf, (node) => history(forest, node))).toEqual(cropped);
        expect(Array.from(forest.length)).toEqual(cropped.map((sequence) => sequence.length));
        expect(Array.from(forest.labels)).toEqual(pairs.labels);
      }),
    );
  });

  test("one node per distinct prefix, sorted by depth, parents one depth above", () => {
    fc.assert(
      fc.property(anyPairs, (pairs) => {
        const forest = prefixForest(pairs, config);
        const prefixes = new Set<string>();
        for (const sequence of pairs.sequences) {
          const cropped = Array.from(sequence).slice(-4);
          for (let end = 1; end <= cropped.length; end++) prefixes.add(cropped.slice(0, end).join());
        }
        const nodes = Array.from(forest.items, (_, node) => history(forest, node));
        expect(new Set(nodes.map(String))).toEqual(prefixes);
        expect(nodes.length).toBe(prefixes.size);
        const depths = forest.depthOffsets.length - 1;
        expect(forest.depthOffsets[depths]).toBe(nodes.length);
        for (let depth = 0; depth < depths; depth++) {
          const [begin, end] = [forest.depthOffsets[depth], forest.depthOffsets[depth + 1]];
          expect(end).toBeGreaterThan(begin);
          for (let node = begin; node < end; node++) {
            expect(nodes[node].length).toBe(depth + 1);
            const parent = forest.parents[node];
            if (depth === 0) expect(parent).toBe(-1);
            else {
              expect(parent).toBeGreaterThanOrEqual(forest.depthOffsets[depth - 1]);
              expect(parent).toBeLessThan(begin);
            }
          }
        }
      }),
    );
  });

  test("without branching, the parents of a depth are the first nodes of the one above, in order", () => {
    // Different first items: chains without shared nodes.
    const chains = fc
      .uniqueArray(fc.nat(4), { minLength: 1 })
      .chain((firsts) =>
        fc.tuple(...firsts.map((first) => fc.array(fc.nat(4), { maxLength: 3 }).map((rest) => [first, ...rest]))),
      );
    fc.assert(
      fc.property(chains, (sequences) => {
        const { parents, depthOffsets } = prefixForest({ sequences, labels: sequences.map(() => 0) }, config);
        for (let depth = 1; depth + 1 < depthOffsets.length; depth++) {
          for (let i = 0; depthOffsets[depth] + i < depthOffsets[depth + 1]; i++) {
            expect(parents[depthOffsets[depth] + i]).toBe(depthOffsets[depth - 1] + i);
          }
        }
      }),
    );
  });
});

describe("bad input is named", () => {
  test.each<[string, Pairs, KshotError["code"], RegExp]>([
    ["no pairs", { sequences: [], labels: [] }, "USAGE", /none\. Expected at least one pair/],
    ["a label too few", { sequences: [[1], [2]], labels: [1] }, "USAGE", /2 sequences and 1 labels/],
    ["an empty sequence", { sequences: [[1], []], labels: [1, 2] }, "DATA", /pair 1: an empty sequence/],
    [
      "an item too large",
      { sequences: [[1], [2, 5]], labels: [1, 2] },
      "DATA",
      /pair 1, sequence item 1: 5\. Expected an item number from 0 to 4/,
    ],
    ["a bad item that cropping would remove", { sequences: [[9, 1, 1, 1, 1]], labels: [1] }, "DATA", /item 0: 9/],
    ["a negative label", { sequences: [[1]], labels: [-1] }, "DATA", /pair 0, label: -1/],
    ["a label that is not a whole number", { sequences: [[1]], labels: [1.5] }, "DATA", /label: 1\.5/],
  ])("%s", (_, pairs, code, message) => {
    const attempt = () => prefixForest(pairs, config);
    expect(attempt).toThrow(message);
    expect(attempt).toThrow(expect.toSatisfy((error) => KshotError.isInstance(error) && error.code === code));
  });
});
