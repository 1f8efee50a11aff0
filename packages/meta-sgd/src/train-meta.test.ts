import { KshotError } from "@kshot/contract";
import { alphaSeries } from "@kshot/contract/schemas";
import { describe, expect, it } from "vitest";
import { type Case, logistic, quadratic, quadratic32, tasksOf } from "../test/cases.js";
import {
  adam,
  adapt,
  clampRates,
  type MetaTrainingOptions,
  type MetaTrainingState,
  maml,
  metaAlgorithms,
  metaGradient,
  metaSgd,
  startMetaTraining,
  trainMeta,
} from "./index.js";

type Metrics = { readonly queryLoss: number };

/** A short run with all options on; validation is the adapted query loss on tasks that are not trained on. */
function options(model: Case, changes: Partial<MetaTrainingOptions<Metrics>> = {}): MetaTrainingOptions<Metrics> {
  const { engine, theta, alpha } = model;
  return {
    engine,
    algorithm: metaSgd,
    initial: startMetaTraining(theta, alpha),
    tasks: (iteration) => tasksOf(model, 4, iteration * 4),
    iterations: 20,
    outerLr: 0.01,
    alphaRange: [1e-4, 0.1],
    innerSteps: 2,
    order: 2,
    evalInterval: 4,
    patience: 0,
    logInterval: 3,
    validate: async (t, a) => {
      const { taskLosses } = await metaGradient(engine, t, a, tasksOf(model, 3, 9000), { innerSteps: 2, order: 1 });
      const queryLoss = taskLosses.reduce((sum, loss) => sum + loss, 0) / 3;
      return { score: -queryLoss, metrics: { queryLoss } };
    },
    ...changes,
  };
}

/** The case's last tensor is its head. */
const headOf = (model: Case) => [model.engine.layout.tensors.at(-1)!.name];

describe.each(Object.values(metaAlgorithms))("$name", (algorithm) => {
  const adapts = (model: Case, i: number) => {
    const head = model.engine.layout.tensors.at(-1)!;
    return algorithm.adapts === "all" || (i >= head.offset && i < head.offset + head.size);
  };

  it.each([quadratic, quadratic32, logistic])(
    "moves α exactly if it learns rates, and θ always: $name",
    async (model) => {
      const { state, best } = await trainMeta(options(model, { algorithm, head: headOf(model) }));
      for (let i = 0; i < model.alpha.length; i++) {
        if (algorithm.learnsRates) expect(state.alpha[i]).not.toBe(model.alpha[i]);
        else expect(Object.is(state.alpha[i], adapts(model, i) ? model.alpha[i] : 0)).toBe(true);
        expect(state.theta[i]).not.toBe(model.theta[i]);
      }
      expect(best.alpha.every((rate, i) => (rate === 0) === !adapts(model, i))).toBe(true);
    },
  );

  it.each([quadratic, quadratic32, logistic])(
    "adapts only its tensors and does not change the bits of others: $name",
    async (model) => {
      const { state } = await trainMeta(options(model, { algorithm, head: headOf(model) }));
      const [adapted] = await adapt(model.engine, state.theta, state.alpha, [model.task(77).support], 3);
      adapted!.forEach((value, i) => {
        expect(Object.is(value, state.theta[i]), `parameter ${i}`).toBe(!adapts(model, i));
      });
      const [same] = await adapt(model.engine, state.theta, state.alpha, [model.task(77).support], 0);
      expect(same).toEqual(state.theta);
    },
  );

  it("does not touch rates outside the range unless it learns them", async () => {
    const alpha = quadratic.alpha.map(() => 0.2);
    const initial = startMetaTraining(quadratic.theta, alpha);
    const { state } = await trainMeta(
      options(quadratic, { algorithm, initial, iterations: 1, head: headOf(quadratic) }),
    );
    expect([...state.alpha]).toEqual(
      [...alpha].map((_, i) => (adapts(quadratic, i) ? (algorithm.learnsRates ? 0.1 : 0.2) : 0)),
    );
  });

  it("differs between the orders, if it has an order", async () => {
    const of = async (order: 1 | 2) =>
      (await trainMeta(options(logistic, { algorithm, order, head: headOf(logistic) }))).state.theta;
    if (algorithm.gradient === "exact") expect(await of(1)).not.toEqual(await of(2));
    else expect(await of(1)).toEqual(await of(2));
  });

  it.each([1, 4, 6, 9, 12, 19])(
    "stopped after %d iterations and resumed from its stored state gives the same bits",
    async (n) => {
      const everything = { algorithm, head: headOf(quadratic32), alphaSharing: "row", outerClip: 0.5 } as const;
      const straight = await trainMeta(options(quadratic32, everything));
      const half = await trainMeta(options(quadratic32, { ...everything, iterations: n }));
      const stored = structuredClone(half.state);
      const rest = await trainMeta(options(quadratic32, { ...everything, initial: stored }));
      expect(rest).toEqual(straight);
      expect(stored).toEqual(half.state);
    },
  );
});

it.each([2, 4, 7])("aborted in iteration %d finishes it, and resumes to the same bits", async (n) => {
  const straight = await trainMeta(options(logistic));
  const controller = new AbortController();
  const made: number[] = [];
  const aborted = await trainMeta(
    options(logistic, {
      signal: controller.signal,
      onIteration: ({ iteration }) => {
        made.push(iteration);
        if (iteration === n) controller.abort();
      },
    }),
  );
  expect(aborted.stopped).toBe("aborted");
  expect(aborted.iterations).toBe(n);
  expect(made).toEqual(Array.from({ length: n }, (_, i) => i + 1));
  expect(aborted.history.iteration.at(-1)).toBe(n);
  expect(await trainMeta(options(logistic, { initial: structuredClone(aborted.state) }))).toEqual(straight);
});

it("makes Adam's steps on θ and α, then clamps", async () => {
  const { engine } = logistic;
  const [theta, alpha] = [logistic.theta.slice(), logistic.alpha.slice()];
  const optimiser = adam();
  const [ofTheta, ofAlpha] = [optimiser.init(4), optimiser.init(4)];
  for (let i = 0; i < 20; i++) {
    const step = await metaGradient(engine, theta, alpha, tasksOf(logistic, 4, i * 4), { innerSteps: 2, order: 2 });
    optimiser.update(ofTheta, theta, step.dTheta, 0.01);
    optimiser.update(ofAlpha, alpha, step.dAlpha, 0.01);
    clampRates(alpha, [1e-4, 0.1]);
  }
  const { state } = await trainMeta(options(logistic));
  expect(state.theta).toEqual(theta);
  expect(state.alpha).toEqual(alpha);
  expect(Math.max(...state.alpha)).toBe(0.1);
});

it("validates at 0, each interval and the end, and keeps the best of the parameters it saw", async () => {
  const scores: Record<number, number> = { 0: 0.1, 4: 0.3, 8: 0.2, 10: 0.3 };
  const seen = new Map<number, number[]>();
  const validate = async (theta: ArrayLike<number>, _alpha: unknown, iteration: number) => {
    seen.set(iteration, Array.from(theta));
    return { score: scores[iteration]!, metrics: { queryLoss: iteration } };
  };
  const { best, history, stopped, state } = await trainMeta(options(logistic, { iterations: 10, validate }));
  expect(stopped).toBe("finished");
  expect(history.validation).toEqual(
    [0, 4, 8, 10].map((iteration) => ({ iteration, metrics: { queryLoss: iteration } })),
  );
  expect(best).toMatchObject({ iteration: 4, score: 0.3, metrics: { queryLoss: 4 } });
  expect([...best.theta]).toEqual(seen.get(4));
  expect([...best.theta]).not.toEqual([...state.theta]);
});

it("keeps a trained iteration even if iteration 0 was better", async () => {
  const validate = async (_theta: unknown, _alpha: unknown, iteration: number) => ({
    score: iteration === 0 ? 9 : -iteration,
    metrics: { queryLoss: 0 },
  });
  const { best } = await trainMeta(options(logistic, { iterations: 10, validate }));
  expect(best.iteration).toBe(4);
});

it("can keep a validation at the end", async () => {
  const validate = async (_theta: unknown, _alpha: unknown, iteration: number) => ({
    score: iteration,
    metrics: { queryLoss: 0 },
  });
  const { best, state } = await trainMeta(options(logistic, { iterations: 10, validate }));
  expect(best.iteration).toBe(10);
  expect(best.theta).toEqual(state.theta);
  expect(state.best!.iteration).toBe(8);
});

it.each([
  [1, 8],
  [2, 12],
  [0, 20],
])("with patience %d stops at iteration %d when nothing gets better after 4", async (patience, expected) => {
  const validate = async (_theta: unknown, _alpha: unknown, iteration: number) => ({
    score: Math.min(iteration, 4),
    metrics: { queryLoss: 0 },
  });
  const result = await trainMeta(options(logistic, { validate, patience }));
  expect(result.iterations).toBe(expected);
  expect(result.stopped).toBe(patience === 0 ? "finished" : "early");
  expect(result.best.iteration).toBe(4);
});

it("keeps the last parameters if nothing is validated", async () => {
  const { engine, theta, alpha } = logistic;
  const { validate: _, ...rest } = options(logistic, { initial: startMetaTraining(theta, alpha) });
  const { best, state, history } = await trainMeta(rest);
  expect(best).toEqual({ iteration: 20, score: null, metrics: null, theta: state.theta, alpha: state.alpha });
  expect(best.theta.length).toBe(engine.layout.size);
  expect(history.validation).toEqual([]);
});

it("logs each interval and the end: mean losses, α's distribution, seconds by the caller's clock", async () => {
  const losses: number[] = [];
  let clock = 0;
  const logged: number[] = [];
  const { history, secondsPerIteration, state } = await trainMeta(
    options(logistic, {
      iterations: 8,
      onIteration: ({ metaLoss }) => losses.push(metaLoss),
      onLog: ({ iteration }) => logged.push(iteration),
      now: () => (clock += 0.5),
    }),
  );
  expect(history.iteration).toEqual([3, 6, 8]);
  expect(logged).toEqual([3, 6, 8]);
  const mean = (from: number, to: number) => losses.slice(from, to).reduce((sum, loss) => sum + loss, 0) / (to - from);
  [mean(0, 3), mean(3, 6), mean(6, 8)].forEach((loss, i) => {
    expect(history.metaLoss[i]).toBeCloseTo(loss, 14);
  });
  expect(secondsPerIteration).toEqual([0.5, 0.5, 0.5]);
  expect(Object.keys(history.alpha)).toEqual(["weight", "bias"]);
  for (const series of Object.values(history.alpha)) {
    const { mean: means, std, quantiles } = alphaSeries.parse(series);
    expect([means.length, std.length, quantiles.length]).toEqual([3, 3, 3]);
  }
  // All rates together, as `torch.cat([...]).mean()` and `.std()` have them.
  const all = Array.from(state.alpha);
  const average = all.reduce((sum, rate) => sum + rate, 0) / all.length;
  const deviation = Math.sqrt(all.reduce((sum, rate) => sum + (rate - average) ** 2, 0) / (all.length - 1));
  const { mean: means, std, min, max } = history.allRates!;
  expect(means).toHaveLength(3);
  expect(means[2]).toBeCloseTo(average, 14);
  expect(std[2]).toBeCloseTo(deviation, 14);
  expect([min[2], max[2]]).toEqual([Math.min(...all), Math.max(...all)]);
});

it("checkpoints each interval with a state that resumes to the same bits", async () => {
  const straight = await trainMeta(options(quadratic));
  const stored: MetaTrainingState<Metrics>[] = [];
  await trainMeta(
    options(quadratic, {
      checkpointInterval: 5,
      onCheckpoint: async (state) => {
        stored.push(structuredClone(state));
      },
    }),
  );
  expect(stored.map(({ iteration }) => iteration)).toEqual([5, 10, 15, 20]);
  for (const initial of stored) expect(await trainMeta(options(quadratic, { initial }))).toEqual(straight);
});

it.each([
  ["a loss", "losses", Number.NaN],
  ["a loss", "losses", Number.POSITIVE_INFINITY],
  ["a gradient", "gradients", Number.NaN],
] as const)("over %s (%s: %d) fails, names the iteration, and leaves the last good state", async (_, what, bad) => {
  const { engine } = logistic;
  let broken = false;
  const breaking = {
    ...engine,
    gradients: async (...args: Parameters<typeof engine.gradients>) => {
      const { losses, gradients } = await engine.gradients(...args);
      if (!broken) return { losses, gradients };
      if (what === "losses") return { losses: losses.map(() => bad), gradients };
      return { losses, gradients: gradients.map((gradient) => gradient.fill(bad)) };
    },
  };
  const onIteration = ({ iteration }: { iteration: number }) => {
    broken = iteration === 6;
  };
  let stored: MetaTrainingState<Metrics> | undefined;
  const onCheckpoint = (state: MetaTrainingState<Metrics>) => {
    stored = structuredClone(state);
  };
  const initial = startMetaTraining(logistic.theta, logistic.alpha);
  const before = structuredClone(initial);
  const failure = await trainMeta(options(logistic, { engine: breaking, onIteration, onCheckpoint, initial })).catch(
    (e) => e,
  );
  expect(KshotError.isInstance(failure) && failure.code).toBe("FAILED");
  expect(failure.message).toMatch(/meta-sgd, iteration 7/);
  expect(initial).toEqual(before);
  expect(stored).toEqual((await trainMeta(options(logistic, { iterations: 6 }))).state);
});

it("keeps its state when a validation fails, and resumes from there to the same bits", async () => {
  const straight = await trainMeta(options(quadratic));
  const { evalInterval, validate } = options(quadratic);
  let stored: MetaTrainingState<Metrics> | undefined;
  const onCheckpoint = (state: MetaTrainingState<Metrics>) => {
    stored = structuredClone(state);
  };
  let asked = 0;
  const dies: typeof validate = async (...args) => {
    if (++asked === 3) throw new Error("a worker died");
    return validate!(...args);
  };
  await expect(trainMeta(options(quadratic, { validate: dies, onCheckpoint }))).rejects.toThrow("a worker died");
  expect(stored?.iteration).toBe(2 * evalInterval!);
  expect(await trainMeta(options(quadratic, { initial: stored! }))).toEqual(straight);
});

it("waits for the engine before it reports an error from elsewhere", async () => {
  const { engine } = quadratic;
  let working = 0;
  const slow = {
    ...engine,
    gradients: async (...args: Parameters<typeof engine.gradients>) => {
      working += 1;
      await new Promise((resolve) => setTimeout(resolve, 2));
      working -= 1;
      return engine.gradients(...args);
    },
  };
  const onLog = () => {
    throw new Error("no listener");
  };
  await expect(trainMeta(options(quadratic, { engine: slow, onLog, logInterval: 1 }))).rejects.toThrow("no listener");
  expect(working).toBe(0);
});

it("fails over a validation score that is NaN", async () => {
  const validate = async () => ({ score: Number.NaN, metrics: { queryLoss: 0 } });
  await expect(trainMeta(options(logistic, { validate }))).rejects.toThrow(/validation at iteration 0: score NaN/);
});

it("uses no more memory after 300 iterations than after 100", async () => {
  // Every vector of the engine is tracked; the reachable ones are those that training keeps.
  const alive = new Set<WeakRef<object>>();
  const { engine } = logistic;
  const watched = {
    ...engine,
    vector: () => {
      const vector = engine.vector();
      alive.add(new WeakRef(vector));
      return vector;
    },
  };
  const kept: number[] = [];
  const gc = await collector();
  await trainMeta({
    ...options(logistic, { algorithm: maml, engine: watched, iterations: 300, logInterval: 100, evalInterval: 1000 }),
    tasks: (iteration) => tasksOf(logistic, 1, iteration),
    onCheckpoint: async () => {
      await new Promise((resolve) => setImmediate(resolve));
      gc();
      kept.push([...alive].filter((reference) => reference.deref() !== undefined).length);
    },
    checkpointInterval: 100,
  });
  expect(alive.size).toBeGreaterThan(1000);
  expect(Math.max(...kept)).toBeLessThan(20);
});

it.each([
  ["iterations", -1],
  ["innerSteps", 0.5],
  ["evalInterval", 0],
  ["logInterval", 0],
  ["patience", -1],
  ["checkpointInterval", 0],
  ["outerLr", 0],
  ["outerLr", Number.NaN],
  ["alphaRange", [1, 0]],
] as const)("refuses %s %s", async (name, value) => {
  await expect(trainMeta(options(logistic, { [name]: value }))).rejects.toThrow(new RegExp(`^${name}: `));
});

it("refuses a state of another model, and rates that do not match", async () => {
  const initial = startMetaTraining(quadratic.theta, quadratic.alpha);
  await expect(trainMeta(options(logistic, { initial }))).rejects.toThrow(/theta: 5 values/);
  expect(() => startMetaTraining(quadratic.theta, logistic.alpha)).toThrow(/4 rates/);
});

/** The garbage collector, without a flag on the command line. */
async function collector(): Promise<() => void> {
  const { setFlagsFromString } = await import("node:v8");
  const { runInNewContext } = await import("node:vm");
  setFlagsFromString("--expose-gc");
  return runInNewContext("gc");
}

it("fills in the defaults of the command line: the same bits as with them written out", async () => {
  const { engine, theta } = quadratic;
  const few = { engine, tasks: (iteration: number) => tasksOf(quadratic, 2, iteration), iterations: 12 };
  const short = await trainMeta({ ...few, initial: startMetaTraining(theta) });
  const long = await trainMeta({
    ...few,
    algorithm: metaSgd,
    initial: startMetaTraining(theta, theta.slice().fill(0.01)),
    ...{ outerLr: 0.001, alphaRange: [0.0001, 0.1], innerSteps: 5, order: 2 },
    ...{ evalInterval: 500, patience: 0, logInterval: 10 },
  });
  expect(short).toEqual(long);
  expect(short.history.iteration).toEqual([10, 12]);
});
