import { gruConfig, initialParameters } from "@kshot/gru-layout";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import { expect, test } from "vitest";
import { exclusive } from "./exclusive.js";
import { createTensorEngine } from "./index.js";

test("work runs one after the other, also after work that failed", async () => {
  const log: string[] = [];
  const work = (name: string) => async () => {
    log.push(`${name} begins`);
    await Promise.resolve();
    await Promise.resolve();
    log.push(`${name} ends`);
    if (name === "a") throw new RangeError(name);
    return name;
  };
  const results = await Promise.allSettled([exclusive(work("a")), exclusive(work("b"))]);
  expect(results.map(({ status }) => status)).toEqual(["rejected", "fulfilled"]);
  expect(log).toEqual(["a begins", "a ends", "b begins", "b ends"]);
});

test("engines of two backends can be called at the same time", async () => {
  const config = gruConfig({ nItems: 7, embeddingDim: 3, hiddenDim: 4 });
  const theta = initialParameters(config, xoroshiro128plus(1));
  const pairs = { sequences: [[1, 2], [3]], labels: [3, 4] };
  const [cpu, wasm] = await Promise.all([
    createTensorEngine({ config, backend: "cpu" }),
    createTensorEngine({ config }),
  ]);
  expect(wasm.description).toEqual({ name: "tensor", backend: "wasm", workers: 1 });
  const ask = (engine: typeof cpu) => engine.gradients([theta], [engine.batch(pairs)]);
  const alone = [await ask(cpu), await ask(wasm)];
  expect(await Promise.all([ask(cpu), ask(wasm), ask(cpu)])).toEqual([alone[0], alone[1], alone[0]]);
});
