// pnpm soak:fuzz --cases 100000 [--seed 1] [--seconds 600]: changed files and arguments; each must give an answer or one clear
// paragraph.
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { Worker } from "node:worker_threads";
import { kshot, makeStart, numberOf, randomNumbers } from "./kshot.js";
import { mutate } from "./mutate.js";

const cases = numberOf("--cases", 100_000);
const seconds = numberOf("--seconds", Number.POSITIVE_INFINITY);
const seed = numberOf("--seed", 1);
/** Milliseconds and bytes that one case may take. */
const limits = { ms: 10_000, bytes: 1.2e9 };
const home = mkdtempSync(join(tmpdir(), "kshot-fuzz-"));
const sandbox = join(home, "sandbox");
const kept = fileURLToPath(new URL("failures/", import.meta.url));

/** Creates the seeds: one tiny run, its data and files of events. */
async function seeds() {
  await makeStart(home);
  const settings = {
    ...JSON.parse(readFileSync(join(home, "settings.json"), "utf8")),
    algorithms: ["markov", "meta-sgd"],
  };
  writeFileSync(join(home, "settings.json"), JSON.stringify(settings));
  const done = await kshot(["train", "--data", "data", "--config", "settings.json", "--out", "p"], { cwd: home });
  if (done.status !== 0) throw new Error(done.stderr);
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
  cpSync(join(home, "data"), join(home, "seed-data"), { recursive: true });
  const model = join(run, "models", "metasgd", "metasgd_gru_K5.safetensors");
  return {
    model,
    result: join(run, "results", "metasgd_K5_Q10.json"),
    checkpoint: join(run, "models", "metasgd", "checkpoints", "metasgd_checkpoint_24.safetensors"),
    config: join(run, "config.json"),
    report: join(run, "report.html"),
    run,
  };
}

const columns = ["--user", "user", "--item", "item", "--time", "time"];
const wordsOfFlags = [
  "--k",
  "-1",
  "0",
  "5",
  "1e9",
  "--data",
  "data",
  "--out",
  "o",
  "--steps",
  "0,1",
  "--model",
  "x",
  "--json",
  "",
  "\0",
  "--top",
];
wordsOfFlags.push(
  "train",
  "prepare",
  "inspect",
  "compare",
  "recommend",
  "evaluate",
  "report",
  "--help",
  "--history",
  "../x",
  "--seed",
  "NaN",
);

/** The changed files, and the command that reads each. The command gets the path of the changed file. */
function targets(seed) {
  const dataFile = (name) => ({ file: join(home, "data", name), inFolder: name, args: () => ["inspect", "data"] });
  return [
    { file: seed.model, args: (path) => ["inspect", path] },
    { file: seed.model, args: (path) => ["recommend", "--model", path, "--history", "course-1", "--json"] },
    { file: seed.checkpoint, args: (path) => ["inspect", path] },
    { file: seed.result, args: (path) => ["inspect", path] },
    { file: seed.result, args: (path) => ["compare", path, seed.result] },
    { file: seed.result, args: (path) => ["report", path, "--out", "page.html"] },
    { file: seed.config, args: (path) => ["train", "--config", path, "--data", "nowhere"] },
    { file: join(home, "suite.json"), args: (path) => ["train", "--suite", path, "--data", "nowhere"] },
    { file: join(home, "events.csv"), args: (path) => ["prepare", "--input", path, ...columns, "--out", "out"] },
    { file: join(home, "events.jsonl"), args: (path) => ["prepare", "--input", path, ...columns, "--out", "out"] },
    ...["pairs/pairs_val.parquet", "episodes/episodes_val_K5_Q10.parquet", "vocab/course2id.json", "summary.json"].map(
      dataFile,
    ),
    {
      file: undefined,
      args: (random) =>
        Array.from(
          { length: 1 + Math.floor(random() * 6) },
          () => wordsOfFlags[Math.floor(random() * wordsOfFlags.length)],
        ).filter((word) => word !== "train"),
    },
  ];
}

/** Words of an error that is not meant for people. */
const raw =
  /\n\s+at \S+ \(|TypeError|RangeError|is not a function|Cannot read propert|Maximum call stack|Invalid (array|typed array|string) length|unreachable|\[object Object\]|could not be cloned/;

const messages = new Map();
const figures = { cases: 0, crashes: 0, hangs: 0, memory: 0, escapes: 0, mostMs: 0, mostBytes: 0 };

function fail(kind, number, target, args, bytes, text) {
  figures[kind]++;
  mkdirSync(kept, { recursive: true });
  const name = `${kind}-${seed}-${number}-${target.file === undefined ? "arguments" : basename(target.file)}`;
  if (bytes !== undefined) writeFileSync(join(kept, name), bytes);
  writeFileSync(
    join(kept, `${name}.txt`),
    `${JSON.stringify(args.map((word) => word.replaceAll(home, "HOME")))}\n${text.replaceAll(home, "HOME").slice(0, 2000)}\n`,
  );
  process.stdout.write(`FAILED ${name}: ${text.slice(0, 300).replaceAll("\n", " | ")}\n`);
}

function startWorker() {
  const worker = new Worker(new URL("fuzz-worker.js", import.meta.url), {
    stdout: true,
    stderr: true,
    resourceLimits: { maxOldGenerationSizeMb: 1000 },
  });
  return new Promise((resolve, reject) => {
    worker.once("message", () => resolve(worker));
    worker.once("error", reject);
  });
}

/** A thread that has loaded every command: loading is not part of a case. */
async function warmWorker() {
  const worker = await startWorker();
  rmSync(sandbox, { recursive: true, force: true });
  mkdirSync(sandbox);
  const warm = [
    ["inspect", "../data"],
    ["recommend", "--model", "x", "--history", "a"],
    ["compare", "x"],
    ["prepare", "--input", "../events.csv", ...columns, "--split", ".6,.2,.2", "--out", "warm"],
  ];
  for (const args of warm) {
    worker.postMessage({ args, folder: sandbox });
    await ask(worker, 120_000);
  }
  return worker;
}

async function ask(worker, ms = limits.ms) {
  let timer;
  const answer = await new Promise((resolve) => {
    worker.once("message", resolve);
    worker.once("error", (error) =>
      resolve({ status: 1, stdout: "", stderr: "", thrown: String(error.stack ?? error), ended: true }),
    );
    worker.once("exit", () => resolve({ status: 1, stdout: "", stderr: "", thrown: "the process ended", ended: true }));
    timer = setTimeout(() => resolve({ hung: true, ended: true }), ms);
  });
  clearTimeout(timer);
  for (const event of ["message", "error", "exit"]) worker.removeAllListeners(event);
  return answer;
}

/** A message without the parts that differ between cases. */
const shapeOf = (text) =>
  text
    .replaceAll(home, "")
    .replaceAll(/"(?:[^"\\]|\\.)*"/g, '"…"')
    .replaceAll(/-?\d[\d,.e+-]*/g, "N")
    .replaceAll(/\s+/g, " ")
    .trim()
    .slice(0, 160);

const list = targets(await seeds());
const before = readdirSync(home).sort().join();
const began = performance.now();
const only = readdirSync(home);
let worker = await warmWorker();
for (let number = 0; number < cases && (performance.now() - began) / 1000 < seconds; number++) {
  const random = randomNumbers(seed * 1_000_003 + number);
  const target = list[number % list.length];
  rmSync(sandbox, { recursive: true, force: true });
  mkdirSync(sandbox);
  let bytes;
  let path;
  if (target.file !== undefined) {
    bytes = mutate(readFileSync(target.file), random);
    path = join(sandbox, basename(target.file));
    if (target.inFolder !== undefined) {
      cpSync(join(home, "seed-data"), join(sandbox, "data"), { recursive: true });
      path = join(sandbox, "data", target.inFolder);
    }
    writeFileSync(path, bytes);
  }
  const args = target.file === undefined ? target.args(random) : target.args(path);
  const start = performance.now();
  worker.postMessage({ args, folder: sandbox });
  const answer = await ask(worker);
  const ms = performance.now() - start;
  figures.cases++;
  figures.mostMs = Math.max(figures.mostMs, Math.round(ms));
  figures.mostBytes = Math.max(figures.mostBytes, answer.memory ?? 0);
  if (answer.hung) fail("hangs", number, target, args, bytes, `no answer in ${limits.ms} ms`);
  else if (answer.thrown !== undefined || ![0, 1, 2, 3, 130].includes(answer.status) || raw.test(answer.stderr))
    fail("crashes", number, target, args, bytes, `${answer.status} ${answer.thrown ?? ""} ${answer.stderr}`);
  else if ((answer.memory ?? 0) > limits.bytes) fail("memory", number, target, args, bytes, `${answer.memory} bytes`);
  const now = readdirSync(home).filter((name) => name !== "sandbox" && !only.includes(name));
  if (now.length > 0) {
    fail("escapes", number, target, args, bytes, now.join());
    for (const name of now) rmSync(join(home, name), { recursive: true, force: true });
  }
  if (answer.stderr) {
    const shape = `${answer.status} ${shapeOf(answer.stderr)}`;
    messages.set(shape, (messages.get(shape) ?? 0) + 1);
  }
  if (answer.ended) {
    await worker.terminate();
    worker = await warmWorker();
  }
  if (figures.cases % 1000 === 0)
    process.stderr.write(`${figures.cases} ${JSON.stringify(figures)}, ${messages.size} messages\n`);
}
await worker.terminate();
if (!existsSync(home) || before === "") throw new Error("the seeds are gone");
rmSync(home, { recursive: true, force: true });
for (const [shape, count] of [...messages].sort((a, b) => b[1] - a[1]))
  process.stdout.write(`${String(count).padStart(7)}  ${shape}\n`);
process.stdout.write(
  `${JSON.stringify({ ...figures, messages: messages.size, seconds: Math.round((performance.now() - began) / 1000) })}\n`,
);
process.exitCode = figures.crashes + figures.hangs + figures.memory + figures.escapes === 0 ? 0 : 1;
