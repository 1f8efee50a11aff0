const madeUp = "(made-up example, not a run)";

/**
 * The built-in example: two small results computed from a formula. An empty page shows them on request. Their names and command
 * say that they are not real.
 */
export function exampleResults(): unknown[] {
  const people = 120;
  const random = sequence(7);
  const lift = Array.from({ length: people }, () => 0.5 * random() - 0.12);
  return [example("gru", () => 0), example("meta-sgd", (p) => lift[p] ?? 0)];

  function example(algorithm: string, gain: (person: number) => number): unknown {
    const adapts = algorithm === "meta-sgd";
    const draw = sequence(11);
    const luck = Array.from({ length: people * 10 }, () => draw());
    const queries = (steps: number) =>
      Array.from({ length: people }, (_, p) =>
        Array.from({ length: 10 }, (_, q) => {
          const chance = 0.3 + gain(p) * (1 - 0.55 ** steps);
          const at = luck[p * 10 + q] ?? 0;
          return {
            label: (p + 3 * q) % 12,
            seen: q % 3 === 0,
            higher: at < chance ? 0 : 1 + Math.floor((at - chance) * 12),
            tied: 0,
          };
        }),
      );
    const evaluation = (window: "first" | "last", steps: number) => {
      const own = queries(adapts ? steps : 0);
      const hits = own.flat().filter((query) => query.higher === 0).length / (people * 10);
      const interval = (value: number) => ({ value, low: Math.max(0, value - 0.03), high: Math.min(1, value + 0.03) });
      return {
        split: "test",
        window,
        k: 5,
        steps,
        metrics: {
          "accuracy@1": interval(hits),
          "recall@5": interval(Math.min(1, hits + 0.3)),
          "recall@10": interval(Math.min(1, hits + 0.4)),
          "ndcg@10": interval(hits + 0.2),
          mrr: interval(hits + 0.15),
        },
        people: {
          user: Array.from({ length: people }, (_, p) => `person ${p + 1}`),
          // In the first window all people have exactly the K support pairs before the queries.
          historyLength: Array.from({ length: people }, (_, p) => (window === "first" ? 5 : 5 + ((p * 7) % 30))),
          queries: own,
          history: own.map((_, p) => [0, 1, 2].map((i) => (p + i) % 12)),
          top: own.map((_, p) => [3, 4, 5, 6, 7].map((i) => (p * 5 + i) % 12)),
        },
      };
    };
    // As many steps as pairs: with all five pairs the ranks are those of five steps.
    const clicks = () => {
      const byPairs = [0, 1, 2, 3, 4, 5].map((k) => queries(k));
      return {
        ...{ split: "test", window: "first", steps: 5, k: [0, 1, 2, 3, 4, 5] },
        before: Array.from({ length: people }, (_, p) => [(p + 11) % 12]),
        labels: Array.from({ length: people }, (_, p) => [0, 1, 2, 3, 4].map((i) => (p + i) % 12)),
        higher: byPairs.map((all) => all.map((own) => own.map(({ higher }) => higher))),
        tied: byPairs.map((all) => all.map((own) => own.map(() => 0))),
        top: byPairs.map((all, k) =>
          all.map(([{ label, higher } = { label: 0, higher: 0 }], p) => listWith(label, higher, p, k)),
        ),
      };
    };
    const iterations = Array.from({ length: 60 }, (_, i) => 10 * (i + 1));
    const course = (end: number) => ({
      mean: iterations.map((at) => 0.05 + (end - 0.05) * (1 - Math.exp(-at / 200))),
      std: iterations.map((at) => 0.02 * (1 - Math.exp(-at / 150))),
      min: iterations.map(() => 0.0001),
      max: iterations.map((at) => 0.05 + 2 * end * (1 - Math.exp(-at / 250))),
      quantiles: iterations.map((at) => {
        const grown = 1 - Math.exp(-at / 200);
        return [-1, -0.4, 0, 0.4, 1].map((side) => Math.max(0.0001, 0.05 + (end - 0.05) * grown + side * 0.03 * grown));
      }),
    });
    const edges = Array.from({ length: 41 }, (_, i) => 0.0001 * 5000 ** (i / 40));
    const tensors: readonly (readonly [string, readonly [number, number], number])[] = [
      ["embedding.weight", [12, 8], 0.12],
      ["gru.weight_hh_l0", [24, 8], 0.04],
      ["fc.weight", [12, 8], 0.08],
    ];
    const alpha = tensors.map(([name, shape, centre]) => {
      const matrix = Array.from({ length: shape[0] }, (_, r) =>
        Array.from({ length: shape[1] }, () => Math.max(0.0001, centre * (0.5 + draw() + (r % 5 === 0 ? 0.6 : 0)))),
      );
      const counts = edges
        .slice(1)
        .map((edge, i) => matrix.flat().filter((v) => v >= (edges[i] ?? 0) && v < edge).length);
      return [name, { shape, histogram: { edges, counts }, atLow: 0.02, atHigh: 0, matrix }];
    });
    return {
      schema: "kshot.results/1",
      algorithm,
      k: 5,
      q: 10,
      config: { seed: 42, metasgd_config: { num_inner_steps: 5, lr_clipping: [0.0001, 0.5], inner_lr_init: 0.05 } },
      data: {
        fingerprint: "e".repeat(64),
        items: Array.from({ length: 12 }, (_, i) => `course-${i + 1}`),
        titles: Array.from({ length: 12 }, (_, i) => `Example course ${i + 1}`),
        people: { train: 400, val: 60, test: people },
      },
      evaluations: (["first", "last"] as const).flatMap((window) =>
        (adapts ? [0, 1, 2, 3, 4, 5] : [0]).map((steps) => evaluation(window, steps)),
      ),
      ...(adapts ? { clicks: [clicks()] } : {}),
      history: {
        iteration: iterations,
        metaLoss: iterations.map((at, i) =>
          adapts
            ? 2.2 + 1.2 * Math.exp(-at / 150) + 0.08 * Math.sin(i * 1.7)
            : 2.35 + 1.5 * Math.exp(-at / 80) + 0.05 * Math.sin(i * 2.3),
        ),
        validation: iterations
          .filter((_, i) => i % 6 === 5)
          .map((iteration) => {
            const value = adapts
              ? 0.42 - 0.2 * Math.exp(-iteration / 150) - 0.00006 * Math.max(0, iteration - 420)
              : 0.36 - 0.14 * Math.exp(-iteration / 90) - 0.0001 * Math.max(0, iteration - 300);
            return {
              iteration,
              metrics: {
                "accuracy@1": value - 0.1,
                "recall@5": value + 0.1,
                "recall@10": value + 0.2,
                "ndcg@10": value + 0.05,
                mrr: value,
              },
            };
          }),
        alpha: adapts ? Object.fromEntries(tensors.map(([name, , centre]) => [name, course(centre)])) : {},
      },
      alpha: adapts ? Object.fromEntries(alpha) : {},
      test: { opened: 1 },
      volatile: {
        runId: `example-${algorithm}`,
        runTag: "example",
        createdAt: "2026-01-01T00:00:00",
        command: madeUp,
        paths: {},
        host: {},
        engine: "none",
        build: "none",
        workers: 1,
        secondsPerIteration: iterations.map((_, i) => (adapts ? 0.06 : 0.012) * (1 + 0.15 * Math.sin(i))),
      },
    };
  }
}

/** Five of twelve items. One of them is at its rank, if its rank is among the five; the others rotate with each pair. */
function listWith(label: number, higher: number, person: number, k: number): number[] {
  const others = Array.from({ length: 12 }, (_, i) => (person * 5 + i) % 12).filter((item) => item !== label);
  const turned = [...others.slice(0, 5 - k).reverse(), ...others.slice(5 - k)];
  turned.splice(higher, 0, label);
  return turned.slice(0, 5);
}

/** Whether an open file is the built-in example. */
export function isExample({
  results,
}: {
  readonly results: { readonly volatile: { readonly command: string } };
}): boolean {
  return results.volatile.command === madeUp;
}

/** Pseudo-random numbers in [0, 1), the same for each call. */
function sequence(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1664525 + 1013904223) % 4294967296;
    return state / 4294967296;
  };
}
