/**
 * The effect of tensor-fn's own matrix kernels on the tensor engine: one meta-gradient (5 steps, second order, 343 items, 64/128)
 * with them and with TensorFlow.js's BatchMatMul, alternately, in one process. Prints processor time and the ratio.
 *
 *   node tooling/bench/matrix-kernels.js
 */
import { createRequire } from "node:module";
import { createTensorEngine } from "@kshot/gru";
import { gruConfig, initialParameters } from "@kshot/gru-layout";
import { metaGradientByRecursion } from "@kshot/meta-sgd";
import { uniformInt } from "pure-rand/distribution/uniformInt";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";

const ownKernel = "TensorFnBatchMatMul";
const config = gruConfig({ nItems: 343 });
const theta = initialParameters(config, xoroshiro128plus(1));
const alpha = theta.map(() => 0.05);
const random = xoroshiro128plus(7);
const items = (length) => Array.from({ length }, () => uniformInt(random, 0, config.nItems - 1));
const numbers = (from, to) => Array.from({ length: to - from + 1 }, (_, i) => from + i);

/** Support histories of 1 … 5 items and query histories of 6 … 15; `long`: every history 50 items, nothing shared. */
function pairs(history, lengths, long) {
  return {
    sequences: lengths.map((n) => (long ? items(50) : history.slice(0, n))),
    labels: lengths.map((n) => history[n]),
  };
}

for (const [name, people] of [
  ["nested", 32],
  ["long", 4],
]) {
  const engine = await createTensorEngine({ config });
  const tasks = Array.from({ length: people }, () => {
    const history = items(16);
    return engine.task(pairs(history, numbers(1, 5), name === "long"), pairs(history, numbers(6, 15), name === "long"));
  });
  await engine.logits([theta], [tasks[0].support]);
  const tensorFlow = createRequire(createRequire(import.meta.url).resolve("@kshot/tensor-fn/package.json"));
  const tf = tensorFlow("@tensorflow/tfjs-core");
  const kernels = [ownKernel, "BatchMatMul"].map((kernel) => tf.getKernel(kernel, "wasm").kernelFunc);
  const use = (kernelFunc) => {
    tf.unregisterKernel(ownKernel, "wasm");
    tf.registerKernel({ kernelName: ownKernel, backendName: "wasm", kernelFunc });
  };
  const times = [[], []];
  for (let round = 0; round < 6; round++) {
    for (const [which, kernel] of kernels.entries()) {
      use(kernel);
      const start = process.cpuUsage().user;
      await metaGradientByRecursion(engine, theta, alpha, tasks, { innerSteps: 5, order: 2 });
      if (round > 0) times[which].push((process.cpuUsage().user - start) / 1000);
    }
  }
  use(kernels[0]);
  engine.dispose();
  const [own, theirs] = times.map((list) => list.sort((a, b) => a - b)[2]);
  console.log(
    `${name}, ${people} people: own kernels ${own.toFixed(0)} ms, BatchMatMul ${theirs.toFixed(0)} ms, ratio ${(theirs / own).toFixed(2)}`,
  );
}
