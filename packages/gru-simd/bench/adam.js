/**
 * Time of the vector work of one outer update: the check for NaN and a step of Adam, by meta-sgd in JavaScript and by the engine's
 * optimiser. One process runs both alternately. Median wall time, with 343 and with 33,210 items.
 *
 *   node bench/adam.js [--rounds 21]
 */
import { parseArgs } from "node:util";
import { gruConfig } from "@kshot/gru-layout";
import { adam, nextAdamStep } from "@kshot/meta-sgd";
import { createSimdEngine } from "../dist/index.js";

const { values } = parseArgs({ options: { rounds: { type: "string", default: "21" } } });
const median = (list) => list.sort((a, b) => a - b)[list.length >> 1];
for (const nItems of [343, 33210]) {
  for (const workers of [1, 2]) {
    const engine = await createSimdEngine({ config: gruConfig({ nItems }), workers });
    const { size } = engine.layout;
    const gradient = Float32Array.from({ length: size }, (_, i) => Math.sin(i));
    const parameters = new Float32Array(size);
    const state = adam().init(size);
    const vector = engine.optimiser.vector();
    const own = adam().init(1);
    const ways = {
      javascript: () => {
        let zero = 0;
        for (let i = 0; i < size; i++) zero += gradient[i] * 0;
        if (zero === 0) adam().update(state, parameters, gradient, 0.001);
      },
      engine: async () => {
        if (engine.optimiser.gradientIsFinite(vector)) await engine.optimiser.step(vector, nextAdamStep(own, 0.001));
      },
    };
    vector.gradient.set(gradient);
    const times = { javascript: [], engine: [] };
    for (let round = -3; round < Number(values.rounds); round++) {
      for (const [way, run] of Object.entries(ways)) {
        const start = performance.now();
        await run();
        if (round >= 0) times[way].push(performance.now() - start);
      }
    }
    const [plain, fast] = [median(times.javascript), median(times.engine)];
    console.log(
      `${size} values, ${workers} workers: JavaScript ${plain.toFixed(2)} ms, engine ${fast.toFixed(2)} ms, ${(plain / fast).toFixed(1)} times`,
    );
    engine.dispose();
  }
}
