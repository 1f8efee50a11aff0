import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { Worker } from "node:worker_threads";
import { expectError, randomPairs, shape } from "@kshot/engine-laws";
import { gruConfig, initialParameters } from "@kshot/gru-layout";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import { afterEach, describe, expect, test, vi } from "vitest";
import { createSimdEngine, type MakeWorker, type SimdEngine, type SimdWarning, simdBuilds } from "../dist/index.js";

const config = gruConfig(shape);
const theta = initialParameters(config, xoroshiro128plus(1));
const alpha = theta.map((value) => 0.05 * Math.abs(value));
const people = Array.from({ length: 9 }, () => [randomPairs(3, 9), randomPairs(4, 9)] as const);
const resolve = createRequire(import.meta.url).resolve;
const script = (text: string) => new URL(`data:text/javascript,${encodeURIComponent(text)}`);

const open: SimdEngine[] = [];
afterEach(() => {
  for (const engine of open.splice(0)) engine.dispose();
  vi.restoreAllMocks();
});
async function engineOf(options: Omit<Parameters<typeof createSimdEngine>[0], "config">) {
  const engine = await createSimdEngine({ config, ...options });
  open.push(engine);
  return engine;
}
const ask = (engine: SimdEngine) =>
  engine.metaGradient(
    theta,
    alpha,
    people.map(([support, query]) => engine.task(support, query)),
    { innerSteps: 3, order: 2 },
  );

describe("workers that do not load", () => {
  test.each<[string, MakeWorker, RegExp]>([
    [
      "a script that is not there",
      () => new Worker(new URL("./nowhere.js", import.meta.url)),
      /do not load: .*nowhere/,
    ],
    ["a script that throws", () => new Worker(script("throw new Error('spoiled')")), /do not load: spoiled/],
    ["a script that is another", () => new Worker(script("1")), /do not load: it ended with code 0/],
    [
      "a runtime that makes no worker",
      () => {
        throw new TypeError("no workers here");
      },
      /do not load: no workers here/,
    ],
  ])("%s: one thread, the same bits, one named warning", async (_, worker, message) => {
    const warnings: SimdWarning[] = [];
    const engine = await engineOf({ workers: 3, worker, onWarning: (warning) => warnings.push(warning) });
    expect(engine.description.workers).toBe(3);
    const expected = await ask(await engineOf({ workers: 1 }));
    for (let call = 0; call < 2; call++) {
      const { taskLosses, dTheta, dAlpha } = await ask(engine);
      expect(taskLosses).toEqual(expected.taskLosses);
      expect(Float32Array.from(dTheta)).toEqual(expected.dTheta);
      expect(Float32Array.from(dAlpha)).toEqual(expected.dAlpha);
    }
    expect(engine.description.workers).toBe(1);
    expect(warnings.map(({ code }) => code)).toEqual(["WORKERS_NOT_LOADED"]);
    expect(warnings[0].message).toMatch(message);
    expect(warnings[0].message).toMatch(/pass createSimdEngine\(\{ worker \}\)/);
  });

  test("only the second worker fails: still one thread", async () => {
    const good = resolve("@kshot/gru-simd/worker");
    let made = 0;
    const worker = () => new Worker(made++ === 1 ? script("throw new Error('second')") : good);
    const warnings: SimdWarning[] = [];
    const engine = await engineOf({ workers: 2, worker, onWarning: (warning) => warnings.push(warning) });
    expect((await ask(engine)).dTheta).toEqual((await ask(await engineOf({ workers: 1 }))).dTheta);
    expect(warnings[0].message).toMatch(/second/);
  });

  test("without onWarning it is a process warning with a code", async () => {
    const emitWarning = vi.spyOn(process, "emitWarning").mockImplementation(() => {});
    await ask(await engineOf({ workers: 2, worker: () => new Worker(script("1")) }));
    expect(emitWarning.mock.calls).toEqual([
      [expect.stringMatching(/continues with one thread/), { type: "KshotWarning", code: "WORKERS_NOT_LOADED" }],
    ]);
  });

  test("dispose while they load fails the call", async () => {
    const engine = await engineOf({ workers: 2, worker: () => new Worker(script("setTimeout(() => {}, 60000)")) });
    const call = ask(engine);
    await new Promise((done) => setTimeout(done, 20));
    engine.dispose();
    await expectError(() => call, "USAGE", /dispose\(\) during a call/);
  });
});

test("a worker that the caller makes from the exported script computes the same bits", async () => {
  const worker = () => new Worker(resolve("@kshot/gru-simd/worker"));
  const engine = await engineOf({ workers: 2, worker });
  const { dTheta } = await ask(engine);
  expect(engine.description.workers).toBe(2);
  expect(dTheta).toEqual((await ask(await engineOf({ workers: 1 }))).dTheta);
});

test.each(simdBuilds())("%s: a module compiled by the caller computes the same bits", async (build) => {
  const module = await WebAssembly.compile(readFileSync(resolve(`@kshot/gru-simd/${build}.wasm`)));
  const { dTheta } = await ask(await engineOf({ module, build, workers: 1 }));
  expect(dTheta).toEqual((await ask(await engineOf({ build, workers: 1 }))).dTheta);
  await expectError(() => createSimdEngine({ config, module }), "USAGE", /without its build/);
});
