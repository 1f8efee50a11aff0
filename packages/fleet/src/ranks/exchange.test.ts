import { describe, expect, test } from "vitest";
import { memoryLinks } from "../../test/memory-links.js";
import { exchangeSums, groupsOf } from "./exchange.js";

/** Numbers from −1 to 1 of many magnitudes, so that the order of a sum shows in its bits. */
function numbers(length: number, seed: number): Float32Array {
  let state = seed * 7919 + 1;
  return Float32Array.from({ length }, () => {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0;
    return (state / 2 ** 31 - 1) * 10 ** ((state >>> 8) % 7);
  });
}

/** More than one piece, and one that is not whole. */
const size = 40_001;

const sumInOrder = (groups: readonly Float32Array[]) => {
  const sum = new Float32Array(size);
  for (const group of groups) for (let i = 0; i < size; i++) sum[i]! += group[i]!;
  return sum;
};

const sameBits = (a: Float32Array, b: Float32Array) => Buffer.from(a.buffer).equals(Buffer.from(b.buffer));

/** Every rank's result of an exchange of `tasks` tasks in groups of 4. */
async function exchanged(ranks: number, tasks: number, iteration = 1, checksums: readonly number[] = []) {
  const groups = Math.ceil(tasks / 4);
  const theta = Array.from({ length: groups }, (_, g) => numbers(size, g + 1));
  const alpha = Array.from({ length: groups }, (_, g) => numbers(size, 100 + g));
  const links = memoryLinks(ranks, () => new Promise((resolve) => setImmediate(resolve)));
  const results = await Promise.all(
    links.map(async (own, rank) => {
      const { begin, end } = groupsOf(rank, ranks, groups);
      const total = { dTheta: new Float32Array(size), dAlpha: new Float32Array(size) };
      const losses = await exchangeSums(
        { ranks, rank, links: own },
        {
          ...{ iteration, tasks, groupSize: 4, total, checksum: checksums[rank] ?? 7 },
          sums: {
            taskLosses: Array.from({ length: Math.min(tasks, 4 * end) - 4 * begin }, (_, i) => 4 * begin + i + 0.25),
            dTheta: theta.slice(begin, end),
            dAlpha: alpha.slice(begin, end),
          },
        },
      );
      return { losses, ...total };
    }),
  );
  return { results, theta, alpha };
}

describe("the sums of all ranks", () => {
  test.each([
    [1, 9],
    [2, 30],
    [3, 30],
    [4, 30],
    [4, 5],
    [5, 8],
  ])("%i ranks, %i tasks: the groups one after the other, in every rank", async (ranks, tasks) => {
    const { results, theta, alpha } = await exchanged(ranks, tasks);
    const expected = [sumInOrder(theta), sumInOrder(alpha)] as const;
    // Otherwise this test would not see the order.
    if (theta.length > 2) expect(sameBits(sumInOrder(theta.toReversed()), expected[0])).toBe(false);
    for (const { losses, dTheta, dAlpha } of results) {
      expect(sameBits(dTheta, expected[0])).toBe(true);
      expect(sameBits(dAlpha, expected[1])).toBe(true);
      expect(losses).toEqual(Array.from({ length: tasks }, (_, i) => i + 0.25));
    }
  });

  test("a rank with other parameters is found", async () => {
    await expect(exchanged(3, 12, 5, [7, 7, 8])).rejects.toThrow(
      /rank 2, meta-gradient 5: other parameters than rank 0's/,
    );
  });
});

test.each([
  [8, 3],
  [2, 4],
  [1, 1],
  [64, 5],
])("%i groups of %i ranks: consecutive, complete, as equal as they can be", (groups, ranks) => {
  const parts = Array.from({ length: ranks }, (_, rank) => groupsOf(rank, ranks, groups));
  expect(parts[0]!.begin).toBe(0);
  expect(parts.at(-1)!.end).toBe(groups);
  for (const [i, { end }] of parts.slice(0, -1).entries()) expect(parts[i + 1]!.begin).toBe(end);
  const counts = parts.map(({ begin, end }) => end - begin);
  expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(1);
});
