/**
 * What training on the counts' scores gives, for each of several finished runs: trains the two networks that `hybrid` tries, fits a stack
 * with each and one with the best of the run's own networks, and evaluates all three. `hybrid` itself evaluates only the one that
 * it keeps. Prints a line for each run and, at the end, means over runs with 95 % intervals over people.
 *
 *   node tooling/study/on-counts.js --data DIR [--split val] [--seeds 1,2] [--out FILE] RUN…
 *
 * RUN may be the folder of a suite's runs: those with a hybrid are taken, of `--seeds` or of all seeds. `--out` writes the figures of the last lines as JSON, for `page.js`.
 */
import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { figure, interval } from "./markdown.js";
import { load, mean, mrrOfPeople, openRun, pairedMrr, runArguments, windows } from "./runs.js";

const { learnHybrid, trainOnCounts } = await load("experiment/dist/algorithms/index.js");
const { modelShape, openEngine } = await load("experiment/dist/config/index.js");
const { stackedScorer, supportRules } = await load("experiment/dist/evaluation/index.js");
const { loadNetwork } = await load("experiment/dist/run/model-files.js");
const { modelFile } = await load("experiment/dist/run/run-files.js");

const { runs, ...values } = runArguments();
const seconds = () => performance.now() / 1000;
/** Of all threads: other programs on the machine do not count. */
const processorSeconds = () => (process.cpuUsage().user + process.cpuUsage().system) / 1e6;
const nothing = { due: () => false, save: async () => {}, latest: async () => undefined };
const names = ["the best one trained alone", "GRU on the counts", "Meta-SGD on the counts"];
/** MRR of each person, by window and method: one list for each run. */
const found = new Map();
/** Held-out loss and MRR of the validation people, by method: one entry for each run. */
const heldOut = new Map();
let queries = {};

for (const run of runs) {
  const { config, data } = await openRun(run, values.data);
  const shape = modelShape(config, data.items.length);
  const engine = await openEngine(config, shape, "carry");
  const trained = new Map();
  for (const algorithm of ["gru", "gru-finetuned", "gru-context", "meta-sgd"]) {
    const model = join(run, modelFile(algorithm, data));
    if (!existsSync(model)) continue;
    const { theta, alpha, metadata } = await loadNetwork(model);
    trained.set(algorithm, { algorithm, theta, alpha, config: metadata.config });
  }
  const candidates = Array.from(trained.values(), ({ algorithm, theta, alpha, config: own }) => ({
    ...{ algorithm, theta, alpha, config: own, engine },
    rules: supportRules(algorithm, own.metasgd_config),
  }));
  let more = [];
  let begun = 0;
  let took = 0;
  const options = {
    seed: config.seed,
    progress: (event) => event.type === "done" && console.log(`  ${event.stage}: ${event.text}`),
    // All counts stay in each stack, so that only the networks differ.
    isFinal: false,
  };
  const chosen = await learnHybrid(data, candidates, {
    ...options,
    onCounts: async (start) => {
      begun = processorSeconds();
      const checkpoints = { joint: nothing, meta: nothing };
      const own = { ...{ engine, shape, config, data, seconds, checkpoints }, progress: options.progress };
      more = await trainOnCounts(start, { ...own, trained: (name) => trained.get(name) ?? candidates[0] });
      took = processorSeconds() - begun;
      return more;
    },
  });
  const { tried, chosen: name, onCounts = false } = chosen.facts.stack.network;
  const words = tried.map(
    (one) => `${one.name}${one.onCounts ? " on counts" : ""} ${one.loss.toFixed(4)}/${one.mrr.toFixed(4)}`,
  );
  console.log(
    `${run}: seed ${config.seed}, ${took.toFixed(0)} s of processor time; kept ${name}${onCounts ? " on counts" : ""}; held-out loss/MRR: ${words.join(", ")}`,
  );
  const [plain] = tried.filter((one) => one.name !== null && !one.onCounts).sort((a, b) => a.loss - b.loss);
  const alone = candidates.find(({ algorithm }) => algorithm === plain.name);
  const methods = {
    [names[0]]: alone,
    [names[1]]: { ...more[0], onCounts: false },
    [names[2]]: { ...more[1], onCounts: false },
  };
  // In the order in which they were trained: the GRU, then Meta-SGD.
  const [joint, meta] = tried.filter((one) => one.onCounts);
  for (const [method, one] of [
    ["none", tried.find((own) => own.name === null)],
    [names[0], plain],
    [names[1], joint],
    [names[2], meta],
  ]) {
    heldOut.set(method, [...(heldOut.get(method) ?? []), one]);
  }
  for (const [method, candidate] of Object.entries(methods)) {
    const { mixture, network } = await learnHybrid(data, [candidate], { ...options, progress: () => {} });
    const scorer = stackedScorer(mixture, network);
    for (const window of windows) {
      const people = await mrrOfPeople(scorer, data, values.split, window);
      queries = { ...queries, [window]: people.queries };
      const key = `${window}/${method}`;
      found.set(key, [...(found.get(key) ?? []), people.mrr]);
    }
  }
  for (const window of windows) {
    const means = Object.keys(methods).map(
      (method) => `${method} ${mean(found.get(`${window}/${method}`).at(-1)).toFixed(4)}`,
    );
    console.log(`  ${values.split}, ${window}: ${means.join(", ")}`);
  }
  engine.dispose();
}

const stacks = [...heldOut].map(([title, own]) => ({
  title,
  heldOut: { loss: mean(own.map(({ loss }) => loss)), mrr: mean(own.map(({ mrr }) => mrr)) },
  ...(title === "none"
    ? {}
    : { windows: Object.fromEntries(windows.map((window) => [window, testFigures(window, title)])) }),
}));
if (values.out) writeFileSync(values.out, `${JSON.stringify({ runs: runs.length, stacks }, null, 2)}\n`);
for (const window of windows) {
  console.log(`\n${values.split}, window ${window}, ${queries[window].length} people, ${runs.length} runs`);
  for (const { title, windows: own } of stacks) {
    if (own === undefined) continue;
    const { mrr, difference } = own[window];
    const words = difference ? `, difference ${interval(difference, 4)}` : "";
    console.log(`${title}: MRR ${figure(mrr, 4)}${words}`);
  }
}

/** Mean MRR of a method, and its paired difference to the first one. */
function testFigures(window, method) {
  const own = found.get(`${window}/${method}`);
  const reference = found.get(`${window}/${names[0]}`);
  const mrr = mean(own.map(mean));
  if (method === names[0]) return { mrr };
  return { mrr, difference: pairedMrr(own, reference, queries[window], `${window}/${method}`) };
}
