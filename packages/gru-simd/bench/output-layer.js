/**
 * Cost of a large output layer compared with its memory traffic: processor time of a meta-gradient (33,210 items, 64/128, 5 steps, second
 * order, one thread) and of copying as many bytes; one process runs both alternately.
 *
 *   node bench/output-layer.js [--items 33210] [--people 4] [--rounds 3]
 *
 * Passes over the output layer's weights, by person: each inner step 6 (scores, their gradient, step: θ, α read, g, θ' written), the
 * query 8, each step backwards 4 for the tangents and 7 for v, u, dα (the last 3 for dθ): 89 for 5 steps.
 */
import { parseArgs } from "node:util";
import { gruConfig, initialParameters } from "@kshot/gru-layout";
import { uniformInt } from "pure-rand/distribution/uniformInt";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import { createSimdEngine } from "../dist/index.js";

const standard = { items: "33210", people: "4", rounds: "3" };
const { values } = parseArgs({
  options: Object.fromEntries(
    Object.entries(standard).map(([key, value]) => [key, { type: "string", default: value }]),
  ),
});
const config = gruConfig({ nItems: Number(values.items) });
const random = xoroshiro128plus(7);
const items = (length) => Array.from({ length }, () => uniformInt(random, 0, config.nItems - 1));
const prefixes = (history, from, to) => {
  const lengths = Array.from({ length: to - from + 1 }, (_, i) => from + i);
  return { sequences: lengths.map((n) => history.slice(0, n)), labels: lengths.map((n) => history[n]) };
};
const engine = await createSimdEngine({ config, workers: 1 });
const theta = initialParameters(config, xoroshiro128plus(1));
const alpha = theta.map(() => 0.01);
const tasks = Array.from({ length: Number(values.people) }, () => {
  const history = items(16);
  return engine.task(prefixes(history, 1, 5), prefixes(history, 6, 15));
});
const passes = 5 * 6 + 8 + 4 * 11 + 7;
const weights = config.nItems * config.hiddenDim;
const bytes = tasks.length * passes * weights * 4;
const [from, to] = [new Float32Array(weights).fill(1), new Float32Array(weights)];
const used = async (work) => {
  const start = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1e6;
};
const seconds = { gradient: [], copying: [] };
for (let round = -1; round < Number(values.rounds); round++) {
  const gradient = await used(() => engine.metaGradient(theta, alpha, tasks, { innerSteps: 5, order: 2 }));
  // A copy reads and writes: two passes.
  const copying = await used(() => {
    for (let i = 0; i < (tasks.length * passes) / 2; i++) to.set(from);
  });
  if (round >= 0) {
    seconds.gradient.push(gradient);
    seconds.copying.push(copying);
  }
}
engine.dispose();
const median = (list) => list.sort((a, b) => a - b)[list.length >> 1];
const [gradient, copying] = [median(seconds.gradient), median(seconds.copying)];
console.log(
  `${values.items} items, ${tasks.length} people: ${(bytes / 1e9).toFixed(1)} GB in the output layer; meta-gradient ${gradient.toFixed(2)} s, copying as much ${copying.toFixed(2)} s, ratio ${(gradient / copying).toFixed(2)}`,
);
