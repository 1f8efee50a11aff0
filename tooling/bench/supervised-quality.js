#!/usr/bin/env node
/**
 * Validation and test MRR of the plain GRU on one data folder: trained on single pairs, on whole sessions, and by the PyTorch program
 * (`peers/pytorch_sessions.py`), each with several seeds.
 *
 *   node tooling/bench/supervised-quality.js --data DIR [--seeds 1,2,3,4,5] [--sizes 32/64,64/128] [--sides pairs,sessions,pytorch] \
 *     [--settings JSON] [--out FILE] [--export FILE]
 *
 * `--settings` replaces settings of `gru_training` for `sessions`. `--export` keeps the file that the PyTorch program reads. All sides train on the same train pairs, stop early by the same
 * validation queries and are tested on the same test queries. Each row has means over the seeds and their standard error.
 */
import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { episodeQuery, readDataFolder, rowsByGroup, trainingWindows } from "@kshot/episodes";

const { values } = parseArgs({
  options: {
    data: { type: "string" },
    seeds: { type: "string", default: "1,2,3,4,5" },
    sizes: { type: "string", default: "32/64,64/128" },
    sides: { type: "string", default: "pairs,sessions,pytorch" },
    settings: { type: "string", default: "{}" },
    out: { type: "string" },
    python: { type: "string", default: "/usr/bin/python3" },
    workers: { type: "string", default: "1" },
    export: { type: "string" },
  },
});
if (!values.data) throw new Error("--data DIR is missing.");
const directory = resolve(values.data);
const here = fileURLToPath(new URL("./", import.meta.url));
const kshot = join(here, "../../apps/cli/dist/main.js");
const seeds = values.seeds.split(",");
const temporary = mkdtempSync(join(tmpdir(), "kshot-quality-"));

/** `--recipe best`; `pairs` as it was before training by sessions. */
const recipe = { learning_rate: 0.002, max_epochs: 60 };
const pairsSettings = {
  ...{ ...recipe, patience: 6, batch_size: 128, minibatches: "pairs", item_dropout: 0.25 },
  ...{ state_dropout: 0, weight_decay: 0, clip: null },
};

try {
  const { k, q } = JSON.parse(readFileSync(join(directory, "summary.json"), "utf8")).options;
  const data = await readDataFolder(directory, { k, q });
  const exported = values.export ? resolve(values.export) : join(temporary, "sessions.json");
  writeFileSync(exported, JSON.stringify(sessionsOf(data)));
  const rows = [];
  for (const size of values.sizes.split(",")) {
    for (const side of values.sides.split(",").filter(Boolean)) {
      const results = side === "pytorch" ? pytorch(exported, size) : seeds.map((seed) => ours(side, size, seed));
      rows.push({ size, side, results });
      console.log(line(size, side, results));
    }
  }
  if (values.out) writeFileSync(values.out, `${JSON.stringify({ data: directory, rows }, null, 2)}\n`);
} finally {
  rmSync(temporary, { recursive: true, force: true });
}

/** Sessions as sequences with a label at each position that is a pair; each sequence is one training window of at most `maxSeqLen`. */
function sessionsOf(data) {
  const { pairs } = data.train;
  const groups = rowsByGroup(pairs, Array.from(pairs.label.keys()), "session");
  const windows = trainingWindows(pairs, groups, 50);
  const train = [];
  for (const group of groups) {
    const begun = new Map();
    for (const row of group) {
      const history = [...pairs.prefixItems.subarray(windows.begin[row], pairs.prefixOffsets[row + 1])];
      const start = windows.position[row];
      const sequence = begun.get(start) ?? { items: [], labels: [] };
      begun.set(start, sequence);
      for (let i = sequence.items.length; i < history.length; i++) {
        sequence.items.push(history[i]);
        sequence.labels.push(-1);
      }
      sequence.labels[history.length - 1] = pairs.label[row];
    }
    train.push(...begun.values());
  }
  const labelled = train.reduce((sum, { labels }) => sum + labels.filter((label) => label >= 0).length, 0);
  if (labelled !== pairs.length) throw new Error(`${labelled} labels of ${pairs.length} train pairs were exported.`);
  const test = { first: queries(data.test, "first"), last: queries(data.test, "last") };
  return { items: data.items.length, train, val: queries(data.val, "first"), test };
}

function queries({ pairs, windows }, window) {
  const episodes = windows[window];
  const sequences = [];
  const labels = [];
  for (let episode = 0; episode < episodes.length; episode++) {
    const query = episodeQuery(pairs, episodes, episode);
    sequences.push(...Array.from(query.sequences, (sequence) => [...sequence].slice(-50)));
    labels.push(...query.labels);
  }
  return { sequences, labels };
}

function pytorch(file, size) {
  const [embedding, hidden] = size.split("/");
  const script = join(here, "peers", "pytorch_sessions.py");
  const args = [script, "--data", file, "--seeds", values.seeds, "--embedding-dim", embedding, "--hidden-dim", hidden];
  const output = execFileSync(values.python, args, { encoding: "utf8" });
  return output
    .trim()
    .split("\n")
    .map((row) => JSON.parse(row));
}

function ours(side, size, seed) {
  const [embedding_dim, hidden_dim] = size.split("/").map(Number);
  const gru_training = side === "pairs" ? pairsSettings : JSON.parse(values.settings);
  const config = join(temporary, "config.json");
  writeFileSync(config, JSON.stringify({ gru_config: { embedding_dim, hidden_dim }, gru_training }));
  const out = mkdtempSync(join(temporary, "run-"));
  const args = ["train", "--recipe", "best", "--data", directory, "--config", config, "--algorithm", "gru"];
  const start = performance.now();
  execFileSync(process.execPath, [kshot, ...args, "--seed", seed, "--workers", values.workers, "--out", out], {
    stdio: ["ignore", "ignore", "pipe"],
  });
  const seconds = (performance.now() - start) / 1000;
  const [run] = readdirSync(join(out, "reports", "kshot"));
  const results = join(out, "reports", "kshot", run, "results");
  const { evaluations, history } = JSON.parse(readFileSync(join(results, readdirSync(results)[0]), "utf8"));
  const test = Object.fromEntries(
    evaluations
      .filter(({ split, steps }) => split === "test" && steps === 0)
      .map(({ window, metrics }) => [window, metrics.mrr.value]),
  );
  const val = Math.max(...history.validation.slice(1).map(({ metrics }) => metrics.mrr.value ?? metrics.mrr));
  rmSync(out, { recursive: true });
  return { seed: Number(seed), val, test, epochs: history.iteration.length, seconds };
}

function line(size, side, results) {
  const of = (pick) => {
    const list = results.map(pick);
    const mean = list.reduce((sum, value) => sum + value, 0) / list.length;
    const squares = list.reduce((sum, value) => sum + (value - mean) ** 2, 0);
    const error = Math.sqrt(squares / Math.max(1, list.length - 1) / list.length);
    return `${mean.toFixed(4)} ± ${error.toFixed(4)}`;
  };
  const seconds = results.reduce((sum, result) => sum + result.seconds, 0) / results.length;
  const epochs = results.reduce((sum, result) => sum + result.epochs, 0) / results.length;
  return `${size.padEnd(7)} ${side.padEnd(9)} validation ${of((r) => r.val)}   test first ${of((r) => r.test.first)}   last ${of((r) => r.test.last)}   ${epochs.toFixed(0)} epochs, ${seconds.toFixed(0)} s`;
}
