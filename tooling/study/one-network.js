#!/usr/bin/env node
/**
 * What the ensemble of a hybrid gives, for each of several finished runs: the test people are ranked by the run's hybrid, and by a stack of the
 * counts and its one network, whose weights are fitted again. Prints MRR of each run, and the paired differences over people and seeds.
 *
 *   node tooling/study/one-network.js --data DIR [--split val] [--seeds 1,2] [--out FILE] RUN…
 *
 * RUN may be the folder of a suite's runs: those with a hybrid are taken, of `--seeds` or of all seeds. `--out` writes the differences as JSON, for `page.js`.
 */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { figure, interval } from "./markdown.js";
import { load, mean, mrrOfPeople, openRun, pairedMrr, runArguments, windows } from "./runs.js";

const { learnHybrid } = await load("experiment/dist/algorithms/index.js");
const { openEngine } = await load("experiment/dist/config/index.js");
const { stackedScorer } = await load("experiment/dist/evaluation/index.js");
const { modelFile } = await load("experiment/dist/run/run-files.js");
const { openSavedModel } = await load("recommend/dist/index.js");

const { runs, ...values } = runArguments();
/** MRR of each person by window, one list for each run. */
const found = Object.fromEntries(windows.map((window) => [window, { several: [], one: [] }]));
const queries = {};
let networks = 0;

for (const run of runs) {
  const { config, data } = await openRun(run, values.data);
  const { metadata, network, counts } = await openSavedModel(join(run, modelFile("hybrid", data)));
  const { shape, theta, alpha, rules, ensemble = [] } = network;
  if (ensemble.length === 0) throw new Error(`${run}: its hybrid has no ensemble. Expected one of several networks`);
  networks = ensemble.length + 1;
  const engine = await openEngine(config, shape, rules.mask);
  const own = { engine, theta, alpha, rules, offsets: counts.offsets };
  // Only the name of the network's expert depends on the algorithm.
  const { mixture } = await learnHybrid(data, [{ ...own, algorithm: "gru" }], {
    seed: config.seed,
    progress: () => {},
  });
  const scorers = { several: stackedScorer(counts, { ...own, ensemble }), one: stackedScorer(mixture, own) };
  const words = [];
  for (const window of windows) {
    for (const [name, scorer] of Object.entries(scorers)) {
      const people = await mrrOfPeople(scorer, data, values.split, window);
      queries[window] = people.queries;
      found[window][name].push(people.mrr);
      words.push(`${window} ${name} ${figure(mean(found[window][name].at(-1)), 4)}`);
    }
  }
  console.log(`${run}: ${metadata.algorithm}, ${networks} networks; MRR ${words.join(", ")}`);
  engine.dispose();
}

const differences = windows.map((window) => {
  const { several, one } = found[window];
  const difference = pairedMrr(several, one, queries[window], window);
  const bySeed = several.map((own, run) => mean(own) - mean(one[run]));
  return [window, { mrr: mean(several.map(mean)), one: mean(one.map(mean)), difference, bySeed }];
});
for (const [window, { mrr, one, difference }] of differences) {
  console.log(`${window}: ${figure(mrr)} with ${networks} networks, ${figure(one)} with one, ${interval(difference)}`);
}
if (values.out) {
  writeFileSync(
    values.out,
    `${JSON.stringify({ networks, runs: runs.length, windows: Object.fromEntries(differences) }, null, 2)}\n`,
  );
}
