import type { DataSet, EvaluationSplit, PairTable } from "@kshot/contract";
import { uniformInt } from "pure-rand/distribution/uniformInt";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import { slidingEpisodes, windowEpisodes } from "../src/core/windows.js";
import { fingerprint } from "../src/files/fingerprint.js";

/** A pair table of random histories: `counts[u]` pairs of person `<prefix><u>`, one second apart. */
export function pairTable(
  counts: readonly number[],
  { firstId = 0, prefix = "u", items = 6, seed = 1 } = {},
): PairTable {
  const random = xoroshiro128plus(seed);
  const user = counts.flatMap((count, person) => Array<number>(count).fill(person));
  const nth = counts.flatMap((count) => Array.from({ length: count }, (_, i) => i));
  const lengths = nth.map((i) => i + 1);
  const prefixOffsets = Int32Array.from([0, ...lengths.map((_, r) => lengths.slice(0, r + 1).reduce((a, b) => a + b))]);
  const draw = () => uniformInt(random, 0, items - 1);
  return {
    length: user.length,
    pairId: Int32Array.from(user, (_, row) => firstId + row),
    users: counts.map((_, person) => `${prefix}${person}`),
    user: Int32Array.from(user),
    sessions: counts.map((_, person) => `${prefix}${person}#0`),
    session: Int32Array.from(user),
    prefixOffsets,
    prefixItems: Int32Array.from({ length: prefixOffsets[user.length]! }, draw),
    label: Int32Array.from(user, draw),
    labelTime: Float64Array.from(nth, (i) => 1_500_000_000 + i),
  };
}

/** A small data set with K = 2, Q = 3 and six items with awkward names. */
export function dataSet(): DataSet {
  const [k, q] = [2, 3];
  const evaluation = (pairs: PairTable): EvaluationSplit => ({
    pairs,
    windows: { first: windowEpisodes(pairs, k, q, "first"), last: windowEpisodes(pairs, k, q, "last") },
  });
  const trainPairs = pairTable([7, 3, 5], { seed: 1 });
  const data = {
    items: ["a", 'ü, "x"', "课程", "10", "9", "z"],
    titles: ["A", "B", "C", "D", "E", "F"],
    k,
    q,
    train: { pairs: trainPairs, episodes: slidingEpisodes(trainPairs, k, q) },
    val: evaluation(pairTable([8, 1], { firstId: 100, prefix: "v", seed: 2 })),
    test: evaluation(pairTable([5, 6], { firstId: 200, prefix: "t", seed: 3 })),
  };
  return { ...data, fingerprint: fingerprint(data) };
}
