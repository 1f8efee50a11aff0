import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { writeStart } from "./kshot.js";
import { mutate } from "./mutate.js";

/**
 * Runs a command as typed in a folder.
 * @typedef {(args: readonly string[], folder: string) => Promise<{ status: number | null, stdout: string, stderr: string }>} Kshot
 */

/**
 * Creates the seeds of the fuzzing in a folder: one tiny run, its data, and files of events.
 *
 * @param {string} home
 * @param {Kshot} kshot
 */
export async function makeSeeds(home, kshot) {
  mkdirSync(home, { recursive: true });
  writeStart(home);
  const settings = {
    ...JSON.parse(readFileSync(join(home, "settings.json"), "utf8")),
    algorithms: ["markov", "meta-sgd"],
  };
  writeFileSync(join(home, "settings.json"), JSON.stringify(settings));
  const commands = [
    ["prepare", "--input", "events.csv", "--split", ".6,.2,.2", "--out", "data"],
    ["train", "--data", "data", "--config", "settings.json", "--out", "p"],
  ];
  for (const args of commands) {
    const done = await kshot(args, home);
    if (done.status !== 0) throw new Error(done.stderr);
  }
  const reports = join(home, "p", "reports", "kshot");
  const run = join(reports, readdirSync(reports)[0]);
  const events = readFileSync(join(home, "events.csv"), "utf8")
    .split("\n")
    .slice(1, -1)
    .map((row) => row.split(","));
  writeFileSync(
    join(home, "events.jsonl"),
    events.map(([user, item, time]) => JSON.stringify({ user, item, time: Number(time) })).join("\n"),
  );
  const session = ["course-1", "course-2", "course-3"];
  writeFileSync(join(home, "history.json"), JSON.stringify([session, ["course-4"]]));
  writeFileSync(join(home, "titles.csv"), `id,name\n${session.map((item) => `${item},Title of ${item}`).join("\n")}\n`);
  const models = join(run, "models");
  const model = join(models, "metasgd", "metasgd_gru_K5.safetensors");
  writeFileSync(join(home, "pytorch.safetensors"), asPyTorch(readFileSync(model)));
  writeFileSync(join(home, "among.json"), JSON.stringify(session));
  const plans = [
    ["population", "plan", "--events", "events.csv", "--model", model, "--shards", "2", "--top", "3", "--out", "lists"],
    ["population", "work", "lists", "--workers", "1"],
    ["suite", "plan", "--suite", "suite.json", "--data", "data", "--out", "suite"],
  ];
  for (const args of plans) {
    const done = await kshot(args, home);
    if (done.status !== 0) throw new Error(done.stderr);
  }
  const unsealed = (name, file) => {
    writeFileSync(join(home, name), withoutHashes(readFileSync(join(models, file))));
    return join(home, name);
  };
  return {
    unsealed: unsealed("unsealed.safetensors", "metasgd/metasgd_gru_K5.safetensors"),
    unsealedCounts: unsealed("counts.safetensors", "markov/markov_K5.safetensors"),
    model,
    counts: join(run, "models", "markov", "markov_K5.safetensors"),
    result: join(run, "results", "metasgd_K5_Q10.json"),
    checkpoint: join(run, "models", "metasgd", "checkpoints", "metasgd_checkpoint_24.safetensors"),
    config: join(run, "config.json"),
    rates: join(run, "rate_analysis.json"),
    run,
  };
}

/** A safetensors file as earlier versions wrote it: without hashes, so that a changed byte reaches the readers behind them. */
function withoutHashes(bytes) {
  const end = 8 + Number(bytes.readBigUInt64LE(0));
  const header = JSON.parse(bytes.subarray(8, end).toString("utf8"));
  delete header.__metadata__["kshot.sha256"];
  delete header.__metadata__["kshot.header"];
  const text = Buffer.from(JSON.stringify(header));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(text.length));
  return Buffer.concat([length, text, bytes.subarray(end)]);
}

/** Weights under the names of a PyTorch module, from a model of kshot. */
function asPyTorch(bytes) {
  const end = 8 + Number(bytes.readBigUInt64LE(0));
  const { __metadata__, ...tensors } = JSON.parse(bytes.subarray(8, end).toString("utf8"));
  // The rates follow the parameters.
  const named = Object.entries(tensors).filter(([name]) => !name.startsWith("alpha."));
  const last = Math.max(...named.map(([, tensor]) => tensor.data_offsets[1]));
  const text = Buffer.from(JSON.stringify(Object.fromEntries(named)));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(text.length));
  return Buffer.concat([length, text, bytes.subarray(end, end + last)]);
}

const columns = ["--user", "user", "--item", "item", "--time", "time"];

/** Commands that load the program's parts, so that loading is not part of a case. */
export const warm = [
  ["inspect", "../data"],
  ["recommend", "--model", "../unsealed.safetensors", "--history", "course-1"],
  ["evaluate", "--model", "../unsealed.safetensors", "--data", "../data", "--steps", "0,1"],
  ["recommend", "--model", "../unsealed.safetensors", "--events", "../events.csv", ...columns, "--out", "warm.csv"],
  ["export", "--model", "../unsealed.safetensors", "--onnx", "warm.onnx"],
  [
    "import",
    "--weights",
    "../pytorch.safetensors",
    "--items",
    "../data/vocab/course2id.json",
    "--out",
    "warm.safetensors",
  ],
  ["population", "status", "../lists"],
  ["suite", "status", "../suite"],
  ["compare", "x"],
  ["prepare", "--input", "../events.csv", ...columns, "--split", ".6,.2,.2", "--out", "warm"],
];

const words = [
  ...["--k", "-1", "0", "5", "1e9", "--data", "data", "--out", "o", "--steps", "0,1", "--model", "x", "--json", ""],
  ...[
    "\0",
    "--top",
    "train",
    "prepare",
    "inspect",
    "compare",
    "recommend",
    "evaluate",
    "report",
    "--help",
    "--history",
  ],
  ...["../x", "--seed", "NaN", "--where", "1=1", "--sep", "::", "--null", "-", "--anonymous", "--debug"],
];

/**
 * The changed files, and the command that reads each. The command gets the path of the changed file.
 *
 * @param {string} home
 * @param {Awaited<ReturnType<typeof makeSeeds>>} seed
 */
export function targets(home, seed) {
  /** A file of a folder; the folder is copied, and the command reads the copy. */
  const inCopy = (folder, name, command) => ({ file: join(home, folder, name), folder, name, args: () => command });
  const dataFile = (name, command) => inCopy("data", name, command);
  // These open a database, which takes ten times as long as the others.
  const heavy = true;
  const vocabulary = join(home, "data", "vocab", "course2id.json");
  const inspected = (name) => dataFile(name, ["inspect", "data"]);
  return [
    { file: seed.model, args: (path) => ["inspect", path] },
    { file: seed.model, args: (path) => ["recommend", "--model", path, "--history", "course-1", "--json"] },
    { file: seed.unsealed, args: (path) => ["recommend", "--model", path, "--history", "course-1", "--json"] },
    { file: seed.unsealed, args: (path) => ["inspect", path] },
    { file: seed.unsealedCounts, args: (path) => ["recommend", "--model", path, "--history", "course-1"] },
    { file: seed.counts, args: (path) => ["recommend", "--model", path, "--history", "course-1", "--json"] },
    { file: seed.checkpoint, args: (path) => ["inspect", path] },
    { file: seed.result, args: (path) => ["inspect", path] },
    { file: seed.result, args: (path) => ["compare", path, seed.result] },
    { file: seed.result, args: (path) => ["report", path, "--out", "page.html"] },
    { file: seed.model, args: (path) => ["report", seed.result, "--model", path, "--out", "page.html"] },
    { file: seed.config, args: (path) => ["train", "--config", path, "--data", "nowhere"] },
    { file: join(home, "suite.json"), args: (path) => ["train", "--suite", path, "--data", "nowhere"] },
    { heavy, file: join(home, "events.csv"), args: (path) => ["prepare", "--input", path, ...columns, "--out", "out"] },
    {
      heavy,
      file: join(home, "events.jsonl"),
      args: (path) => ["prepare", "--input", path, ...columns, "--out", "out"],
    },
    {
      heavy,
      file: join(home, "titles.csv"),
      args: (path) => ["prepare", "--input", join(home, "events.csv"), "--titles", `${path}:id:name`, "--out", "out"],
    },
    {
      file: join(home, "history.json"),
      args: (path) => ["recommend", "--model", seed.model, "--history-file", path],
    },
    {
      file: join(home, "among.json"),
      args: (path) => ["recommend", "--model", seed.model, "--history", "course-1", "--among", path],
    },
    {
      heavy,
      file: join(home, "events.jsonl"),
      args: (path) => ["recommend", "--model", seed.model, "--events", path, ...columns, "--out", "lists.csv"],
    },
    {
      heavy,
      file: join(home, "events.csv"),
      args: (path) => ["population", "plan", "--model", seed.model, "--events", path, ...columns, "--out", "lists"],
    },
    {
      file: join(home, "pytorch.safetensors"),
      args: (path) => ["import", "--weights", path, "--items", vocabulary, "--out", "imported.safetensors"],
    },
    {
      file: vocabulary,
      args: (path) => [
        "import",
        "--weights",
        join(home, "pytorch.safetensors"),
        "--items",
        path,
        "--out",
        "i.safetensors",
      ],
    },
    { file: seed.unsealed, args: (path) => ["export", "--model", path, "--onnx", "model.onnx"] },
    inCopy("lists", "plan.json", ["population", "status", "lists"]),
    inCopy("lists", "plan.json", ["population", "finish", "lists"]),
    inCopy("lists", "cells/0000/done.json", ["population", "finish", "lists"]),
    inCopy("suite", "plan.json", ["suite", "status", "suite"]),
    inCopy("suite", "plan.json", ["suite", "finish", "suite"]),
    inCopy("suite", "suite.json", ["suite", "finish", "suite"]),
    inCopy("suite", "meta.json", ["inspect", "suite"]),
    inspected("pairs/pairs_val.parquet"),
    inspected("episodes/episodes_val_K5_Q10.parquet"),
    inspected("vocab/course2id.json"),
    inspected("summary.json"),
    ...["pairs/pairs_val.parquet", "episodes/episodes_val_K5_Q10.parquet", "vocab/course2id.json"].map((name) => ({
      ...dataFile(name, ["evaluate", "--model", seed.model, "--data", "data", "--steps", "0,1"]),
      unsealed: true,
    })),
    {
      file: undefined,
      args: (random) =>
        Array.from({ length: 1 + Math.floor(random() * 6) }, () => words[Math.floor(random() * words.length)])
          // Without data it would train the demo.
          .filter((word) => word !== "train"),
    },
  ];
}

/**
 * Makes one case in an empty folder: a changed file, or random arguments.
 *
 * @param {ReturnType<typeof targets>[number]} target
 * @param {() => number} random in [0, 1)
 * @param {string} home
 * @param {string} sandbox
 * @returns {{ args: string[], bytes: Buffer | undefined }}
 */
export function makeCase(target, random, home, sandbox) {
  if (target.file === undefined) return { args: target.args(random), bytes: undefined };
  const bytes = mutate(readFileSync(target.file), random);
  let path = join(sandbox, basename(target.file));
  if (target.folder !== undefined) {
    cpSync(join(home, target.folder), join(sandbox, target.folder), { recursive: true });
    path = join(sandbox, target.folder, target.name);
    // The hashes of the folder: without them a changed byte reaches the readers.
    if (target.unsealed) rmSync(join(sandbox, "data", "summary.json"));
  }
  writeFileSync(path, bytes);
  return { args: target.args(path), bytes };
}

/**
 * Words that only an internal error of the program contains, not a message for users. An error of a library that no reader has
 * turned into a message of kshot ends with "fault of kshot".
 */
export const raw =
  /\n\s+at \S+ \(|TypeError|RangeError|is not a function|Cannot read propert|Cannot destructure|Maximum call stack|Invalid (array|typed array|string) length|unreachable|\[object Object\]|could not be cloned|fault of kshot/;

/** Exit codes of the contract, without that of an interruption: no case sends a signal. */
export const exitCodes = [0, 1, 2, 3];
