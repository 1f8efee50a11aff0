/**
 * Milliseconds per meta-gradient: 32 tasks, 5 inner steps, second order, 343 items, 64/128, nested and long histories.
 *
 *   node bench/meta-iteration.js [--iterations 15] [--build auto] [--workers 1,2] [--items 343] [--case nested,long]
 */
import { parseArgs } from "node:util";
import { gruConfig, initialParameters } from "@kshot/gru-layout";
import { uniformInt } from "pure-rand/distribution/uniformInt";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import { createSimdEngine } from "../dist/index.js";

const { values } = parseArgs({
  options: {
    iterations: { type: "string", default: "15" },
    build: { type: "string", default: "auto" },
    workers: { type: "string", default: "1,2" },
    items: { type: "string", default: "343" },
    case: { type: "string", default: "nested,long" },
  },
});
const config = gruConfig({ nItems: Number(values.items) });
const random = xoroshiro128plus(7);
const items = (length) => Array.from({ length }, () => uniformInt(random, 0, config.nItems - 1));

/** Pairs whose histories are the first `lengths` items of one list. */
function prefixes(history, lengths) {
  return { sequences: lengths.map((n) => history.slice(0, n)), labels: lengths.map((n) => history[n]) };
}
const cases = {
  nested() {
    const history = items(16);
    return [prefixes(history, [1, 2, 3, 4, 5]), prefixes(history, [6, 7, 8, 9, 10, 11, 12, 13, 14, 15])];
  },
  long() {
    const pairs = (n) => ({ sequences: Array.from({ length: n }, () => items(50)), labels: items(n) });
    return [pairs(5), pairs(10)];
  },
};

const theta = initialParameters(config, random);
const alpha = theta.map(() => 0.01);
for (const name of values.case.split(",")) {
  for (const workers of values.workers.split(",").map(Number)) {
    const engine = await createSimdEngine({ config, build: values.build, workers });
    const tasks = Array.from({ length: 32 }, () => engine.task(...cases[name]()));
    const times = [];
    const count = name === "long" ? Math.ceil(Number(values.iterations) / 3) : Number(values.iterations);
    let cpu = 0;
    for (let i = -3; i < count; i++) {
      if (i === 0) cpu = process.cpuUsage().user;
      const start = performance.now();
      await engine.metaGradient(theta, alpha, tasks, { innerSteps: 5, order: 2 });
      if (i >= 0) times.push(performance.now() - start);
    }
    // Processor time, which other processes do not affect.
    cpu = (process.cpuUsage().user - cpu) / 1000 / count;
    times.sort((a, b) => a - b);
    const median = times[times.length >> 1];
    console.log(
      `${name.padEnd(7)} ${engine.description.backend.padEnd(13)} ${workers} workers  median ${median.toFixed(1)} ms  min ${times[0].toFixed(1)} ms  max ${times.at(-1).toFixed(1)} ms  cpu ${cpu.toFixed(1)} ms`,
    );
    engine.dispose();
  }
}
