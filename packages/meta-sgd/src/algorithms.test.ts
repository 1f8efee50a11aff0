import { describe, expect, it } from "vitest";
import { logistic, quadratic, relativeError, tasksOf } from "../test/cases.js";
import {
  adam,
  adapt,
  anil,
  displacementGradient,
  fomaml,
  type MetaTrainingOptions,
  maml,
  metaGradient,
  metaSgd,
  reptile,
  residualMaml,
  startMetaTraining,
  trainMeta,
} from "./index.js";

const head = [logistic.engine.layout.tensors.at(-1)!.name];

function train(changes: Partial<MetaTrainingOptions<never>>) {
  return trainMeta<never>({
    engine: logistic.engine,
    algorithm: metaSgd,
    initial: startMetaTraining(logistic.theta, logistic.alpha),
    tasks: (iteration) => tasksOf(logistic, 4, iteration * 4),
    iterations: 12,
    outerLr: 0.01,
    alphaRange: [-1, 1],
    innerSteps: 2,
    order: 2,
    evalInterval: 100,
    patience: 0,
    logInterval: 5,
    head,
    ...changes,
  });
}

it("Reptile's gradient is the mean of θ − θ_S, and its training Adam on it", async () => {
  const { engine, theta, alpha } = logistic;
  const current = theta.slice();
  const optimiser = adam();
  const moments = optimiser.init(theta.length);
  for (let i = 0; i < 12; i++) {
    const tasks = tasksOf(logistic, 4, i * 4);
    const expected = theta.map(() => 0);
    for (const { support } of tasks) {
      let own = current;
      for (let k = 0; k < 2; k++) {
        const { gradients } = await engine.gradients([own], [support]);
        own = own.map((value, j) => value - alpha[j]! * gradients[0]![j]!);
      }
      own.forEach((value, j) => {
        expected[j]! += (current[j]! - value) / 4;
      });
    }
    const { dTheta, dAlpha } = await displacementGradient(engine, current, alpha, tasks, { innerSteps: 2 });
    expect(relativeError(dTheta, expected)).toBeLessThan(1e-12);
    expect(dAlpha.every((value) => value === 0)).toBe(true);
    optimiser.update(moments, current, dTheta, 0.01);
  }
  const { state } = await train({ algorithm: reptile });
  expect(state.theta).toEqual(current);
});

it("Reptile steps on minibatches in turn, and logs the query's loss before a query pair was trained on", async () => {
  const { engine, theta, alpha } = logistic;
  const plain = tasksOf(logistic, 2);
  // The second minibatch is the query itself.
  const tasks = plain.map((task) => ({ ...task, minibatches: [task.support, task.query] }));
  const step = async (from: ArrayLike<number>, batch: (typeof plain)[number]["query"]) => {
    const own = Float64Array.from(from);
    const { gradients } = await engine.gradients([own], [batch]);
    return own.map((value, i) => value - alpha[i]! * gradients[0]![i]!);
  };
  const expected = theta.map(() => 0);
  for (const { support, query } of plain) {
    const third = await step(await step(await step(theta, support), query), support);
    third.forEach((value, i) => void (expected[i]! += (theta[i]! - value) / 2));
  }
  const found = await displacementGradient(engine, theta, alpha, tasks, { innerSteps: 3 });
  expect(relativeError(found.dTheta, expected)).toBeLessThan(1e-12);
  const without = await displacementGradient(engine, theta, alpha, plain, { innerSteps: 3 });
  expect(found.taskLosses).toEqual(without.taskLosses);
  expect(relativeError(without.dTheta, expected)).toBeGreaterThan(1e-3);
});

it("first-order MAML is MAML at order 1", async () => {
  const [first, ofMaml] = [await train({ algorithm: fomaml, order: 2 }), await train({ algorithm: maml, order: 1 })];
  expect(first.state.theta).toEqual(ofMaml.state.theta);
});

it("residual MAML equals two tensors W and Δ in the head, each with its own Adam", async () => {
  const { engine, theta } = logistic;
  const tensor = engine.layout.tensors.at(-1)!;
  const end = tensor.offset + tensor.size;
  const body = theta.slice();
  const base = theta.slice(tensor.offset, end);
  const delta = new Float64Array(tensor.size);
  const alpha = logistic.alpha.map((rate, i) => (i >= tensor.offset && i < end ? rate : 0));
  const optimiser = adam();
  const [ofBody, ofBase, ofDelta] = [body.length, tensor.size, tensor.size].map((size) => optimiser.init(size));
  for (let i = 0; i < 12; i++) {
    body.set(
      base.map((value, j) => value + delta[j]!),
      tensor.offset,
    );
    const step = await metaGradient(engine, body, alpha, tasksOf(logistic, 4, i * 4), { innerSteps: 2, order: 2 });
    const dHead = step.dTheta.slice(tensor.offset, end);
    optimiser.update(ofBody!, body, step.dTheta, 0.01);
    optimiser.update(ofBase!, base, dHead, 0.01);
    optimiser.update(ofDelta!, delta, dHead, 0.01);
  }
  body.set(
    base.map((value, j) => value + delta[j]!),
    tensor.offset,
  );
  const { state } = await train({ algorithm: residualMaml });
  expect(relativeError(state.theta, body)).toBeLessThan(1e-12);
  const plain = await train({ algorithm: anil });
  expect(relativeError(plain.state.theta, body)).toBeGreaterThan(1e-3);
});

describe("clipping", () => {
  const clipped = async (theta: Float64Array, alpha: Float64Array, innerClip: number) => {
    const { engine } = logistic;
    const tasks = tasksOf(logistic, 3);
    let loss = 0;
    for (const { support, query } of tasks) {
      let own: Float64Array = theta;
      for (let k = 0; k < 3; k++) {
        const [g] = (await engine.gradients([own], [support])).gradients;
        const factor = Math.min(1, innerClip / Math.hypot(...g!));
        own = own.map((value, i) => value - alpha[i]! * factor * g![i]!);
      }
      loss += (await engine.gradients([own], [query])).losses[0]! / tasks.length;
    }
    return loss;
  };

  it.each([0.05, 0.3, 100])(
    "the meta-gradient goes through inner gradients clipped to %d exactly",
    async (innerClip) => {
      const { engine } = logistic;
      const [theta, alpha] = [Float64Array.from(logistic.theta), Float64Array.from(logistic.alpha, (rate) => 5 * rate)];
      const options = { innerSteps: 3, order: 2, innerClip } as const;
      const exact = await metaGradient(engine, theta, alpha, tasksOf(logistic, 3), options);
      for (const [gradient, at] of [
        [exact.dTheta, theta],
        [exact.dAlpha, alpha],
      ] as const) {
        const differences = Array.from(at, (_, i) => {
          const moved = (h: number) => at.map((value, j) => (i === j ? value + h : value));
          const value = (h: number) =>
            at === theta ? clipped(moved(h), alpha, innerClip) : clipped(theta, moved(h), innerClip);
          return Promise.all([value(1e-5), value(-1e-5)]).then(([up, down]) => (up - down) / 2e-5);
        });
        expect(relativeError(gradient, await Promise.all(differences))).toBeLessThan(1e-7);
      }
    },
  );

  it("a limit that no gradient reaches changes nothing; a lower one changes the steps", async () => {
    const { engine, theta, alpha, task } = logistic;
    const of = (innerClip?: number) =>
      adapt(engine, theta, alpha, [task(0).support], 3, innerClip === undefined ? {} : { innerClip });
    expect(await of(1e6)).toEqual(await of());
    expect(await of(0.01)).not.toEqual(await of());
    expect((await train({ outerClip: 1e6 })).state).toEqual((await train({})).state);
    // Adam's first step is free of the gradient's scale, the next ones are not.
    expect((await train({ outerClip: 1e-3 })).state.theta).not.toEqual((await train({})).state.theta);
  });
});

describe("shared rates", () => {
  it.each([
    ["element", 5],
    ["row", 3],
    ["tensor", 2],
    ["scalar", 1],
  ] as const)("%s: as many different rates as that", async (alphaSharing, count) => {
    const { engine, theta } = quadratic;
    const alpha = engine.vector().fill(0.05);
    const { state } = await trainMeta<never>({
      engine,
      algorithm: metaSgd,
      initial: startMetaTraining(theta, alpha),
      tasks: (iteration) => tasksOf(quadratic, 4, iteration * 4),
      iterations: 30,
      outerLr: 0.001,
      alphaRange: [-1, 1],
      innerSteps: 2,
      order: 2,
      evalInterval: 100,
      patience: 0,
      logInterval: 5,
      alphaSharing,
    });
    expect(new Set(state.alpha).size).toBe(count);
  });

  it("one shared rate's gradient is the sum: finite differences", async () => {
    const { engine, theta } = logistic;
    const tasks = tasksOf(logistic, 3);
    const at = async (rate: number) => {
      const { taskLosses, dAlpha } = await metaGradient(engine, theta, engine.vector().fill(rate), tasks, {
        innerSteps: 3,
        order: 2,
      });
      return {
        loss: taskLosses.reduce((sum, loss) => sum + loss, 0) / 3,
        sum: Array.from(dAlpha).reduce((a, b) => a + b, 0),
      };
    };
    const { sum } = await at(0.1);
    expect(sum).toBeCloseTo(((await at(0.1001)).loss - (await at(0.0999)).loss) / 0.0002, 7);
  });
});

it("only the named tensors adapt, with every algorithm; an empty set is refused", async () => {
  const body = logistic.engine.layout.tensors[0]!;
  const { state } = await train({ adapting: [body.name] });
  expect(state.alpha.subarray(body.size).every((rate) => rate === 0)).toBe(true);
  expect(state.alpha.subarray(0, body.size).some((rate, i) => rate !== logistic.alpha[i])).toBe(true);
  await expect(train({ algorithm: anil, adapting: [body.name] })).rejects.toThrow(/adapting tensors, anil: none/);
  await expect(train({ adapting: ["nothing"] })).rejects.toThrow(/adapting tensors: "nothing"/);
});

it("θ is not changed if the outer rate is 0, and α learns; without learned rates this is refused", async () => {
  const { state } = await train({ outerLr: 0, alphaLr: 0.01 });
  expect(state.theta).toEqual(logistic.theta);
  expect(state.alpha).not.toEqual(logistic.alpha);
  await expect(train({ outerLr: 0, algorithm: maml })).rejects.toThrow(/outerLr: 0/);
});

it("α has its own outer rate, and a schedule lowers both rates", async () => {
  const constant = await train({ iterations: 1, alphaLr: 0.02 });
  logistic.alpha.forEach((rate, i) => {
    expect(Math.abs(constant.state.alpha[i]! - rate)).toBeCloseTo(0.02, 6);
    expect(Math.abs(constant.state.theta[i]! - logistic.theta[i]!)).toBeCloseTo(0.01, 6);
  });
  const moved = async (outerSchedule: "constant" | "linear" | "cosine") => {
    const run = await train({ outerSchedule, iterations: 10 });
    return Array.from(logistic.theta).reduce((sum, value, i) => sum + Math.abs(value - run.state.theta[i]!), 0);
  };
  const [whole, linear, cosine] = [await moved("constant"), await moved("linear"), await moved("cosine")];
  expect(linear).toBeLessThan(0.8 * whole);
  expect(cosine).toBeLessThan(0.8 * whole);
  expect(linear).not.toBe(cosine);
});

it("keeps the start only if this is allowed", async () => {
  const scores = [5, 1, 2];
  const validate = async (_theta: unknown, _alpha: unknown, iteration: number) => ({
    score: scores[iteration]!,
    metrics: null as never,
  });
  const of = (keepStart: boolean) => train({ iterations: 2, evalInterval: 1, validate, keepStart });
  expect((await of(true)).best.iteration).toBe(0);
  expect((await of(true)).best.theta).toEqual(logistic.theta);
  expect((await of(false)).best.iteration).toBe(2);
});
