import { expect, it } from "vitest";
import { logistic, tasksOf } from "../test/cases.js";
import { adam, type SupervisedTrainingOptions, startSupervisedTraining, trainSupervised } from "./index.js";

type Metrics = { readonly loss: number };
const batches = tasksOf(logistic, 3).map((task) => task.support);
const held = logistic.task(500).query;

function options(changes: Partial<SupervisedTrainingOptions<Metrics>> = {}): SupervisedTrainingOptions<Metrics> {
  const { engine, theta } = logistic;
  return {
    engine,
    initial: startSupervisedTraining(theta),
    // A different order each epoch, so that the epoch's number matters.
    epochBatches: (epoch, skip) => batches.map((_, i) => batches[(i + epoch) % 3]!).slice(skip),
    learningRate: 0.01,
    maxEpochs: 5,
    patience: 0,
    validate: async (candidate) => {
      const { losses } = await engine.gradients([candidate], [held]);
      return { score: -losses[0]!, metrics: { loss: losses[0]! } };
    },
    ...changes,
  };
}

/** A validation that gives scores by epoch. */
const scored = (scores: readonly number[]) => async (_theta: unknown, epoch: number) => ({
  score: scores[epoch]!,
  metrics: { loss: epoch },
});

it("is Adam on one minibatch at a time", async () => {
  const { engine } = logistic;
  const theta = logistic.theta.slice();
  const optimiser = adam();
  const moments = optimiser.init(theta.length);
  const losses: number[] = [];
  for (let epoch = 1; epoch <= 5; epoch++) {
    for (let i = 0; i < 3; i++) {
      const step = await engine.gradients([theta], [batches[(i + epoch) % 3]!]);
      losses.push(step.losses[0]!);
      optimiser.update(moments, theta, step.gradients[0]!, 0.01);
    }
  }
  const seen: number[] = [];
  const before = logistic.theta.slice();
  const result = await trainSupervised(
    options({ validate: scored([0, 1, 2, 3, 4, 5]), onStep: ({ loss }) => seen.push(loss) }),
  );
  expect(result.best.theta).toEqual(theta);
  expect(result.best).toMatchObject({ epoch: 5, iteration: 15, score: 5, metrics: { loss: 5 } });
  expect(seen).toEqual(losses);
  expect(result.history.iteration).toEqual([3, 6, 9, 12, 15]);
  result.history.metaLoss.forEach((loss, e) => {
    expect(loss).toBeCloseTo((losses[3 * e]! + losses[3 * e + 1]! + losses[3 * e + 2]!) / 3, 14);
  });
  expect(logistic.theta).toEqual(before);
});

it.each([
  ["early, the best kept", [0, 3, 2, 3, 4, 9], 2, { stopped: "early", iterations: 9, epoch: 1 }],
  [
    "with a trained epoch even if epoch 0 was better",
    [5, 1, 1, 1, 1, 1],
    1,
    { stopped: "early", iterations: 6, epoch: 1 },
  ],
  ["at the end without patience", [0, 3, 2, 3, 4, 1], 0, { stopped: "finished", iterations: 15, epoch: 4 }],
] as const)("stops %s", async (_, scores, patience, expected) => {
  const thetas: number[][] = [];
  const validate = async (theta: ArrayLike<number>, epoch: number) => {
    thetas.push(Array.from(theta));
    return scored(scores)(theta, epoch);
  };
  const { stopped, iterations, best, history } = await trainSupervised(options({ validate, patience }));
  expect({ stopped, iterations, epoch: best.epoch }).toEqual(expected);
  expect([...best.theta]).toEqual(thetas[expected.epoch]);
  expect(history.validation.map(({ iteration }) => iteration)).toEqual(thetas.map((_, epoch) => 3 * epoch));
});

it("reports each epoch's figures and counts seconds by the caller's clock", async () => {
  let clock = 0;
  const epochs: unknown[] = [];
  const { secondsPerIteration, history } = await trainSupervised(
    options({
      maxEpochs: 2,
      validate: scored([0, 1, 2]),
      onEpoch: ({ epoch, step, score, loss }) => epochs.push([epoch, step, score, loss]),
      now: () => (clock += 2),
    }),
  );
  expect(epochs).toEqual([
    [1, 3, 1, history.metaLoss[0]],
    [2, 6, 2, history.metaLoss[1]],
  ]);
  expect(secondsPerIteration).toEqual([2, 2]);
});

it("lowers the loss", async () => {
  const { history } = await trainSupervised(options({ maxEpochs: 40 }));
  expect(history.metaLoss.at(-1)).toBeLessThan(0.9 * history.metaLoss[0]!);
});

it("aborted in step 4 finishes it and says so", async () => {
  const controller = new AbortController();
  const result = await trainSupervised(
    options({
      signal: controller.signal,
      onStep: ({ step }) => {
        if (step === 4) controller.abort();
      },
    }),
  );
  expect(result).toMatchObject({ stopped: "aborted", iterations: 4, epochs: 1 });
  expect(result.history.iteration).toEqual([3, 4]);
  const before = await trainSupervised(options({ signal: AbortSignal.abort() }));
  expect(before).toMatchObject({ stopped: "aborted", iterations: 0, best: { epoch: 0, score: null, metrics: null } });
});

it("fails over NaN in a loss and names epoch and step", async () => {
  const { engine } = logistic;
  let calls = 0;
  const breaking = {
    ...engine,
    gradients: async (...args: Parameters<typeof engine.gradients>) => {
      const result = await engine.gradients(...args);
      return ++calls === 5 ? { ...result, losses: [Number.NaN] } : result;
    },
  };
  const failing = trainSupervised(options({ engine: breaking, validate: scored([0, 1, 2]) }));
  await expect(failing).rejects.toThrow(/supervised training, epoch 2, step 5: loss NaN/);
});

it.each([
  ["an epoch without batches", { epochBatches: () => [] }, /epoch 1: no batches/],
  ["a score NaN", { validate: scored([Number.NaN]) }, /epoch 0: score NaN/],
  ["rate 0", { learningRate: 0 }, /learningRate: 0/],
  ["half an epoch", { maxEpochs: 0.5 }, /maxEpochs: 0.5/],
  ["negative patience", { patience: -1 }, /patience: -1/],
  ["parameters of another model", { initial: startSupervisedTraining(new Float64Array(3)) }, /theta: 3 values/],
] as const)("refuses %s", async (_, changes, message) => {
  await expect(trainSupervised(options(changes))).rejects.toThrow(message);
});

it("lowers the rate after `patience` epochs without a better score, and continues from the best parameters", async () => {
  const { engine } = logistic;
  const thetas: Float64Array[] = [];
  const dropsSeen: number[] = [];
  const validate = async (theta: ArrayLike<number>, epoch: number) => {
    thetas.push(Float64Array.from(theta));
    return scored([0, 1, 3, 2, 2, 4, 1, 1, 1])(theta, epoch);
  };
  const epochBatches = (epoch: number, skip: number, drops: number) => {
    dropsSeen.push(drops);
    return options().epochBatches(epoch, skip, drops);
  };
  const result = await trainSupervised(options({ validate, epochBatches, patience: 2, rateDrops: 1, maxEpochs: 20 }));
  // The best of the first part is epoch 2; after epoch 4 the rate falls; epoch 5 is the best of all; after epoch 7 training ends.
  expect(result).toMatchObject({ stopped: "early", epochs: 7, best: { epoch: 5, score: 4 } });
  expect(dropsSeen).toEqual([0, 0, 0, 0, 1, 1, 1]);
  const theta = thetas[2]!.slice();
  const moments = adam().init(theta.length);
  for (const batch of options().epochBatches(5, 0, 1)) {
    const { gradients } = await engine.gradients([theta], [batch]);
    adam().update(moments, theta, gradients[0]!, 0.01 * 0.2);
  }
  expect(Array.from(thetas[5]!)).toEqual(Array.from(theta));
  await expect(trainSupervised(options({ rateDrops: 0.5 }))).rejects.toThrow(/rateDrops: 0.5/);
});

it.each([
  ["", {}],
  [", the rate falling", { maxEpochs: 5, patience: 1, rateDrops: 2, validate: scored([0, 3, 2, 4, 1, 1]) }],
] as const)("resumes from a stored state as if it had never stopped, at every step%s", async (_, changes) => {
  const whole = await trainSupervised(options(changes));
  if ("rateDrops" in changes) expect(whole.state.rateDrops).toBe(2);
  for (let stopAt = 0; stopAt <= whole.iterations; stopAt++) {
    const abort = new AbortController();
    if (stopAt === 0) abort.abort();
    const { state, stopped } = await trainSupervised(
      options({
        ...changes,
        signal: abort.signal,
        onStep: ({ step }) => (step === stopAt ? abort.abort() : undefined),
      }),
    );
    expect(stopped).toBe("aborted");
    const rest = await trainSupervised(options({ ...changes, initial: structuredClone(state) }));
    expect({ ...rest, state: null }).toEqual({ ...whole, state: null });
  }
});

it("reports its state after each epoch, and the last good one before an error", async () => {
  const steps: number[] = [];
  const onCheckpoint = ({ step }: { step: number }) => void steps.push(step);
  await trainSupervised(options({ maxEpochs: 2, onCheckpoint }));
  expect(steps).toEqual([3, 6]);
  const { engine } = logistic;
  let calls = 0;
  const breaking = {
    ...engine,
    gradients: async (...input: Parameters<typeof engine.gradients>) => {
      const result = await engine.gradients(...input);
      return ++calls === 5 ? { ...result, losses: [Number.NaN] } : result;
    },
  };
  await expect(
    trainSupervised(options({ engine: breaking, validate: scored([0, 1, 2]), onCheckpoint })),
  ).rejects.toThrow(/step 5/);
  expect(steps).toEqual([3, 6, 3, 4]);
});

it("calls `checkpointDue` after each minibatch, if it is given", async () => {
  const steps: number[] = [];
  const onCheckpoint = ({ step }: { step: number }) => void steps.push(step);
  let asked = 0;
  // Three minibatches per epoch, and one more call at its end.
  await trainSupervised(options({ maxEpochs: 2, onCheckpoint, checkpointDue: () => [2, 4].includes(++asked) }));
  expect(asked).toBe(8);
  expect(steps).toEqual([2, 3]);
});

it("clips each minibatch's gradient and decays the parameters, as the settings say", async () => {
  const { engine } = logistic;
  const theta = logistic.theta.slice();
  const optimiser = adam();
  const moments = optimiser.init(theta.length);
  for (let i = 0; i < 3; i++) {
    const { gradients } = await engine.gradients([theta], [batches[(i + 1) % 3]!]);
    const norm = Math.hypot(...gradients[0]!);
    expect(norm).toBeGreaterThan(0.01);
    optimiser.update(
      moments,
      theta,
      gradients[0]!.map((g) => (g * 0.01) / norm),
      0.02,
      0.3,
    );
  }
  const { best } = await trainSupervised(options({ maxEpochs: 1, clip: 0.01, weightDecay: 0.3, learningRate: 0.02 }));
  best.theta.forEach((value, i) => {
    expect(value).toBeCloseTo(theta[i]!, 12);
  });
  await expect(trainSupervised(options({ clip: 0 }))).rejects.toThrow(/clip: 0/);
  await expect(trainSupervised(options({ weightDecay: -1 }))).rejects.toThrow(/weightDecay: -1/);
});
