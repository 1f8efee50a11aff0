/**
 * What training on the counts' scores gives, for each of several finished runs: trains the two networks that `hybrid` tries, fits a stack
 * with each and one with the best of the run's own networks, and evaluates all three. `hybrid` itself evaluates only the one that
 * it keeps. Prints a line for each run and, at the end, means over runs with 95 % intervals over people.
 *
 *   node tooling/study/on-counts.js --data DIR [--split val] RUN…
 */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";

const packages = new URL("../../packages/", import.meta.url);
const load = (path) => import(new URL(path, packages));
const { learnHybrid, trainOnCounts } = await load("experiment/dist/algorithms/index.js");
const { modelShape, openEngine } = await load("experiment/dist/config/index.js");
const { openDataFolder } = await load("experiment/dist/data/index.js");
const { personalMrr, rankPeople, stackedScorer, supportRules } = await load("experiment/dist/evaluation/index.js");
const { loadNetwork } = await load("experiment/dist/run/model-files.js");
const { modelFile } = await load("experiment/dist/run/run-files.js");
const { pairedDifference, randomStream } = await load("metrics/dist/index.js");

const { values, positionals: runs } = parseArgs({
  options: { data: { type: "string" }, split: { type: "string", default: "test" } },
  allowPositionals: true,
});
const seconds = () => performance.now() / 1000;
/** Of all threads: other programs on the machine do not count. */
const processorSeconds = () => (process.cpuUsage().user + process.cpuUsage().system) / 1e6;
const nothing = { due: () => false, save: async () => {}, latest: async () => undefined };
const windows = ["first", "last"];
/** MRR of each person, by window and method: one list for each run. */
const found = new Map();
let queries = {};

for (const run of runs) {
  const config = { ...JSON.parse(readFileSync(join(run, "config.json"), "utf8")), workers: 1, build: undefined };
  const data = await openDataFolder(values.data, { k: config.K, q: config.Q });
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
  const methods = {
    "without joint training": candidates.find(({ algorithm }) => algorithm === plain.name),
    "GRU on the counts": { ...more[0], onCounts: false },
    "Meta-SGD on the counts": { ...more[1], onCounts: false },
  };
  for (const [method, candidate] of Object.entries(methods)) {
    const { mixture, network } = await learnHybrid(data, [candidate], { ...options, progress: () => {} });
    const scorer = stackedScorer(mixture, network);
    const split = data[values.split];
    for (const window of windows) {
      const episodes = split.windows[window];
      const [ranked] = await rankPeople(scorer, { pairs: split.pairs, episodes, k: data.k, steps: [0] });
      queries = { ...queries, [window]: ranked.queries.map((own) => own.length) };
      const key = `${window}/${method}`;
      found.set(key, [...(found.get(key) ?? []), personalMrr(ranked, data.items.length)]);
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

for (const window of windows) {
  const reference = found.get(`${window}/without joint training`);
  console.log(`\n${values.split}, window ${window}, ${reference[0].length} people, ${runs.length} runs`);
  for (const [key, own] of found) {
    if (!key.startsWith(`${window}/`)) continue;
    const mrr = mean(own.map(mean));
    const { value, low, high } = pairedDifference(
      { method: own, reference, queries: queries[window] },
      randomStream(1, key),
      { range: [-1, 1] },
    );
    const difference = own === reference ? "" : `, difference ${signed(value)} [${signed(low)}, ${signed(high)}]`;
    console.log(`${key.slice(window.length + 1)}: MRR ${mrr.toFixed(4)}${difference}`);
  }
}

function mean(list) {
  return list.reduce((sum, value) => sum + value, 0) / list.length;
}

function signed(value) {
  return `${value < 0 ? "−" : "+"}${Math.abs(value).toFixed(4)}`;
}
