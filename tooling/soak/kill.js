// pnpm soak:kill --runs 200 [--seed 1] [--kinds meta-sgd,prepare]: real runs, killed at random moments and inside writes,
// continued, and compared byte by byte with runs without a stop.
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { helpIfAsked, kshot, makeStart, numberOf, randomNumbers } from "./kshot.js";

helpIfAsked(`
Usage: node tooling/soak/kill.js [--runs N] [--seed N] [--kinds NAME,…]

Kills real runs at random moments and inside writes, continues them, and compares them byte by byte with runs without a stop.

  --runs N      number of runs (200)
  --seed N      seed of the moments (1)
  --kinds LIST  only these kinds: a name, or the first algorithm of a list; see "kinds" in this file

Prints each failure at once, and the figures as JSON at the end. Exit code 1 if anything failed.
`);
const runs = numberOf("--runs", 200);
const random = randomNumbers(numberOf("--seed", 1));
const folder = mkdtempSync(join(tmpdir(), "kshot-soak-"));
const layer = fileURLToPath(new URL("fault-layer.js", import.meta.url));

const train = (algorithms) => ["train", "--data", "data", "--config", "settings.json", "--algorithm", algorithms];
/** The model of `recommend` and of populations; trained at the start. */
let model = "";
const work = ["--workers", "1", "--queue", "folder"];
/** The commands of a kind in a folder, and whether the same commands continue it (otherwise `train --resume`). */
const kinds = [
  ...[
    "popularity,markov,item-knn,session-knn,recent",
    "variable-markov,sequential-rules,v-sknn,stan,ease,mixture",
    ...["gru,gru-finetuned", "gru-context", "meta-sgd", "maml", "fomaml", "reptile", "anil", "residual-maml"],
    ...["hybrid", "gru,maml,meta-sgd"],
  ].map((list) => ({ name: list, steps: (out) => [[...train(list), "--out", out]] })),
  again("suite", (out) => [["train", "--data", "data", "--suite", "suite.json", "--name", "suite", "--out", out]]),
  again("suite-work", (out) => [
    ["suite", "plan", "--suite", "suite.json", "--data", "data", "--out", out, "--lease", "5"],
    ["suite", "work", out, ...work],
    ["suite", "finish", out],
  ]),
  again("population", (out) => [
    [
      ...["population", "plan", "--events", "events.csv", "--model", model, "--shards", "3", "--top", "3"],
      ...["--out", out, "--lease", "5"],
    ],
    ["population", "work", out, ...work],
    ["population", "finish", out],
  ]),
  again("recommend", (out) => [
    ["recommend", "--events", "events.csv", "--model", model, "--top", "3", "--out", join(out, "lists.csv")],
  ]),
  again("prepare", (out) => [["prepare", "--input", "events.csv", "--split", ".6,.2,.2", "--out", out]]),
  again("synth", (out) => [["synth", "--users", "400", "--items", "40", "--out", out]]),
];

function again(name, steps) {
  return { name, steps, again: true };
}

/** Only these kinds, where `--kinds` names some: a kind's name, or its first algorithm. */
const asked = process.argv[process.argv.indexOf("--kinds") + 1]?.split(",") ?? [];
const chosen = process.argv.includes("--kinds")
  ? kinds.filter(({ name }) => asked.includes(name.split(",")[0]))
  : kinds;
if (chosen.length === 0) throw new Error("--kinds names no kind of run");

/** Files below a folder, relative, sorted; hidden ones too. */
function filesBelow(directory) {
  if (!existsSync(directory)) return [];
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(directory, join(entry.parentPath, entry.name)))
    .sort();
}

/** Content that differs between equal runs: clock times, the machine, the random name of a plan. */
function withoutVolatile(name, bytes) {
  if (!/(^|\/)(plan|done|_MANIFEST)\.json$/.test(name)) return bytes;
  const { id, volatile, ...rest } = JSON.parse(bytes.toString("utf8"));
  return JSON.stringify(rest);
}

/** Content that may not differ between equal runs, by name without the run's tag. */
function outcome(directory) {
  const found = {};
  for (const file of filesBelow(directory)) {
    const name = file.replaceAll(/\d{8}_\d{6}(_\d+)?/g, "RUN");
    const path = join(directory, file);
    if (/(^|\/)(meta|manifest|report|suite)\.json$|report\.html$|(^|\/)config\.json$|\/checkpoints\//.test(name))
      continue;
    if (/results\/[^/]*\.json$/.test(name)) {
      const { volatile, config, test, ...rest } = JSON.parse(readFileSync(path, "utf8"));
      // `test` counts the evaluations of the test people, also by other runs on the same data.
      // Two runs of a suite have the same file names; their seeds distinguish them.
      found[`${name} ${config.seed}`] = digest(JSON.stringify({ config, ...rest }));
    } else {
      const content = digest(withoutVolatile(name, readFileSync(path)));
      found[name.includes("RUN/") ? `${name} ${content}` : name] = content;
    }
  }
  return found;
}

/** Files in which two outcomes differ. */
function differing(a, b) {
  return [...new Set([...Object.keys(a), ...Object.keys(b)])].filter((file) => a[file] !== b[file]).sort();
}

const digest = (content) => createHash("sha256").update(content).digest("hex").slice(0, 16);

/** Incomplete files under their final names. */
function halfWritten(directory) {
  return filesBelow(directory).filter((file) => {
    if (/(^|\/)\.[^/]*\.(tmp|old)-|\.lock(\.|$)/.test(file)) return false;
    const path = join(directory, file);
    try {
      const bytes = readFileSync(path);
      if (file.endsWith(".json")) JSON.parse(bytes.toString("utf8"));
      if (file.endsWith(".parquet") && bytes.subarray(-4).toString() !== "PAR1") return true;
      if (!file.endsWith(".safetensors")) return false;
      const header = JSON.parse(bytes.subarray(8, 8 + Number(bytes.readBigUInt64LE(0))).toString("utf8"));
      const end = Math.max(...Object.values(header).map((entry) => entry.data_offsets?.[1] ?? 0));
      return statSync(path).size !== 8 + Number(bytes.readBigUInt64LE(0)) + end;
    } catch {
      return true;
    }
  });
}

const whole = new Map();
const figures = { runs: 0, identical: 0, halfWritten: 0, killed: 0, inWrite: 0, leftovers: 0 };
const failures = [];

/** Notes a failure and prints it at once: a soak takes hours. */
function failed(text) {
  failures.push(text);
  process.stdout.write(`FAILED ${text}\n`);
}

/** An undisturbed run: the time of each step, and the outcome. */
async function undisturbed(kind) {
  const known = whole.get(kind.name);
  if (known !== undefined) return known;
  const out = `whole-${whole.size}`;
  mkdirSync(join(folder, out));
  const ms = [];
  for (const args of kind.steps(out)) {
    const done = await kshot(args, { cwd: folder });
    if (done.status !== 0) throw new Error(`${kind.name}: ${done.stderr}`);
    ms.push(done.ms);
  }
  const found = { ms, outcome: outcome(join(folder, out)) };
  whole.set(kind.name, found);
  return found;
}

/** The commands of a kind, one after another, until one fails; the one at `at` is stopped. */
async function attempt(steps, at, how) {
  let done;
  for (const [i, args] of steps.entries()) {
    // A folder that has a plan is not planned twice.
    if (args[1] === "plan" && existsSync(join(folder, args[args.indexOf("--out") + 1], "plan.json"))) continue;
    done = await kshot(args, { cwd: folder, ...(i === at ? how : {}) });
    if (done.status !== 0) return done;
  }
  return done;
}

async function one(number) {
  const kind = chosen[number % chosen.length];
  const expected = await undisturbed(kind);
  const out = `run-${number}`;
  const steps = kind.steps(out);
  const signals = ["SIGKILL", "SIGKILL", "SIGINT", "SIGTERM", "SIGHUP"];
  const stopped = [];
  mkdirSync(join(folder, out));
  // One to three stops before the run may end.
  let done = { status: null, stderr: "" };
  for (let stop = 1 + Math.floor(random() * 3); stop >= 0; stop--) {
    const begun = existsSync(join(folder, out, "meta.json")) && !/no run in/.test(done.stderr);
    const commands = kind.again || !begun ? steps : [["train", "--resume", "--out", out]];
    const inWrite = random() < 0.4;
    const signal = signals[Math.floor(random() * signals.length)];
    const at = Math.floor(random() * steps.length);
    const afterMs = Math.round(150 + random() * expected.ms[at]);
    const last = stop === 0;
    const fault = { NODE_OPTIONS: `--import=${layer}`, KSHOT_FAULT: `kill:${1 + Math.floor(random() * 60)}` };
    done = await attempt(commands, last ? -1 : at, inWrite ? { env: fault } : { signal, afterMs });
    if (done.killed !== null || done.status === 130) {
      figures.killed++;
      if (inWrite && done.killed) figures.inWrite++;
      stopped.push(inWrite ? "write" : signal);
    }
    const half = halfWritten(join(folder, out));
    figures.halfWritten += half.length;
    if (half.length > 0) failed(`${kind.name}, ${stopped.join(", ")}: half written: ${half.join(", ")}`);
    if (done.status === 0) break;
    // Killed before the run existed.
    if (last && /no run in/.test(done.stderr)) done = await attempt(steps, -1, {});
  }
  figures.runs++;
  const files = done.status === 0 ? differing(expected.outcome, outcome(join(folder, out))) : [];
  // A run that was killed before it was registered leaves a separate folder.
  if (done.status === 0 && files.length === 0) figures.identical++;
  else {
    const what =
      done.status === 0 ? `other content: ${files.join(", ")}` : `exit ${done.status}: ${done.stderr.slice(-400)}`;
    failed(`${kind.name}, after ${stopped.join(", ") || "no stop"}: ${what}`);
  }
  // The data folder counts the evaluations of all runs.
  const leftovers = [out, "data"].flatMap((place) =>
    filesBelow(join(folder, place))
      .filter((file) => /\.(tmp|old)-|\.lock|\.journal|\/(lease\.|\.clock-)/.test(file))
      .map((file) => join(place, file)),
  );
  figures.leftovers += leftovers.length;
  if (leftovers.length > 0) failed(`${kind.name}, after ${stopped.join(", ")}: left behind: ${leftovers.join(", ")}`);
  rmSync(join(folder, out), { recursive: true, force: true });
}

await makeStart(folder);
const trained = await kshot([...train("meta-sgd"), "--out", "trained"], { cwd: folder });
if (trained.status !== 0) throw new Error(trained.stderr);
model = join(
  "trained",
  filesBelow(join(folder, "trained")).find((file) => /metasgd_gru_K\d+\.safetensors$/.test(file)),
);
const began = performance.now();
for (let next = 0; next < runs; next++) {
  await one(next);
  if ((next + 1) % 10 === 0) process.stderr.write(`${next + 1}/${runs} ${JSON.stringify(figures)}\n`);
}
rmSync(folder, { recursive: true, force: true });
process.stdout.write(
  `${JSON.stringify({ ...figures, kinds: chosen.length, seconds: Math.round((performance.now() - began) / 1000) })}\n`,
);
process.exitCode = failures.length === 0 ? 0 : 1;
