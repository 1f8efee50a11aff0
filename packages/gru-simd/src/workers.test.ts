import { spawnSync } from "node:child_process";
import { KshotError } from "@kshot/contract";
import { examples, randomPairs, shape } from "@kshot/engine-laws";
import { gruConfig, initialParameters } from "@kshot/gru-layout";
import { nextAdamStep } from "@kshot/meta-sgd";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import { afterEach, describe, expect, onTestFinished, test, vi } from "vitest";
import { createSimdEngine, type SimdEngine, simdBuilds } from "../dist/index.js";
import { cell, type SharedWork } from "../dist/pool/shared-work.js";

const config = gruConfig({ ...shape, numLayers: 2 });
const theta = initialParameters(config, xoroshiro128plus(1));
const alpha = initialParameters(config, xoroshiro128plus(2)).map((value) => 0.05 * Math.abs(value));
const taskPairs = Array.from({ length: 18 }, (_, i) => [randomPairs(1 + (i % 5), 12), randomPairs(1 + (i % 7), 12)]);

const many = examples["more pairs than one part holds"];
const kept = Uint8Array.from({ length: many.sequences.length * config.hiddenDim }, (_, i) => (i % 10 < 3 ? 0 : 1));
const stateDropout = { rate: 0.3, kept };
/** Its parts are larger. */
const most = randomPairs(700, 9);

const open: SimdEngine[] = [];
async function engineOf(options: Omit<Parameters<typeof createSimdEngine>[0], "config">) {
  const engine = await createSimdEngine({ config, ...options });
  open.push(engine);
  return engine;
}
afterEach(() => {
  for (const engine of open.splice(0)) engine.dispose();
  vi.restoreAllMocks();
});

async function everything(engine: SimdEngine) {
  const tasks = taskPairs.map(([support, query]) => engine.task(support, query));
  const batches = Object.values(examples).map((example) => engine.batch(example));
  const thetas = batches.map((_, i) => (i % 2 === 0 ? theta : alpha));
  return {
    meta: await engine.metaGradient(theta, alpha, tasks, { innerSteps: 3, order: 2 }),
    first: await engine.metaGradient(theta, alpha, tasks, { innerSteps: 3, order: 1 }),
    groups: await engine.taskGroups.sums(
      theta,
      alpha,
      tasks,
      { begin: 0, end: Math.ceil(tasks.length / engine.taskGroups.size) },
      { innerSteps: 2, order: 2 },
    ),
    gradients: await engine.gradients(thetas, batches),
    dropped: await engine.gradients([theta], [engine.batch(many, { stateDropout })]),
    largest: await engine.gradients([theta], [engine.batch(most)]),
    products: await engine.hessianVectorProducts(thetas, batches, [...thetas].reverse()),
    logits: await engine.logits(thetas, batches),
    adapted: await engine.adapt(theta, alpha, batches, 2),
    inTurn: await engine.adaptInTurn(
      theta,
      alpha,
      batches.map((batch, i) => [batch, batches[(i + 1) % batches.length]]),
      3,
    ),
  };
}

const threads: [workers: number, callerComputes: boolean][] = [2, 3, 7].flatMap((workers) => [
  [workers, false],
  [workers, true],
]);

describe.each(simdBuilds())("%s", (build) => {
  test("any number of workers gives the same bits", async () => {
    const alone = await everything(await engineOf({ build, workers: 1 }));
    for (const [workers, callerComputes] of threads) {
      const engine = await engineOf({ build, workers, callerComputes });
      expect(engine.description.workers).toBe(workers);
      expect(await everything(engine)).toEqual(alone);
      // The same buffers, used again.
      expect(await everything(engine)).toEqual(alone);
    }
  });
});

test("a step of Adam that workers share has the bits of one thread's", async () => {
  const large = gruConfig({ nItems: 4001, embeddingDim: 33, hiddenDim: 40, maxSeqLen: 9 });
  const start = initialParameters(large, xoroshiro128plus(1));
  expect(start.length).toBeGreaterThan(2 ** 18);
  const stepped = async (workers: number) => {
    const engine = await createSimdEngine({ config: large, workers });
    open.push(engine);
    const vectors = [engine.optimiser!.vector(), engine.optimiser!.vector(), engine.optimiser!.vector()];
    const moments = { step: 0, firstMoment: new Float64Array(0), secondMoment: new Float64Array(0) };
    for (const vector of vectors) vector.parameters.set(start);
    for (let step = 0; step < 3; step++) {
      const numbers = nextAdamStep(moments, 0.01, 0.1);
      for (const [i, vector] of vectors.entries()) {
        start.forEach((value, j) => {
          vector.gradient[j] = value * ((j % 7) - 3) * (i + 1);
        });
        await engine.optimiser!.step(vector, numbers);
      }
    }
    return vectors.map((vector) => Object.values(vector).map((part) => part.slice()));
  };
  const alone = await stepped(1);
  for (const workers of [2, 3, 7]) {
    const shared = await stepped(workers);
    // Compared as bytes: `toEqual` on a million numbers is slow.
    for (const [i, parts] of shared.entries()) {
      for (const [j, part] of parts.entries()) {
        expect(Buffer.compare(Buffer.from(part.buffer), Buffer.from(alone[i][j].buffer))).toBe(0);
      }
    }
  }
});

test.each(threads)(
  "results that come before their turn give the same bits: %i workers, the caller computes: %s",
  async (workers, callerComputes) => {
    const alone = await engineOf({ workers: 1 });
    const engine = await engineOf({ workers, callerComputes });
    // The first group takes longer than all others: their results are kept until its own is added.
    const lengths = Array.from({ length: 120 }, (_, i) => (i === 0 ? 60 : 1 + (i % 3)));
    const pairs = lengths.map((length) => randomPairs(length, length));
    const run = (by: SimdEngine) => {
      const tasks = pairs.map((some) => by.task(some, some));
      return by.metaGradient(theta, alpha, tasks, { innerSteps: 2, order: 2 });
    };
    const expected = await run(alone);
    for (let i = 0; i < 3; i++) expect(await run(engine)).toEqual(expected);
    const batch = {
      sequences: pairs.flatMap((some) => some.sequences),
      labels: pairs.flatMap((some) => Array.from(some.labels)),
    };
    const gradients = (by: SimdEngine) => by.gradients([theta], [by.batch(batch)]);
    const gradient = await gradients(alone);
    for (let i = 0; i < 3; i++) expect(await gradients(engine)).toEqual(gradient);
  },
);

test("the gradient of a batch with large parts is the mean over its pairs", async () => {
  const engine = await engineOf({ workers: 2 });
  const each = most.sequences.map((sequence, i) =>
    engine.batch({ sequences: [sequence], labels: [Number(most.labels[i])] }),
  );
  const { losses, gradients } = await engine.gradients([theta], [engine.batch(most)]);
  const single = await engine.gradients(new Array(each.length).fill(theta), each);
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  expect(losses[0]).toBeCloseTo(mean(single.losses), 6);
  const largest = Math.max(...gradients[0].map(Math.abs));
  for (const [i, value] of gradients[0].entries()) {
    expect(Math.abs(value - mean(single.gradients.map((own) => own[i]))) / largest).toBeLessThan(1e-5);
  }
});

test("calls that overlap run one after the other", async () => {
  const engine = await engineOf({ workers: 2 });
  const alone = await everything(engine);
  const [a, b] = await Promise.all([everything(engine), everything(engine)]);
  expect(a).toEqual(alone);
  expect(b).toEqual(alone);
});

test("an error in a worker equals the error without workers, names its task, and leaves the engine usable", async () => {
  const bad = alpha.slice();
  const big = theta.slice();
  // The rates of an item that only task 9's support has: its second step is at a θ that is not finite.
  bad.fill(Number.POSITIVE_INFINITY, 20 * config.embeddingDim, 21 * config.embeddingDim);
  const pairs = taskPairs.map((_, i) => ({ sequences: [[i === 9 ? 20 : 1, 2]], labels: [3] }));
  const messages: string[] = [];
  for (const [workers, callerComputes] of [
    [1, false],
    [3, false],
    [3, true],
    [2, true],
  ] as const) {
    const engine = await engineOf({ workers, callerComputes });
    const tasks = pairs.map((support) => engine.task(support, pairs[0]));
    const attempt = engine.metaGradient(big, bad, tasks, { innerSteps: 2, order: 2 });
    const error = await attempt.catch((thrown) => thrown);
    expect(KshotError.isInstance(error) && error.code).toBe("FAILED");
    messages.push(error.message);
    expect((await engine.metaGradient(theta, alpha, tasks, { innerSteps: 2, order: 2 })).taskLosses.length).toBe(18);
  }
  expect(messages[0]).toMatch(/loss of task 9: NaN, from Infinity in embedding\.weight\[120\] of α/);
  expect(new Set(messages).size).toBe(1);
});

test.each([false, true])(
  "a failed call does not affect the next one; the caller computes: %s",
  async (callerComputes) => {
    const engine = await engineOf({ workers: 2, callerComputes });
    const fresh = await engineOf({ workers: 1 });
    const tasks = taskPairs.map(([support, query]) => engine.task(support, query));
    const bad = alpha.slice();
    bad.fill(Number.POSITIVE_INFINITY, 20 * config.embeddingDim, 21 * config.embeddingDim);
    const of = (item: number, length: number) => ({
      sequences: [Array.from({ length }, () => item)],
      labels: [3],
    });
    // The first group fails, after much more work than the second had, which waits for its turn by then.
    const slow = Array.from({ length: 3 }, () => engine.task(of(1, 40), of(1, 40)));
    const quick = Array.from({ length: 4 }, (_, i) => engine.task(of(4 + i, 1), of(5 + i, 1)));
    const failing = [...slow, engine.task(of(20, 2), of(1, 2)), ...quick];
    for (let i = 0; i < 5; i++) {
      const attempt = engine.metaGradient(theta, bad, failing, { innerSteps: 2, order: 2 });
      await expect(attempt).rejects.toThrow(/loss of task/);
    }
    const options = { innerSteps: 2, order: 2 } as const;
    const found = await engine.metaGradient(theta, alpha, tasks, options);
    const expected = await fresh.metaGradient(theta, alpha, tasks, options);
    expect(found.dTheta).toEqual(expected.dTheta);
    expect(found.dAlpha).toEqual(expected.dAlpha);
  },
);

test.each([false, true])(
  "a worker that dies names its task, and the next call has new workers; the caller computes: %s",
  async (callerComputes) => {
    const threads = process.getBuiltinModule("node:worker_threads");
    const made: InstanceType<typeof threads.Worker>[] = [];
    let control: Int32Array = new Int32Array(0);
    const { Worker } = threads;
    threads.Worker = class extends Worker {
      constructor(...args: ConstructorParameters<typeof Worker>) {
        super(...args);
        made.push(this);
      }
      override postMessage(message: SharedWork) {
        if (message.control !== undefined) control = new Int32Array(message.control);
        super.postMessage(message);
      }
    };
    onTestFinished(() => {
      threads.Worker = Worker;
    });
    const count = callerComputes ? 1 : 2;
    const large = gruConfig({ nItems: 3000 });
    const engine = await createSimdEngine({ config: large, workers: 2, callerComputes });
    open.push(engine);
    const start = initialParameters(large, xoroshiro128plus(1));
    const rates = start.map(() => 0.01);
    const some = taskPairs.map(([support, query]) => engine.task(support, query));
    // Many seconds of work, so that the call is running when its worker ends.
    const tasks = Array.from({ length: 40 }, () => some).flat();
    const call = engine.metaGradient(start, rates, tasks, { innerSteps: 5, order: 2 });
    const outcome = call.catch((thrown) => thrown);
    // Only when it computes a task, also on a busy machine.
    await vi.waitUntil(() => made.length === count && control.length > 0 && Atomics.load(control, cell.at) >= 0, {
      timeout: 60_000,
    });
    await made[0].terminate();
    const error = await outcome;
    expect(KshotError.isInstance(error) && error.code).toBe("FAILED");
    expect(error.message).toMatch(/^task \d+: its worker died/);
    const { taskLosses } = await engine.metaGradient(start, rates, some, { innerSteps: 1, order: 1 });
    expect(made.length).toBe(2 * count);
    expect(taskLosses.every(Number.isFinite)).toBe(true);
  },
);

test.each([false, true])(
  "dispose during a call fails the call; calls afterwards are refused; the caller computes: %s",
  async (callerComputes) => {
    const engine = await engineOf({ workers: 2, callerComputes });
    const tasks = taskPairs.map(([support, query]) => engine.task(support, query));
    const call = engine.metaGradient(theta, alpha, tasks, { innerSteps: 50, order: 2 });
    await new Promise((resolve) => setTimeout(resolve, 0));
    engine.dispose();
    await expect(call).rejects.toThrow(/dispose\(\)/);
    await expect(engine.gradients([theta], [tasks[0].support])).rejects.toThrow(/a call after dispose\(\)/);
  },
);

test.each([
  ["disposed", "engine.dispose();", false],
  ["left open", "", false],
  ["left open, the caller computes", "", true],
])("a process ends by itself: %s", (_, last, callerComputes) => {
  const url = (path: string) => JSON.stringify(new URL(path, import.meta.url).href);
  const program = `
    import { createSimdEngine } from ${url("../dist/index.js")};
    const engine = await createSimdEngine({ config: { nItems: 9, embeddingDim: 3, hiddenDim: 4 }, workers: 2, callerComputes: ${callerComputes} });
    const pairs = { sequences: [[1], [2, 3]], labels: [4, 5] };
    const tasks = Array.from({ length: 9 }, () => engine.task(pairs, pairs));
    const theta = engine.vector().fill(0.1);
    const { taskLosses } = await engine.metaGradient(theta, theta, tasks, { innerSteps: 2, order: 2 });
    ${last}
    console.log(taskLosses.length);
  `;
  const { stdout, status, signal } = spawnSync(process.execPath, ["--input-type=module", "-e", program], {
    encoding: "utf8",
    timeout: 20_000,
  });
  expect({ stdout, status, signal }).toEqual({ stdout: "9\n", status: 0, signal: null });
});

test("memory is constant over iterations, with the size of the largest task", async () => {
  const memories = watchedMemories();
  const engine = await engineOf({ workers: 1 });
  const tasks = taskPairs.map(([support, query]) => engine.task(support, query));
  const bytes = () => memories[0].buffer.byteLength;
  await engine.metaGradient(theta, alpha, tasks, { innerSteps: 3, order: 2 });
  const after = bytes();
  for (let i = 0; i < 50; i++) await engine.metaGradient(theta, alpha, tasks, { innerSteps: 3, order: 2 });
  expect(bytes()).toBe(after);
  const long = engine.task(randomPairs(60, 40), randomPairs(60, 40));
  await engine.metaGradient(theta, alpha, [long], { innerSteps: 3, order: 2 });
  expect(bytes()).toBeGreaterThan(after);
});

test("memory is that of one group, however many a call has", async () => {
  const memories = watchedMemories();
  const engine = await engineOf({ workers: 1 });
  const group = Array.from({ length: 4 }, () => engine.task(randomPairs(9, 20), randomPairs(9, 20)));
  const bytes = async (groups: number) => {
    const tasks = Array.from({ length: groups }, () => group).flat();
    await engine.metaGradient(theta, alpha, tasks, { innerSteps: 3, order: 2 });
    return memories[0].buffer.byteLength;
  };
  const one = await bytes(1);
  expect(await bytes(200)).toBe(one);
});

test("timers and other events of the calling thread are handled while it makes one call after the other", async () => {
  const engine = await engineOf({ workers: 2, callerComputes: true });
  const tasks = taskPairs.map(([support, query]) => engine.task(support, query));
  let ticks = 0;
  const timer = setInterval(() => ticks++, 1);
  for (const innerSteps of [1, 60]) {
    ticks = 0;
    // Calls of less than a millisecond, then of many.
    for (let call = 0; call < 60; call++) await engine.metaGradient(theta, alpha, tasks, { innerSteps, order: 2 });
    expect(ticks).toBeGreaterThan(5);
  }
  clearInterval(timer);
});

test.each([
  [1, 8, 1],
  [3, 5, 2],
  [8, 8, 1],
])(
  "steps that overflow leave nothing behind: embedding %i, hidden %i, layers %i",
  async (embeddingDim, hiddenDim, numLayers) => {
    // No width is a multiple of what a kernel computes at a time, so there is padding.
    const padded = gruConfig({ nItems: 13, embeddingDim, hiddenDim, numLayers, dropout: 0 });
    const start = initialParameters(padded, xoroshiro128plus(3));
    const engine = await createSimdEngine({ config: padded, workers: 1 });
    open.push(engine);
    const batch = engine.batch({
      sequences: [
        [1, 2, 3],
        [4, 5],
        [6, 7, 8, 9],
      ],
      labels: [3, 6, 1],
    });
    const ask = async () => ({
      logits: await engine.logits([start], [batch]),
      adapted: await engine.adapt(
        start,
        start.map(() => 0.01),
        [batch],
        2,
      ),
      gradients: await engine.gradients([start], [batch]),
    });
    const before = await ask();
    const far = start.map(() => 1e30);
    for (const steps of [1, 2, 8]) {
      await engine.adapt(start, far, [batch], steps).catch(() => {});
      expect(await ask()).toEqual(before);
      await engine.adaptedLogits(start, far, [batch], [[batch]], [steps]).catch(() => {});
      expect(await ask()).toEqual(before);
      await engine.adaptInTurn(start, far, [[batch, batch]], steps).catch(() => {});
      expect(await ask()).toEqual(before);
    }
  },
);

test("scores of more than 4 GiB for one person are refused with their size", async () => {
  const wide = gruConfig({ nItems: 400_000, embeddingDim: 1, hiddenDim: 1 });
  const engine = await createSimdEngine({ config: wide, workers: 1 });
  open.push(engine);
  const theta = initialParameters(wide, xoroshiro128plus(1));
  const support = engine.batch({ sequences: [[1]], labels: [2] });
  const query = engine.batch({ sequences: Array.from({ length: 3000 }, () => [1]), labels: new Array(3000).fill(2) });
  const ask = engine.adaptedLogits(
    theta,
    theta.map(() => 0),
    [support],
    [[query]],
    [0],
  );
  await expect(ask).rejects.toThrow(/a task needs \d+ MiB\. Expected at most 4096 MiB/);
});

test("scoring one person often takes no more memory than scoring once", async () => {
  const memories = watchedMemories();
  const engine = await engineOf({ workers: 1 });
  const person = engine.batch(randomPairs(40, 20));
  const ask = (times: number) =>
    engine.adaptedLogits(
      theta,
      alpha,
      [person],
      Array.from({ length: times }, () => [person]),
      Array.from({ length: times }, (_, i) => i),
    );
  await ask(2);
  const before = memories[0].buffer.byteLength;
  await ask(60);
  expect(memories[0].buffer.byteLength - before).toBeLessThan(2 ** 20);
});

/** The memory of every kernel that is made from now on. */
function watchedMemories(): WebAssembly.Memory[] {
  const memories: WebAssembly.Memory[] = [];
  const { instantiate } = WebAssembly;
  vi.spyOn(WebAssembly, "instantiate").mockImplementation((async (...args: Parameters<typeof instantiate>) => {
    const made = await instantiate(...args);
    memories.push((made as unknown as WebAssembly.Instance).exports.memory as WebAssembly.Memory);
    return made;
  }) as never);
  return memories;
}

test.each([1, 2, 7])(
  "%i workers: gradients of several large batches replace what their vectors held",
  async (workers) => {
    const engine = await engineOf({ workers });
    const batches = [engine.batch(most), engine.batch(many), engine.batch(most)];
    const thetas = [theta, alpha, theta];
    const { gradients: expected } = await engine.gradients(thetas, batches);
    // Which parts come early varies from call to call.
    for (let call = 0; call < 12; call++) {
      const used = batches.map(() => engine.vector().fill(call + 1));
      const { gradients } = await engine.gradients(thetas, batches, used);
      expect(gradients.every((vector, i) => vector === used[i])).toBe(true);
      expect(gradients).toEqual(expected);
    }
  },
);
