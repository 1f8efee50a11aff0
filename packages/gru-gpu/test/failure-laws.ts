import { expectError } from "@kshot/engine-laws";
import { gruConfig, initialParameters } from "@kshot/gru-layout";
import { nextAdamStep } from "@kshot/meta-sgd";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import { expect, test } from "vitest";
import { SharedDevice } from "../dist/device/shared-device.js";
import type { GpuAdapterDescription } from "../dist/index.js";
import { compileKernel } from "../dist/run/compile.js";
import { open, software } from "./adapter.js";
import { runWithout } from "./run-without.js";

const config = gruConfig({ nItems: 7, embeddingDim: 3, hiddenDim: 4 });
const pairs = { sequences: [[1], [1, 2]], labels: [2, 3] };
const adapterNamed =
  /GPU engine.*\(buffers up to \d+ MiB, bindings up to \d+ MiB, \d+ bytes and \d+ threads a workgroup\)/;

/** Tests of device failures. Called last, because the device is lost afterwards. */
export function failureLaws(adapter: GpuAdapterDescription): void {
  test.skipIf(!software)("a software adapter is refused where a card is required", () => {
    expect(adapter.software).toBe(true);
    // In a separate process: the driver is found by name, as on a machine with no other driver.
    const said = runWithout({}, "{ software: false }", undefined, true);
    expect(said.code).toBe("FAILED");
    expect(said.message).toMatch(/only .*(swiftshader|llvmpipe).*computes on the processor/i);
  });

  test("a task beyond the memory is refused with the sizes, and the engine remains usable", async () => {
    const wide = gruConfig({ nItems: 3000, embeddingDim: 4, hiddenDim: 16 });
    const engine = await open({ config: wide, memoryBytes: 2 ** 20 });
    try {
      const theta = initialParameters(wide, xoroshiro128plus(1));
      const task = engine.task(pairs, pairs);
      const refused = () => engine.metaGradient(theta, theta, [task], { innerSteps: 5, order: 2 });
      await expectError(refused, "FAILED", adapterNamed);
      await expectError(refused, "FAILED", /: \d+ MiB are needed at once/);
      expect((await engine.logits([theta], [task.query]))[0]!.rows).toBe(2);
    } finally {
      engine.dispose();
    }
  });

  // A card may have the memory for a buffer of the limit's size; the software adapter does not.
  test.skipIf(!software).each(["vectors", "total", "staging", "moments"])(
    "where the buffer %s cannot be allocated the error says so, nothing is kept, and the next call computes",
    async (label) => {
      const engine = await open({ config });
      const shared = await SharedDevice.acquire({ software, threads: 64 });
      const { device } = shared;
      const createBuffer = device.createBuffer.bind(device);
      const made: GPUBuffer[] = [];
      let destroyed = 0;
      device.createBuffer = (descriptor) => {
        const tooLarge = descriptor.label === label;
        const buffer = createBuffer(tooLarge ? { ...descriptor, size: device.limits.maxBufferSize } : descriptor);
        const destroy = buffer.destroy.bind(buffer);
        buffer.destroy = () => {
          destroyed += 1;
          destroy();
        };
        made.push(buffer);
        return buffer;
      };
      try {
        const theta = initialParameters(config, xoroshiro128plus(1));
        const task = engine.task(pairs, pairs);
        const zeros = () => new Float64Array(theta.length);
        const start = { parameters: theta, firstMoment: zeros(), secondMoment: zeros() };
        const compute = async () => {
          if (label !== "moments") return engine.metaGradient(theta, theta, [task], { innerSteps: 1, order: 2 });
          const adapting = engine.layout.tensors;
          return (await engine.residentTraining({ theta: start, alpha: start, adapting })).dispose();
        };
        await expectError(compute, "FAILED", adapterNamed);
        await expectError(compute, "FAILED", /a buffer is needed, and the device cannot allocate it/);
        expect(destroyed).toBe(made.length);
        device.createBuffer = createBuffer;
        await compute();
      } finally {
        device.createBuffer = createBuffer;
        engine.dispose();
        shared.release();
      }
    },
  );

  test("calls that run or wait when their engine is disposed, and calls after it, say so; the device serves other engines", async () => {
    const [engine, other] = [await open({ config }), await open({ config })];
    const theta = initialParameters(config, xoroshiro128plus(1));
    const zeros = () => new Float64Array(theta.length);
    const start = { parameters: theta, firstMoment: zeros(), secondMoment: zeros() };
    const training = await engine.residentTraining({ theta: start, alpha: start, adapting: engine.layout.tensors });
    const [batch, task] = [engine.batch(pairs), engine.task(pairs, pairs)];
    const calls: Promise<unknown>[] = [1, 2, 3].map(() => engine.gradients([theta], [batch]));
    calls.push(training.read());
    for (const call of calls) call.catch(() => {});
    engine.dispose();
    for (const call of calls) await expectError(() => call, "USAGE", /GPU engine: a call after dispose\(\)/);
    const step = nextAdamStep({ step: 0, firstMoment: zeros(), secondMoment: zeros() }, 1e-3);
    const iteration = { innerSteps: 1, order: 2, theta: step, alpha: { step, range: [1e-4, 0.1] } } as const;
    await expectError(() => training.iterate([task], iteration), "USAGE", /a call after dispose\(\)/);
    await expectError(() => training.read(), "USAGE", /a call after dispose\(\)/);
    training.dispose();
    await expectError(() => training.read(), "USAGE", /resident training: a call after dispose\(\)/);
    expect((await other.gradients([theta], [other.batch(pairs)])).losses[0]).toBeGreaterThan(0);
    other.dispose();
  });

  test("a device that is being opened for one engine is not freed with another", async () => {
    // Not the kind of this file's engines, whose device is in use until the end.
    const kind = { software, threads: 128 } as const;
    const first = await SharedDevice.acquire(kind);
    const opening = SharedDevice.acquire(kind);
    first.release();
    const shared = await opening;
    await expect(shared.alone(async () => "open")).resolves.toBe("open");
    shared.release();
    await expect(shared.alone(async () => "open")).rejects.toThrow(/the device was lost/);
  });

  test("a kernel that does not compile is named, with the driver's messages, adapter and limits", async () => {
    const shared = await SharedDevice.acquire({ software, threads: software ? 64 : 256 });
    try {
      const attempt = () =>
        compileKernel(shared.device, shared.adapter, "broken", { code: "fn run() { let x = y; }", entryPoint: "run" });
      await expectError(attempt, "FAILED", adapterNamed);
      await expectError(attempt, "FAILED", /kernel broken.*does not compile it: 1:\d+ .*'y'/);
    } finally {
      shared.release();
    }
  });

  // Last, because the device that this file's engines share is lost afterwards.
  test("a lost device is named, in the running call and in later ones; a new engine opens a new device", async () => {
    const engine = await open({ config });
    const theta = initialParameters(config, xoroshiro128plus(1));
    const batch = engine.batch(pairs);
    const shared = await SharedDevice.acquire({ software, threads: software ? 64 : 256 });
    const underway = engine.gradients([theta], [batch]);
    shared.device.destroy();
    await expectError(() => underway, "FAILED", /the device was lost: .*--resume/);
    await expectError(() => engine.gradients([theta], [batch]), "FAILED", /the device was lost/);
    shared.release();
    engine.dispose();
    const next = await SharedDevice.acquire({ software, threads: software ? 64 : 256 });
    expect(next).not.toBe(shared);
    next.release();
  });
}
