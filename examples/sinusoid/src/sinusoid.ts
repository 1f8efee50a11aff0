import { maml, metaSgd } from "@kshot/meta-sgd";
import { sinusoidExperiment } from "./sinusoid-experiment.js";

const iterations = 400;
console.log(`Sinusoids: amplitude 0.1–5, phase 0–π, K = 10 points, network 1-40-40-1, ${iterations} iterations each`);
console.log("Mean squared error on unseen curves");
console.log(`${"".padEnd(10)}${"before".padStart(10)}${"after 1 step".padStart(14)}`);
for (const algorithm of [maml, metaSgd]) {
  const [before, after] = (
    await sinusoidExperiment({
      algorithm,
      iterations,
      seed: 42,
      k: 10,
      metaBatch: 10,
      testCurves: 200,
      steps: [0, 1],
      outerLr: 0.003,
    })
  ).errors;
  console.log(`${algorithm.name.padEnd(10)}${before!.toFixed(3).padStart(10)}${after!.toFixed(3).padStart(14)}`);
}
