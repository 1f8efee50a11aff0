import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, describe, expect, it, onTestFinished, vi } from "vitest";
import { version } from "../src/program.js";
import type { BadInputCase } from "./bad-input-case.js";
import { fleetCases } from "./fleet-cases.js";
import { keptFolder, kshot, temporaryFolder, writeEvents } from "./kshot.js";
import { prepareCases, replacingCases } from "./prepare-cases.js";
import { ranksCases } from "./ranks-cases.js";

// `pnpm gpu:setup` puts it there; what happens where it is broken or of another version is tensor-fn's test.
const gpuPackage = existsSync(
  new URL("../../../packages/tensor-fn/node_modules/@tensorflow/tfjs-node-gpu", import.meta.url),
);

// A disk of 24 kB, and one that nothing may be written to, are mounted: that takes root. Permissions alone do not stop root.
const canMount = (() => {
  const place = temporaryMount();
  try {
    execFileSync("mount", ["-t", "tmpfs", "-o", "size=24k", "tmpfs", place], { stdio: "ignore" });
    execFileSync("umount", [place]);
    return true;
  } catch {
    console.error("SKIPPED: a full disk and a read-only one cannot be mounted here (that takes root).");
    return false;
  } finally {
    rmSync(place, { recursive: true, force: true });
  }
})();
function temporaryMount(): string {
  return mkdtempSync(join(tmpdir(), "kshot-mount-"));
}

const events = (folder: string) => writeEvents(join(folder, "events.csv"));

/** Made once, copied where a case needs it. */
const made = keptFolder();
beforeAll(async () => {
  writeEvents(join(made, "events.csv"));
  writeFileSync(
    join(made, "small.json"),
    JSON.stringify({
      algorithms: ["meta-sgd"],
      gru_config: { embedding_dim: 4, hidden_dim: 6 },
      metasgd_config: { num_meta_iterations: 4, meta_batch_size: 4, eval_interval: 2, checkpoint_interval: 2 },
    }),
  );
  for (const args of [
    ["prepare", "--input", "events.csv", "--split", ".6,.2,.2", "--out", "data"],
    ["train", "--data", "data", "--config", "small.json"],
  ]) {
    const { status, stderr } = await kshot(args, made);
    if (status !== 0) throw new Error(stderr);
  }
});
const data = (folder: string) => cpSync(join(made, "data"), join(folder, "data"), { recursive: true });
/** Data and a finished run; gives the run's folder. */
const run = (folder: string): string => {
  for (const name of ["data", "kshot-runs"]) cpSync(join(made, name), join(folder, name), { recursive: true });
  const reports = join(folder, "kshot-runs", "reports", "kshot");
  return join(reports, readdirSync(reports)[0]!);
};
/** A run whose last results are missing, so that resuming goes back to its checkpoint. */
const unfinished = (folder: string): string => {
  const directory = run(folder);
  rmSync(join(directory, "results"), { recursive: true });
  return directory;
};
const change = (file: string, from: string | RegExp, to: string) =>
  writeFileSync(file, readFileSync(file, "utf8").replace(from, to));
const config = (value: unknown) => (folder: string) => writeFileSync(join(folder, "c.json"), JSON.stringify(value));
const pairsFixture = (name: string) => (folder: string) => {
  data(folder);
  const fixture = new URL(`../../../packages/episodes/fixtures/parquet/${name}.parquet`, import.meta.url);
  cpSync(fixture, join(folder, "data", "pairs", "pairs_train.parquet"));
};
const trainOnData = ["train", "--data", "data"];

const cases: readonly BadInputCase[] = [
  ...prepareCases,
  ...replacingCases(data, run),
  ...fleetCases(version),
  ...(await ranksCases(version, data)),
  { name: "unknown flag", args: ["train", "--iteratons", "5"], status: 2, says: [/iteratons/, /--iterations/] },
  { name: "unknown command", args: ["trian"], status: 2, says: [/trian/, /train/] },
  {
    name: "an invalid number",
    args: ["train", "--iterations", "many"],
    status: 2,
    says: [/iterations/, /"many"/, /whole number/],
  },
  { name: "a number out of range", args: ["train", "--k", "0"], status: 2, says: [/"0"/, /1 or more/] },
  { name: "missing value", args: ["train", "--iterations"], status: 2, says: [/iterations/] },
  { name: "not one of the words", args: ["train", "--mask", "none"], status: 2, says: [/mask/, /carry/] },
  { name: "unknown algorithm", args: ["train", "--algorithm", "gru,magic"], status: 2, says: [/magic/, /meta-sgd/] },
  {
    name: "an unknown metric",
    args: ["train", "--metrics", "mrr,precision@3"],
    status: 2,
    says: [/--metrics: "precision@3"/, /coverage@K/],
  },
  {
    name: "range in the wrong order",
    args: ["train", "--alpha-range", "1,0"],
    status: 2,
    says: [/"1,0"/, /lower first/],
  },
  {
    name: "a budget without a search",
    args: ["train", "--budget", "5"],
    status: 2,
    says: [/--budget/, /--recipe best/],
  },
  {
    name: "a figure of a sweep without --sweep",
    args: ["bench", "--figure", "sweep.svg"],
    status: 2,
    says: [/--figure/, /--sweep/],
  },
  {
    name: "start outside the range",
    args: ["train", "--preset", "notebook", "--alpha-init", "5"],
    status: 2,
    says: [/5/, /0\.1/],
  },
  {
    name: "the SIMD engine on a GPU",
    before: data,
    args: ["train", "--data", "data", "--engine", "simd", "--device", "gpu"],
    status: 2,
    says: [/--engine simd --device gpu/, /processor/],
  },
  {
    name: "CUDA without the optional package",
    skip: gpuPackage,
    before: data,
    args: ["train", "--data", "data", "--device", "cuda"],
    status: 2,
    says: [/--device cuda: .*tfjs-node-gpu is not installed/, /gpu:setup/],
  },
  {
    name: "a graphics card where there is none",
    before: (folder) => {
      data(folder);
      vi.stubEnv("VK_ICD_FILENAMES", join(folder, "no-driver.json"));
      onTestFinished(() => void vi.unstubAllEnvs());
    },
    args: ["train", "--data", "data", "--device", "gpu"],
    status: 1,
    says: [/WebGPU finds no adapter/, /gpu:setup/],
  },
  {
    name: "no such events file",
    args: ["prepare", "--input", "nowhere.csv", "--out", "data"],
    status: 3,
    says: [/nowhere\.csv/],
  },
  {
    name: "missing column",
    before: events,
    args: ["prepare", "--input", "events.csv", "--user", "person", "--out", "data"],
    status: 3,
    says: [/events\.csv/, /person/, /user/],
  },
  {
    name: "a time that does not parse",
    before: (folder) =>
      writeFileSync(join(folder, "events.csv"), "user,item,time\na,x,2020-01-01 00:00:00\na,y,yesterday\n"),
    args: ["prepare", "--input", "events.csv", "--out", "data"],
    status: 3,
    says: [/events\.csv/, /row 1/, /yesterday/],
  },
  {
    name: "no person with K + Q pairs",
    before: (folder) => writeEvents(join(folder, "events.csv"), { perUser: 5 }),
    args: ["prepare", "--input", "events.csv", "--out", "data"],
    status: 3,
    says: [/15/],
  },
  { name: "no such data folder", args: ["train", "--data", "nowhere"], status: 3, says: [/nowhere/] },
  {
    name: "truncated Parquet",
    before: (folder) => {
      data(folder);
      truncateSync(join(folder, "data", "pairs", "pairs_train.parquet"), 1000);
    },
    args: ["train", "--data", "data"],
    status: 3,
    says: [/pairs_train\.parquet/, /Parquet/],
  },
  {
    name: "an item beyond the vocabulary",
    before: (folder) => {
      data(folder);
      writeFileSync(join(folder, "data", "vocab", "course2id.json"), '{"course-0": 0, "course-1": 1}');
    },
    args: ["train", "--data", "data"],
    status: 3,
    says: [/pairs_train\.parquet/, /row/],
  },
  {
    name: "a configuration that is not JSON",
    before: (folder) => writeFileSync(join(folder, "c.json"), "{"),
    args: ["train", "--config", "c.json"],
    status: 3,
    says: [/c\.json/, /JSON/],
  },
  {
    name: "a configuration with an unknown key",
    before: (folder) => writeFileSync(join(folder, "c.json"), '{"gru_config": {"hiden_dim": 3}}'),
    args: ["train", "--config", "c.json"],
    status: 3,
    says: [/c\.json/, /hiden_dim/],
  },
  {
    name: "a setting under its name and its earlier name",
    before: config({ metasgd_config: { alpha_range: [0, 1], lr_clipping: [0, 1] } }),
    args: ["train", "--config", "c.json"],
    status: 3,
    says: [/c\.json: metasgd_config: alpha_range and lr_clipping, its earlier name, are both given/],
  },
  {
    name: "replacing a folder that kshot did not write",
    before: (folder) => {
      events(folder);
      mkdirSync(join(folder, "mine"));
      writeFileSync(join(folder, "mine", "thesis.txt"), "years of work");
    },
    args: ["prepare", "--input", "events.csv", "--out", "mine"],
    status: 2,
    says: [/mine/],
  },
  {
    name: "an invalid golden file",
    before: events,
    args: ["doctor", "--golden", "events.csv"],
    status: 3,
    says: [/events\.csv/, /JSON/],
  },
  {
    name: "no model",
    before: data,
    args: ["evaluate", "--model", "m.safetensors", "--data", "data"],
    status: 3,
    says: [/m\.safetensors/],
  },
  {
    name: "a configuration with an impossible value",
    before: config({ gru_config: { hidden_dim: -3 }, metasgd_config: { outer_lr: "fast" } }),
    args: ["train", "--config", "c.json"],
    status: 3,
    says: [/c\.json/, /gru_config\.hidden_dim/, /metasgd_config\.outer_lr/],
  },
  {
    name: "dropout between layers",
    before: (folder) => {
      data(folder);
      config({ gru_config: { num_layers: 2 } })(folder);
    },
    args: [...trainOnData, "--config", "c.json"],
    status: 2,
    says: [/dropout/, /0\.2 with numLayers 2/],
  },
  {
    name: "a warm start from an algorithm that is not trained",
    before: data,
    args: [...trainOnData, "--algorithm", "meta-sgd", "--warm-start", "gru"],
    status: 2,
    says: [/--warm-start gru/, /not among the algorithms/],
  },
  {
    name: "a warm start from a model of another size",
    before: run,
    args: [...trainOnData, "--warm-start", "MODEL", "--algorithm", "meta-sgd"],
    status: 2,
    says: [/--warm-start/, /embeddingDim 4. Expected embeddingDim 64/],
  },
  {
    name: "a name that is a path",
    args: ["train", "--name", "../up"],
    status: 2,
    says: [/--name: "\.\.\/up"/, /letters/],
  },
  {
    name: "the demo with data",
    args: ["train", "--preset", "demo", "--data", "x"],
    status: 2,
    says: [/--preset demo with --data/],
  },
  {
    name: "shares without test people",
    args: ["prepare", "--input", "e.csv", "--out", "data", "--split", ".9,.1,0"],
    status: 2,
    says: [
      /--split: 0\.9,0\.1,0, which leaves no people to evaluate on \(test\)/,
      /\.8,\.1,\.1.*--split 1,0,0.*train --iterations/,
    ],
  },
  {
    name: "shares that do not add up",
    args: ["prepare", "--input", "e.csv", "--out", "d", "--split", ".5,.1,.1"],
    status: 2,
    says: [/split/, /add up to 1/],
  },
  { name: "no input", args: ["prepare", "--out", "d"], status: 2, says: [/--input: no file/] },
  {
    name: "titles without columns",
    args: ["prepare", "--input", "e.csv", "--out", "d", "--titles", "t.csv"],
    status: 2,
    says: [/FILE:id:name/],
  },
  {
    name: "an empty file of events",
    before: (folder) => writeFileSync(join(folder, "events.csv"), ""),
    args: ["prepare", "--input", "events.csv", "--out", "data"],
    status: 3,
    says: [/events\.csv: an empty file/],
  },
  {
    name: "a header without rows",
    before: (folder) => writeFileSync(join(folder, "events.csv"), "user,item,time\n"),
    args: ["prepare", "--input", "events.csv", "--out", "data"],
    status: 3,
    says: [/no events/],
  },
  {
    name: "a row with a missing field",
    before: (folder) => writeFileSync(join(folder, "events.csv"), "user,item,time\na,x,1\na,y\n"),
    args: ["prepare", "--input", "events.csv", "--out", "data"],
    status: 3,
    says: [/events\.csv, line 3/],
  },
  {
    name: "an event without a person",
    before: (folder) => writeFileSync(join(folder, "events.csv"), "user,item,time\na,x,1\n,y,2\n"),
    args: ["prepare", "--input", "events.csv", "--out", "data"],
    status: 3,
    says: [/events\.csv, column user, row 1: nothing/],
  },
  {
    name: "an event without an item",
    before: (folder) => writeFileSync(join(folder, "events.csv"), "user,item,time\na,x,1\na,,2\n"),
    args: ["prepare", "--input", "events.csv", "--out", "data"],
    status: 3,
    says: [/events\.csv, column item, row 1: nothing/],
  },
  {
    name: "milliseconds as seconds",
    before: (folder) => writeFileSync(join(folder, "events.csv"), "user,item,time\na,x,1577836800000\n"),
    args: ["prepare", "--time-unit", "s", "--input", "events.csv", "--out", "data"],
    status: 3,
    says: [/row 0: "1577836800000"/, /--time-unit ms/],
  },
  {
    name: "a broken .gz",
    before: (folder) => writeFileSync(join(folder, "events.csv.gz"), "no gzip"),
    args: ["prepare", "--input", "events.csv.gz", "--out", "data"],
    status: 3,
    says: [/events\.csv\.gz/, /GZIP/i],
  },
  {
    name: "a last line of 40 MB",
    before: (folder) => {
      const lines = `user,item,time\nu1,i1,1600000000\nu1,${"x".repeat(40_000_000)},1600000060\n`;
      writeFileSync(join(folder, "e.csv"), lines);
    },
    args: ["prepare", "--input", "e.csv", "--out", "d", "--skip-bad", "5"],
    status: 3,
    says: [/e\.csv, last line: more than 2 MB/],
  },
  {
    name: "one person whose prefixes do not fit in memory",
    before: (folder) => {
      const lines = Array.from({ length: 20_000 }, (_, i) => `big,i${i % 7},${1_600_000_000 + 60 * i}`);
      writeFileSync(join(folder, "e.csv"), `user,item,time\n${lines.join("\n")}\n`);
    },
    args: ["prepare", "--input", "e.csv", "--out", "d", "--max-prefix", "0", "--split", "1,0,0"],
    status: 3,
    says: [/the person "big", who has 20,000 events/, /--max-prefix/],
  },
  {
    name: "a spreadsheet",
    before: (folder) => writeFileSync(join(folder, "events.xlsx"), "PK"),
    args: ["prepare", "--input", "events.xlsx", "--out", "data"],
    status: 3,
    says: [/events\.xlsx: a file that is not read/, /CSV/],
  },
  {
    name: "fewer than ten people",
    before: (folder) => writeEvents(join(folder, "events.csv"), { users: 7 }),
    args: ["prepare", "--input", "events.csv", "--out", "data"],
    status: 3,
    says: [/the val split has no episode: 0 of its 0 people/, /7 of all 7 have/],
  },
  {
    name: "K and Q for which no person has enough pairs",
    before: events,
    args: ["prepare", "--input", "events.csv", "--out", "data", "--k", "20", "--q", "20"],
    status: 3,
    says: [/no person has the 40 pairs/, /40 with 23, the most/],
  },
  {
    name: "K and Q that differ from those of the data folder",
    before: data,
    args: [...trainOnData, "--k", "3"],
    status: 3,
    says: [/episodes_train_K3_Q10\.parquet: no such file/, /episodes_train_K5_Q10/],
  },
  {
    name: "one person in the test split",
    before: async (folder) => {
      writeEvents(join(folder, "few.csv"), { users: 10 });
      await kshot(["prepare", "--input", "few.csv", "--out", "data"], folder);
    },
    args: [...trainOnData, "--algorithm", "markov"],
    status: 3,
    says: [/data, test people, window first: 1 person with the 15 pairs/, /at least 2/],
  },
  {
    name: "labels of text",
    before: pairsFixture("label-as-text"),
    args: trainOnData,
    status: 3,
    says: [/pairs_train\.parquet/, /label/],
  },
  {
    name: "no label column",
    before: pairsFixture("no-label"),
    args: trainOnData,
    status: 3,
    says: [/pairs_train\.parquet/, /label/],
  },
  {
    name: "a null label",
    before: pairsFixture("null-label"),
    args: trainOnData,
    status: 3,
    says: [/column label, row \d+/],
  },
  {
    name: "a negative label",
    before: pairsFixture("negative-label"),
    args: trainOnData,
    status: 3,
    says: [/column label, row \d+: -\d/],
  },
  {
    name: "an id beyond 32 bits",
    before: pairsFixture("beyond-int32"),
    args: trainOnData,
    status: 3,
    says: [/pairs_train\.parquet/, /row \d+/],
  },
  {
    name: "a null inside a prefix",
    before: pairsFixture("null-in-prefix"),
    args: trainOnData,
    status: 3,
    says: [/column prefix, row \d+/],
  },
  {
    name: "an empty prefix",
    before: pairsFixture("empty-prefix"),
    args: trainOnData,
    status: 3,
    says: [/column prefix, row \d+/],
  },
  {
    name: "a pair id twice",
    before: pairsFixture("duplicate-pair"),
    args: trainOnData,
    status: 3,
    says: [/column pair_id, row \d+/],
  },
  {
    name: "an empty split",
    before: pairsFixture("empty"),
    args: trainOnData,
    status: 3,
    says: [/pairs_train\.parquet: no pairs/],
  },
  {
    name: "pairs and episodes of different folders",
    before: (folder) => {
      data(folder);
      cpSync(join(folder, "data", "pairs", "pairs_val.parquet"), join(folder, "data", "pairs", "pairs_test.parquet"));
    },
    args: trainOnData,
    status: 3,
    says: [/episodes_test_K5_Q10\.parquet, column \w+, row 0/],
  },
  {
    name: "a dangling pair id",
    before: (folder) => {
      data(folder);
      cpSync(join(folder, "data", "pairs", "pairs_val.parquet"), join(folder, "data", "pairs", "pairs_train.parquet"));
    },
    args: trainOnData,
    status: 3,
    says: [/episodes_train_K5_Q10\.parquet, column \w+, row 0/],
  },
  {
    name: "a vocabulary with a number twice",
    before: (folder) => {
      data(folder);
      change(join(folder, "data", "vocab", "course2id.json"), ": 3", ": 2");
    },
    args: trainOnData,
    status: 3,
    says: [/course2id\.json/, /id 2, which/],
  },
  { name: "no run to resume", args: ["train", "--resume"], status: 2, says: [/--resume: no run in/] },
  {
    name: "another flag with --resume",
    before: run,
    args: ["train", "--resume", "--k", "3"],
    status: 2,
    says: [/--k with --resume/],
  },
  {
    name: "a checkpoint of another shape",
    before: (folder) => change(join(unfinished(folder), "config.json"), '"hidden_dim": 6', '"hidden_dim": 7'),
    args: ["train", "--resume"],
    status: 3,
    says: [/checkpoint_4\.safetensors, setting gru_config\.hidden_dim: 6. Expected 7/],
  },
  {
    name: "a checkpoint of other data",
    before: async (folder) => {
      unfinished(folder);
      writeEvents(join(folder, "other.csv"), { perUser: 25 });
      await kshot(["prepare", "--input", "other.csv", "--split", ".6,.2,.2", "--out", "data"], folder);
    },
    args: ["train", "--resume"],
    status: 3,
    says: [/a checkpoint of the data/],
  },
  {
    name: "a truncated checkpoint",
    before: (folder) => {
      const checkpoints = join(unfinished(folder), "models/metasgd/checkpoints");
      for (const name of readdirSync(checkpoints)) truncateSync(join(checkpoints, name), 5000);
    },
    args: ["train", "--resume"],
    status: 3,
    says: [/metasgd_checkpoint_4\.safetensors/],
  },
  {
    name: "a run that another process works on",
    before: (folder) => writeFileSync(join(unfinished(folder), "run.lock"), `${process.ppid} ${hostname()}\n`),
    args: ["train", "--resume"],
    status: 1,
    says: [/another process works in it/, /run\.lock/],
  },
  {
    name: "an invalid registry",
    before: (folder) => {
      run(folder);
      writeFileSync(join(folder, "kshot-runs", "meta.json"), '{"runs": 3}');
    },
    args: trainOnData,
    status: 3,
    says: [/meta\.json/, /runs/],
  },
  {
    name: "a model with other items than the data",
    before: async (folder) => {
      run(folder);
      writeEvents(join(folder, "other.csv"), { items: 13 });
      await kshot(["prepare", "--input", "other.csv", "--split", ".6,.2,.2", "--out", "data"], folder);
    },
    args: ["evaluate", "--model", "MODEL", "--data", "data"],
    status: 3,
    says: [/a vocabulary of 12 items/, /has 13/],
  },
  {
    name: "a file of learning rates instead of a model",
    before: run,
    args: ["evaluate", "--model", "ALPHA", "--data", "data"],
    status: 3,
    says: [/learning rates \(α\), not a model/],
  },
  {
    name: "more support pairs than an episode has",
    before: run,
    args: ["evaluate", "--model", "MODEL", "--data", "data", "--k", "9"],
    status: 2,
    says: [/--k: 9. Expected 1 to 5/],
  },
  {
    name: "more first support pairs than an episode has",
    before: run,
    args: ["evaluate", "--model", "MODEL", "--data", "data", "--first-k", "0,9"],
    status: 2,
    says: [/--first-k: 9. Expected 0 to 5/],
  },
  {
    name: "an item that the model does not know",
    before: run,
    args: ["recommend", "--model", "MODEL", "--history", "corse-1"],
    status: 2,
    says: [/history "corse-1"/, /near it: "course-1"/],
  },
  {
    name: "lists with an unknown file ending",
    before: run,
    args: ["recommend", "--model", "MODEL", "--events", "events.csv", "--out", "lists.txt"],
    status: 2,
    says: [/lists\.txt: another ending/, /\.csv, \.jsonl or \.parquet/],
  },
  {
    name: "lists over the file of events",
    before: (folder) => {
      events(folder);
      run(folder);
    },
    args: ["recommend", "--model", "MODEL", "--events", "events.csv", "--out", "events.csv"],
    status: 2,
    says: [/events\.csv/, /writing would replace it/],
  },
  {
    name: "events of items that the model does not know",
    before: (folder) => {
      run(folder);
      writeFileSync(join(folder, "other.csv"), "user,item,time\nada,song,1600000000\n");
    },
    args: ["recommend", "--model", "MODEL", "--events", "other.csv", "--out", "lists.csv"],
    status: 3,
    says: [/other\.csv, person "ada", item "song"/, /--unknown skip/],
  },
  {
    name: "one person and files of events at once",
    before: run,
    args: ["recommend", "--model", "MODEL", "--events", "events.csv", "--out", "l.csv", "--history", "course-1"],
    status: 2,
    says: [/--events: --history as well/],
  },
  {
    name: "the ideal observer on other data than the campus",
    before: data,
    args: ["train", "--data", "data", "--algorithm", "ideal,markov"],
    status: 3,
    says: [/summary\.json/, /no options\.campus/],
  },
  {
    name: "fine-tuning without a plain GRU",
    before: data,
    args: ["train", "--data", "data", "--algorithm", "gru-finetuned"],
    status: 2,
    says: [/--algorithm gru-finetuned/, /gru is not among the algorithms/],
  },
  {
    name: "no parameters to train: fixed θ and no learned rates",
    before: (folder) => {
      data(folder);
      cpSync(join(made, "small.json"), join(folder, "small.json"));
    },
    args: ["train", "--data", "data", "--config", "small.json", "--algorithm", "maml", "--outer-lr", "0"],
    status: 2,
    says: [/outerLr: 0/],
    leaves: /kshot-runs/,
  },
  {
    name: "a suite with two equal runs",
    before: (folder) => {
      data(folder);
      const algorithms = ["markov"];
      const runs = ["a", "b"].map((name) => ({ name, algorithms }));
      writeFileSync(join(folder, "s.json"), JSON.stringify({ format: "kshot.suite/1", seeds: [1], runs }));
    },
    args: ["train", "--data", "data", "--suite", "s.json"],
    status: 2,
    says: [/runs "a" and "b"/, /same settings for markov/],
    leaves: /^kshot-runs(\/meta\.json)?$/,
  },
  {
    name: "a suite whose runs share a method",
    before: (folder) => {
      data(folder);
      const algorithms = ["gru", "meta-sgd"];
      const runs = [0.1, 0.2].map((outer_lr) => ({
        name: `rate-${outer_lr}`,
        algorithms,
        settings: { metasgd_config: { outer_lr } },
      }));
      writeFileSync(join(folder, "s.json"), JSON.stringify({ format: "kshot.suite/1", seeds: [1], runs }));
    },
    args: ["train", "--data", "data", "--suite", "s.json"],
    status: 2,
    says: [/runs "rate-0\.1" and "rate-0\.2": the same settings for gru/, /Leave gru out of "rate-0\.2"/],
    leaves: /^kshot-runs(\/meta\.json)?$/,
  },
  {
    name: "an invalid suite",
    before: (folder) => {
      data(folder);
      writeFileSync(join(folder, "s.json"), '{"format":"kshot.suite/1","runs":[]}');
    },
    args: ["train", "--data", "data", "--suite", "s.json"],
    status: 3,
    says: [/s\.json/, /seeds/],
  },
  {
    name: "a suite without data",
    args: ["train", "--suite", "default"],
    status: 2,
    says: [/--suite: no --data/],
  },
  {
    name: "results of different data",
    before: (folder) => {
      const file = join(run(folder), "results", "metasgd_K5_Q10.json");
      const text = readFileSync(file, "utf8");
      writeFileSync(join(folder, "a.json"), text);
      writeFileSync(
        join(folder, "b.json"),
        text.replace(/"fingerprint":\s*"\w{64}"/, `"fingerprint":"${"0".repeat(64)}"`),
      );
    },
    args: ["compare", "a.json", "b.json"],
    status: 3,
    says: [/a\.json and .*b\.json/, /[0-9a-f]{64} and 0{64}/],
  },
  {
    name: "results of different splits",
    before: (folder) => {
      const text = readFileSync(join(run(folder), "results", "metasgd_K5_Q10.json"), "utf8");
      writeFileSync(join(folder, "a.json"), text);
      writeFileSync(join(folder, "b.json"), text.replace(/"split":\s*"test"/g, '"split":"val"'));
    },
    args: ["compare", "a.json", "b.json"],
    status: 3,
    says: [/a\.json and .*b\.json: results of different splits/, /test people of the data [0-9a-f]{64}/],
  },
  {
    name: "results without a seed in common",
    before: (folder) => {
      const text = readFileSync(join(run(folder), "results", "metasgd_K5_Q10.json"), "utf8");
      writeFileSync(join(folder, "a.json"), text);
      const other = text.replace('"meta-sgd"', '"maml"').replace(/"seed":\s*42/, '"seed":7');
      writeFileSync(join(folder, "b.json"), other);
    },
    args: ["compare", "a.json", "b.json"],
    status: 2,
    says: [/MAML and Meta-SGD: seed 7 of the one, seed 42 of the other/, /--seed/],
  },
  {
    name: "results of one person",
    before: (folder) => {
      const result = JSON.parse(readFileSync(join(run(folder), "results", "metasgd_K5_Q10.json"), "utf8"));
      for (const { people } of result.evaluations) for (const key of Object.keys(people)) people[key].length = 1;
      writeFileSync(join(folder, "a.json"), JSON.stringify(result));
    },
    args: ["compare", "a.json"],
    status: 3,
    says: [/a\.json, test people, window first: results of 1 person/, /at least 2/],
  },
  {
    name: "a metric of lists that results do not contain",
    before: (folder) => {
      writeFileSync(join(folder, "a.json"), readFileSync(join(run(folder), "results", "metasgd_K5_Q10.json")));
    },
    args: ["compare", "a.json", "--metric", "coverage@10"],
    status: 3,
    says: [/a\.json, test people, window first: no coverage@10/, /--metrics coverage@10/],
  },
  {
    name: "nothing to compare in a folder",
    before: data,
    args: ["compare", "data"],
    status: 3,
    says: [/no results\/\*\.json/],
  },
  {
    name: "a reference without results",
    before: (folder) => {
      writeFileSync(join(folder, "a.json"), readFileSync(join(run(folder), "results", "metasgd_K5_Q10.json")));
    },
    args: ["compare", "a.json", "--reference", "markov"],
    status: 2,
    says: [/--reference markov: no result of it/],
  },
  {
    name: "a report that is not an HTML page",
    before: data,
    args: ["report", "data", "--out", "report.pdf"],
    status: 2,
    says: [/--out: "report\.pdf"/, /\.html/],
  },
  {
    name: "a full disk",
    skip: !canMount,
    before: (folder) => {
      data(folder);
      cpSync(join(made, "small.json"), join(folder, "small.json"));
      mkdirSync(join(folder, "full"));
      execFileSync("mount", ["-t", "tmpfs", "-o", "size=100k", "tmpfs", join(folder, "full")]);
      onTestFinished(() => void execFileSync("umount", [join(folder, "full")]));
    },
    args: [...trainOnData, "--config", "small.json", "--out", "full"],
    status: 1,
    says: [/full\/reports\/kshot\/.*: Cannot be written: no space is left on the disk/, /Free disk space/],
    // Whole files only: enough is free for models and checkpoints, and not for the page.
    leaves: /^full\/(?!.*\.tmp-)/,
  },
  {
    name: "a folder without write permission",
    skip: !canMount,
    before: (folder) => {
      events(folder);
      mkdirSync(join(folder, "closed"));
      execFileSync("mount", ["-t", "tmpfs", "-o", "ro", "tmpfs", join(folder, "closed")]);
      onTestFinished(() => void execFileSync("umount", [join(folder, "closed")]));
    },
    args: ["prepare", "--input", "events.csv", "--split", ".6,.2,.2", "--out", "closed/data"],
    status: 2,
    says: [/closed/, /Cannot be written: (a read-only file system|no permission)/],
  },
  {
    name: "a file where a folder must be made",
    before: events,
    args: ["prepare", "--input", "events.csv", "--split", ".6,.2,.2", "--out", "events.csv/data"],
    status: 2,
    says: [/events\.csv/],
  },
];

describe("wrong use gets one paragraph and the contract's exit code, and writes nothing", () => {
  for (const { name, skip = false, before, args, status, says, leaves } of cases) {
    it.skipIf(skip)(name, async () => {
      const folder = temporaryFolder();
      await before?.(folder);
      const names = tree(folder);
      const contents = contentsOf(folder);
      const models = join("kshot-runs", "reports", "kshot", tag(folder), "models", "metasgd");
      const places: Record<string, string> = {
        MODEL: join(models, "metasgd_gru_K5.safetensors"),
        ALPHA: join(models, "metasgd_gru_K5.alpha.safetensors"),
      };
      const done = await kshot(
        args.map((arg) => places[arg] ?? arg),
        folder,
      );
      expect(done.stderr).not.toMatch(/\n\s+at /);
      for (const words of says) expect(done.stderr).toMatch(words);
      expect(done.status).toBe(status);
      expect(
        tree(folder)
          .filter((path) => !names.includes(path))
          .filter((path) => !leaves?.test(path)),
      ).toEqual([]);
      expect(contentsOf(folder)).toMatchObject(contents);
      if (existsSync(join(folder, "mine"))) expect(existsSync(join(folder, "mine", "thesis.txt"))).toBe(true);
    });
  }
});

/** Tag of the folder's one run, if it has one. */
function tag(folder: string): string {
  const reports = join(folder, "kshot-runs", "reports", "kshot");
  return existsSync(reports) ? readdirSync(reports)[0]! : "";
}

/** docs/errors.md lists every case; this test compares them. */
it("docs/errors.md has each case with its exit code", async () => {
  const text = readFileSync(new URL("../../../docs/errors.md", import.meta.url), "utf8");
  const rows = [...text.matchAll(/^\| ([^|]+?) +\| (\d) +\|/gm)].map(([, name, status]) => `${name} → ${status}`);
  expect(rows.sort()).toEqual(cases.map(({ name, status }) => `${name} → ${status}`).sort());
});

function tree(folder: string): string[] {
  return readdirSync(folder, { recursive: true }).map(String).sort();
}

/** Hashes of all files but the registries, which count runs and test evaluations, also of commands that fail later. */
function contentsOf(folder: string): Record<string, string> {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter(
    (entry) => entry.isFile() && !["meta.json", "openings.json"].includes(entry.name),
  );
  return Object.fromEntries(
    files.map((file) => {
      const path = join(file.parentPath, file.name);
      return [path, createHash("sha256").update(readFileSync(path)).digest("hex")];
    }),
  );
}
