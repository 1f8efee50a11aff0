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
  cpSync(join(home, "data"), join(home, "seed-data"), { recursive: true });
  const models = join(run, "models");
  const unsealed = (name, file) => {
    writeFileSync(join(home, name), withoutHashes(readFileSync(join(models, file))));
    return join(home, name);
  };
  return {
    unsealed: unsealed("unsealed.safetensors", "metasgd/metasgd_gru_K5.safetensors"),
    unsealedCounts: unsealed("counts.safetensors", "markov/markov_K5.safetensors"),
    model: join(run, "models", "metasgd", "metasgd_gru_K5.safetensors"),
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

const columns = ["--user", "user", "--item", "item", "--time", "time"];

/** Commands that load the program's parts, so that loading is not part of a case. */
export const warm = [
  ["inspect", "../data"],
  ["recommend", "--model", "x", "--history", "a"],
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
  const dataFile = (name, command) => ({ file: join(home, "data", name), inFolder: name, args: () => command });
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
    { file: join(home, "events.csv"), args: (path) => ["prepare", "--input", path, ...columns, "--out", "out"] },
    { file: join(home, "events.jsonl"), args: (path) => ["prepare", "--input", path, ...columns, "--out", "out"] },
    {
      file: join(home, "titles.csv"),
      args: (path) => ["prepare", "--input", join(home, "events.csv"), "--titles", `${path}:id:name`, "--out", "out"],
    },
    {
      file: join(home, "history.json"),
      args: (path) => ["recommend", "--model", seed.model, "--history-file", path],
    },
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
  if (target.inFolder !== undefined) {
    cpSync(join(home, "seed-data"), join(sandbox, "data"), { recursive: true });
    path = join(sandbox, "data", target.inFolder);
    // The hashes of the folder: without them a changed byte reaches the readers.
    if (target.unsealed) rmSync(join(sandbox, "data", "summary.json"));
  }
  writeFileSync(path, bytes);
  return { args: target.args(path), bytes };
}

/** Words that only an internal error of the program contains, not a message for users. */
export const raw =
  /\n\s+at \S+ \(|TypeError|RangeError|is not a function|Cannot read propert|Cannot destructure|Maximum call stack|Invalid (array|typed array|string) length|unreachable|\[object Object\]|could not be cloned|fault of kshot/;

/** Exit codes of the contract. */
export const exitCodes = [0, 1, 2, 3, 130];
