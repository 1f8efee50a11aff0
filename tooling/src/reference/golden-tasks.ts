import type { Golden } from "@kshot/contract/schemas";
import { uniformInt } from "pure-rand/distribution/uniformInt";
import type { RandomGenerator } from "pure-rand/types/RandomGenerator";

/**
 * `nested`: prefixes of one history. `sessions`: prefixes of several short ones. `unrelated`: sequences without shared prefixes, the
 * last of support and of query longer than the limit.
 */
export type TaskKind = "nested" | "sessions" | "unrelated";

type GoldenTask = Golden["tasks"][number];

/** One learner with `k` support and `q` query pairs, items in [low, high]. `random` is advanced. */
export function goldenTask(
  kind: TaskKind,
  { k, q, low, high, maxSeqLen }: { k: number; q: number; low: number; high: number; maxSeqLen: number },
  random: RandomGenerator,
): GoldenTask {
  const items = (length: number) => Array.from({ length }, () => uniformInt(random, low, high));
  const n = k + q;
  const pairs: [number[], number][] = [];
  while (pairs.length < n) {
    if (kind === "unrelated") {
      const longest = pairs.length === k - 1 || pairs.length === n - 1;
      const length = longest ? maxSeqLen + 3 : uniformInt(random, 1, Math.min(12, maxSeqLen));
      pairs.push([items(length), uniformInt(random, low, high)]);
    } else {
      const history = items(kind === "nested" ? n + 1 : uniformInt(random, 2, 6));
      for (let i = 1; i < history.length; i++) pairs.push([history.slice(0, i), history[i]]);
    }
  }
  const part = (from: number, to: number) => {
    const chosen = pairs.slice(from, to);
    return { sequences: chosen.map(([sequence]) => sequence), labels: chosen.map(([, label]) => label) };
  };
  return { support: part(0, k), query: part(k, n) };
}
