import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";

const packages = new URL("../../packages/", import.meta.url);
/** A built module of a package, `metrics/dist/index.js`. */
export const load = (path) => import(new URL(path, packages));
const { openDataFolder } = await load("experiment/dist/data/index.js");
const { personalMrr, rankPeople } = await load("experiment/dist/evaluation/index.js");
const { pairedDifference, randomStream } = await load("metrics/dist/index.js");

/** The evaluation windows of the study. */
export const windows = ["first", "last"];

/** The arguments of a program that evaluates the hybrids of finished runs, `--data DIR [--split val] [--seeds 1,2] [--out FILE] RUN…`. */
export function runArguments() {
  const { values, positionals } = parseArgs({
    options: {
      data: { type: "string" },
      split: { type: "string", default: "test" },
      out: { type: "string" },
      seeds: { type: "string" },
    },
    allowPositionals: true,
  });
  return { ...values, runs: hybridRuns(positionals, values.seeds) };
}

/** A run's settings, for one worker of this machine, and its data. */
export async function openRun(run, folder) {
  const config = { ...JSON.parse(readFileSync(join(run, "config.json"), "utf8")), workers: 1, build: undefined };
  return { config, data: await openDataFolder(folder, { k: config.K, q: config.Q }) };
}

/** MRR of each person of a split's window, and each person's number of queries. */
export async function mrrOfPeople(scorer, data, split, window) {
  const { pairs, windows: episodes } = data[split];
  const [ranked] = await rankPeople(scorer, { pairs, episodes: episodes[window], k: data.k, steps: [0] });
  return { mrr: personalMrr(ranked, data.items.length), queries: ranked.queries.map((own) => own.length) };
}

/** The paired difference of two methods, each a list of people's MRR for each run; `name` is that of the random stream. */
export function pairedMrr(method, reference, queries, name) {
  const { value, low, high } = pairedDifference({ method, reference, queries }, randomStream(1, name), {
    range: [-1, 1],
  });
  return { value, low, high };
}

export function mean(list) {
  return list.reduce((sum, value) => sum + value, 0) / list.length;
}

/**
 * The runs with a hybrid of some folders, by seed: a run's folder is itself, the folder of a suite's runs has those in it.
 *
 * @param seeds the seeds taken, `1,2`; left out: all
 */
function hybridRuns(folders, seeds) {
  const taken = seeds?.split(",").map(Number);
  const all = folders.flatMap((folder) =>
    isRun(folder)
      ? [folder]
      : readdirSync(folder)
          .map((name) => join(folder, name))
          .filter((own) => isRun(own) && existsSync(join(own, "models", "hybrid"))),
  );
  const seedOf = (run) => JSON.parse(readFileSync(join(run, "config.json"), "utf8")).seed;
  const runs = all.filter((run) => taken === undefined || taken.includes(seedOf(run)));
  if (runs.length === 0)
    throw new Error(`${folders.join(", ")}: no run with a hybrid. Expected a run, or the folder of a suite's runs`);
  return runs.sort((a, b) => seedOf(a) - seedOf(b));
}

function isRun(folder) {
  return existsSync(join(folder, "config.json"));
}
