// pnpm soak:fuzz --cases 100000 [--seed 1] [--seconds 600]: changed files and arguments; each must give an answer or one clear
// paragraph. `--times` adds the mean time of each target; `--only 798,3576` runs single cases of a seed again.
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { Worker } from "node:worker_threads";
import { requestTarget } from "./fuzz-requests.js";
import { exitCodes, makeCase, makeSeeds, raw, targets, warm } from "./fuzz-targets.js";
import { helpIfAsked, kshot, numberOf, randomNumbers } from "./kshot.js";

helpIfAsked(`
Usage: node tooling/soak/fuzz.js [--cases N] [--seed N] [--seconds N] [--only N,…] [--times]

Changes files and arguments. Each case must give an answer or one clear paragraph, in bounded time and memory.

  --cases N    number of cases (100000)
  --seed N     seed of the changes (1)
  --seconds N  end after this time
  --only LIST  only these cases of the seed, by number
  --times      print the mean time of each target

Prints each failure at once, keeps its file under tooling/soak/failures/, and prints each distinct message and the figures as
JSON at the end. Exit code 1 if anything failed.
`);
const cases = numberOf("--cases", 100_000);
const seconds = numberOf("--seconds", Number.POSITIVE_INFINITY);
const seed = numberOf("--seed", 1);
const asked = process.argv.includes("--only")
  ? process.argv[process.argv.indexOf("--only") + 1].split(",").map(Number)
  : undefined;
/** Processor time and bytes that one case may take; and milliseconds on a clock, where other work keeps the processor. */
const limits = { ms: 10_000, clockMs: 120_000, bytes: 1.2e9 };
const home = mkdtempSync(join(tmpdir(), "kshot-fuzz-"));
const sandbox = join(home, "sandbox");
const kept = fileURLToPath(new URL("failures/", import.meta.url));

const messages = new Map();
/** Time and number of cases of each target, by its first words. */
const spent = new Map();
const figures = { cases: 0, crashes: 0, hangs: 0, memory: 0, escapes: 0, mostMs: 0, mostCpuMs: 0, mostBytes: 0 };

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
  for (const args of warm) {
    worker.postMessage({ args, folder: sandbox });
    await ask(worker, 120_000);
  }
  return worker;
}

async function ask(worker, ms = limits.ms) {
  const began = process.cpuUsage();
  const start = performance.now();
  let timer;
  const answer = await new Promise((resolve) => {
    worker.once("message", resolve);
    worker.once("error", (error) =>
      resolve({ status: 1, stdout: "", stderr: "", thrown: String(error.stack ?? error), ended: true }),
    );
    worker.once("exit", () => resolve({ status: 1, stdout: "", stderr: "", thrown: "the process ended", ended: true }));
    timer = setInterval(() => {
      const { user, system } = process.cpuUsage(began);
      if ((user + system) / 1000 > ms || performance.now() - start > limits.clockMs)
        resolve({ hung: true, ended: true });
    }, 1000);
  });
  clearInterval(timer);
  for (const event of ["message", "error", "exit"]) worker.removeAllListeners(event);
  return answer;
}

/** A message without the parts that differ between cases. */
const shapeOf = (text) =>
  text
    .replaceAll(home, "")
    .replaceAll(/"(?:[^"\\]|\\.)*"/g, '"…"')
    .replaceAll(/\b(?:[0-9a-f]{8,64}…|(?=\d*[a-f])[0-9a-f]{8,64}\b)/g, "HASH")
    .replaceAll(/-?\d[\d,.e+-]*/g, "N")
    .replaceAll(/\s+/g, " ")
    .trim()
    .slice(0, 160);

const seeds = await makeSeeds(home, (args, cwd) => kshot(args, { cwd }));
const server = await requestTarget(seeds.model);
/** Every target eight times; those that take long once. */
const list = [...targets(home, seeds), { file: "request", request: true }].flatMap((target) =>
  Array.from({ length: target.heavy ? 1 : 8 }, () => target),
);
const before = readdirSync(home).sort().join();
const began = performance.now();
const only = readdirSync(home);
let worker = await warmWorker();
for (let index = 0; index < (asked?.length ?? cases) && (performance.now() - began) / 1000 < seconds; index++) {
  const number = asked?.[index] ?? index;
  const random = randomNumbers(seed * 1_000_003 + number);
  const target = list[number % list.length];
  rmSync(sandbox, { recursive: true, force: true });
  mkdirSync(sandbox);
  const request = target.request ? server.makeRequest(random) : undefined;
  const { args, bytes } = request
    ? { args: [request.path, JSON.stringify(request.options.headers ?? {})], bytes: request.bytes }
    : makeCase(target, random, home, sandbox);
  const start = performance.now();
  const cpu = process.cpuUsage();
  if (!request) worker.postMessage({ args, folder: sandbox });
  const answer = await (request ? server.ask(request, limits.clockMs) : ask(worker));
  const ms = performance.now() - start;
  const used = process.cpuUsage(cpu);
  figures.cases++;
  figures.mostCpuMs = Math.max(figures.mostCpuMs, Math.round((used.user + used.system) / 1000));
  figures.mostMs = Math.max(figures.mostMs, Math.round(ms));
  figures.mostBytes = Math.max(figures.mostBytes, answer.memory ?? 0);
  const name = target.file === undefined ? "arguments" : `${basename(target.file)}: ${request ? "" : args[0]}`;
  const [total, count] = spent.get(name) ?? [0, 0];
  spent.set(name, [total + ms, count + 1]);
  if (answer.hung) fail("hangs", number, target, args, bytes, `no answer in ${limits.ms} ms of processor time`);
  else if (
    answer.thrown !== undefined ||
    !exitCodes.includes(answer.status) ||
    (raw.test(answer.stderr) && !args.includes("--debug"))
  )
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
await server.stop();
if (!existsSync(home) || before === "") throw new Error("the seeds are gone");
rmSync(home, { recursive: true, force: true });
for (const [shape, count] of [...messages].sort((a, b) => b[1] - a[1]))
  process.stdout.write(`${String(count).padStart(7)}  ${shape}\n`);
if (process.argv.includes("--times")) {
  for (const [name, [ms, count]] of [...spent].sort((a, b) => b[1][0] - a[1][0]))
    process.stdout.write(`${(ms / count).toFixed(1).padStart(7)} ms  ${name}\n`);
}
process.stdout.write(
  `${JSON.stringify({ ...figures, messages: messages.size, seconds: Math.round((performance.now() - began) / 1000) })}\n`,
);
process.exitCode = figures.crashes + figures.hangs + figures.memory + figures.escapes === 0 ? 0 : 1;
