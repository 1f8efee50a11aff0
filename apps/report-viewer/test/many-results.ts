import { type AlgorithmName, algorithmNames, metricNames, recordOf } from "@kshot/contract";
import { exampleResults } from "../src/open/example.js";

/**
 * 48 results: every algorithm that a run can have, three seeds each, on the same people, with ranks and lists of five with and without the pairs
 * in both windows.
 */
export function* manyResults({ people = 2000, items = 50_000, seeds = 3 } = {}): Generator<unknown, void, undefined> {
  // biome-ignore lint/suspicious/noExplicitAny: parts of the example are replaced
  const base = exampleResults()[1] as Record<string, any>;
  const names = Array.from({ length: items }, (_, i) => `item-${i}`);
  const users = Array.from({ length: people }, (_, p) => `person-${p}`);
  const trainPairs = names.map((_, i) => Math.floor(items / (i + 10)));
  const algorithms = algorithmNames.slice(0, 16);
  for (const [a, algorithm] of algorithms.entries()) {
    for (let seed = 1; seed <= seeds; seed++) {
      const steps = ["maml", "meta-sgd", "gru-finetuned"].includes(algorithm) ? [0, 2] : [0];
      yield {
        ...base,
        algorithm: algorithm satisfies AlgorithmName,
        config: { ...base.config, seed, metasgd_config: { ...base.config.metasgd_config, num_inner_steps: 2 } },
        data: {
          ...base.data,
          items: names,
          titles: undefined,
          trainPairs,
          people: { train: 20_000, val: 2000, test: people },
        },
        clicks: undefined,
        evaluations: (["first", "last"] as const).flatMap((window) =>
          steps.map((step) => evaluation(window, step, 31 * a + 7 * seed + 3 * step)),
        ),
        volatile: { ...base.volatile, runId: `${algorithm} ${seed}`, command: "kshot train --suite many.json" },
      };
    }
  }

  function evaluation(window: "first" | "last", steps: number, seed: number) {
    const draw = sequence(seed + (window === "first" ? 0 : 1000));
    const label = (p: number, q: number) => (p * 7919 + q * 104_729) % items;
    return {
      ...{ split: "test", window, k: base.k, steps },
      metrics: recordOf(metricNames, () => ({ value: 0.3, low: 0.28, high: 0.32 })),
      people: {
        user: users,
        historyLength: users.map((_, p) => base.k + (window === "first" ? 0 : (p * 13) % 60)),
        queries: users.map((_, p) =>
          Array.from({ length: base.q }, (_, q) => ({
            label: label(p, q),
            seen: (p + q) % 3 === 0,
            higher: Math.floor(draw() ** (steps > 0 ? 6 : 5) * 50),
            tied: 0,
          })),
        ),
        top: users.map((_, p) =>
          Array.from({ length: 5 }, (_, i) => Math.floor(((draw() * (i + 1)) / 5) * items) % items || p),
        ),
      },
    };
  }
}

function sequence(seed: number): () => number {
  let state = seed + 1;
  return () => {
    state = (state * 1664525 + 1013904223) % 4294967296;
    return state / 4294967296;
  };
}
