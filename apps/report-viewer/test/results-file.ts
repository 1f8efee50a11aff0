import { exampleResults } from "../src/open/example.js";

/** A large results file: 10,000 iterations logged every 10, 1,000 people, twelve evaluations. */
export function bigResults(): unknown {
  // biome-ignore lint/suspicious/noExplicitAny: the test changes parts of it
  const result = structuredClone(exampleResults()[1]) as Record<string, any>;
  const iteration = Array.from({ length: 1000 }, (_, i) => 10 * (i + 1));
  const shapes: Record<string, number[]> = {
    "embedding.weight": [343, 64],
    "gru.weight_ih_l0": [384, 64],
    "gru.weight_hh_l0": [384, 128],
    "gru.bias_ih_l0": [384],
    "gru.bias_hh_l0": [384],
    "fc.weight": [343, 128],
    "fc.bias": [343],
  };
  const { histogram } = result.alpha["fc.weight"];
  result.data.items = Array.from({ length: 343 }, (_, i) => `course-${i}`);
  result.data.titles = result.data.items.map(
    (name: string) => `${name} </script><img src=x onerror="window.hacked=1"> & more`,
  );
  result.alpha = Object.fromEntries(
    Object.entries(shapes).map(([name, shape], t) => [
      name,
      {
        shape,
        histogram,
        atLow: 0.1,
        atHigh: 0.02,
        matrix:
          shape.length === 1
            ? [rates(shape[0]!, t)]
            : Array.from({ length: shape[0]! }, (_, r) => rates(shape[1]!, t + r)),
      },
    ]),
  );
  result.history = {
    iteration,
    metaLoss: iteration.map((at) => 2 + Math.exp(-at / 1500) + 0.2 * Math.sin(at)),
    validation: Array.from({ length: 21 }, (_, i) => ({
      iteration: 500 * i,
      metrics: result.history.validation[i % 10].metrics,
    })),
    alpha: Object.fromEntries(
      Object.keys(shapes).map((name) => [
        name,
        {
          mean: iteration.map((at) => 0.01 + at / 1e6),
          std: iteration.map((at) => at / 2e6),
          min: iteration.map(() => 0.0001),
          max: iteration.map(() => 0.1),
          quantiles: iteration.map((at) => [0.001, 0.005, 0.01 + at / 1e6, 0.03, 0.06]),
        },
      ]),
    ),
  };
  // biome-ignore lint/suspicious/noExplicitAny: the test changes parts of it
  result.evaluations = result.evaluations.map((entry: any) => ({
    ...entry,
    people: {
      user: Array.from({ length: 1000 }, (_, p) => `u${p}`),
      historyLength: Array.from({ length: 1000 }, (_, p) => 5 + (p % 60)),
      queries: Array.from({ length: 1000 }, (_, p) => entry.people.queries[p % entry.people.queries.length]),
    },
  }));
  result.volatile.secondsPerIteration = iteration.map((at) => 0.05 + 0.01 * Math.sin(at));
  return result;
}

function rates(count: number, seed: number): number[] {
  return Array.from({ length: count }, (_, i) => 0.0001 + 0.05 * (1 + Math.sin(i * 12.9 + seed)));
}
