/**
 * Ratio of the processor times of a meta-gradient with and without inner clipping; one process runs both alternately. 32 tasks, 5 inner
 * steps, second order, 343 items, 64/128, one thread; every inner gradient is clipped.
 *
 *   node bench/inner-clip.js [--rounds 9] [--recursion]      --recursion: also by meta-sgd's recursion, for engines that do not clip
 */
import { parseArgs } from "node:util";
import { gruConfig, initialParameters } from "@kshot/gru-layout";
import { uniformInt } from "pure-rand/distribution/uniformInt";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import { createSimdEngine } from "../dist/index.js";

const { values } = parseArgs({ options: { rounds: { type: "string", default: "9" }, recursion: { type: "boolean" } } });
const config = gruConfig({ nItems: 343 });
const random = xoroshiro128plus(7);
const items = (length) => Array.from({ length }, () => uniformInt(random, 0, config.nItems - 1));
const prefixes = (history, from, to) => {
  const lengths = Array.from({ length: to - from + 1 }, (_, i) => from + i);
  return { sequences: lengths.map((n) => history.slice(0, n)), labels: lengths.map((n) => history[n]) };
};
const cases = {
  nested: () => {
    const history = items(16);
    return [prefixes(history, 1, 5), prefixes(history, 6, 15)];
  },
  long: () =>
    [5, 10].map((count) => ({ sequences: Array.from({ length: count }, () => items(50)), labels: items(count) })),
};
const engine = await createSimdEngine({ config, workers: 1 });
const theta = initialParameters(config, xoroshiro128plus(1));
const alpha = theta.map(() => 0.01);
const options = { innerSteps: 5, order: 2 };
const median = (list) => list.sort((a, b) => a - b)[list.length >> 1];
for (const [name, make] of Object.entries(cases)) {
  const tasks = Array.from({ length: 32 }, () => engine.task(...make()));
  const { gradients } = await engine.gradients([theta], [tasks[0].support]);
  const innerClip = 0.1 * Math.sqrt(gradients[0].reduce((sum, g) => sum + g * g, 0));
  const ways = { without: options, clipped: { ...options, innerClip } };
  const times = { without: [], clipped: [] };
  for (let round = -1; round < Number(values.rounds); round++) {
    for (const [way, how] of Object.entries(ways)) {
      const start = process.cpuUsage();
      await engine.metaGradient(theta, alpha, tasks, how);
      const { user, system } = process.cpuUsage(start);
      if (round >= 0) times[way].push((user + system) / 1000);
    }
  }
  const [without, clipped] = [median(times.without), median(times.clipped)];
  console.log(
    `${name}: without ${without.toFixed(1)} ms, clipped ${clipped.toFixed(1)} ms, ratio ${(clipped / without).toFixed(2)}`,
  );
  if (values.recursion && name === "nested") {
    const { metaGradientByRecursion } = await import("../../meta-sgd/dist/index.js");
    const start = process.cpuUsage();
    await metaGradientByRecursion(engine, theta, alpha, tasks, ways.clipped);
    const { user, system } = process.cpuUsage(start);
    const recursion = (user + system) / 1000;
    console.log(`  by recursion ${recursion.toFixed(1)} ms, ${(recursion / without).toFixed(2)} times`);
  }
}
engine.dispose();
