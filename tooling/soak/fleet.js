// pnpm soak:fleet --kills 200 [--seed 1] [--people 60000]: suites and populations of 12 cells on two workers with the queue of the folder
// and two with a queue on Redis, all on one plan. Workers, the processes of their cells, and the Redis server are killed at random
// moments and started again; workers are also stopped for longer than their lease. Every plan is compared with an undisturbed one.
import { existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { isDeepStrictEqual } from "node:util";
import { done, outcome, planned, undisturbedOutcomes } from "./fleet/plans.js";
import { startRedis } from "./fleet/redis.js";
import { processes, SupervisedWorker } from "./fleet/worker.js";
import { numberOf, randomNumbers } from "./kshot.js";

const kills = numberOf("--kills", 200);
const random = randomNumbers(numberOf("--seed", 1));
const killsPerPlan = 20;
const folder = mkdtempSync(join(tmpdir(), "kshot-fleet-"));
const between = (least, most) => least + random() * (most - least);

const figures = {
  ...{ plans: 0, identical: 0, killed: { worker: 0, cell: 0, both: 0, redis: 0 }, stopped: 0, noServer: 0 },
  ...{ cells: 0, lost: 0, different: 0, wrongEnds: 0, filesLeft: 0, processesLeft: 0, jobsLeft: 0 },
};
const killed = () => Object.values(figures.killed).reduce((sum, count) => sum + count);
const failures = [];

function failed(text) {
  failures.push(text);
  process.stdout.write(`FAILED ${text}\n`);
}

/** The kinds of disturbance, each as often as it is listed. */
const disturbances = [
  ...["worker", "worker", "worker", "worker", "worker", "cell", "cell", "cell", "cell", "both", "both"],
  ...["redis", "stop worker", "stop both"],
];

/** One disturbance of a worker or the server; returns whether it happened. */
async function disturb(workers, redis) {
  const what = disturbances[Math.floor(random() * disturbances.length)];
  if (what === "redis") {
    await redis.kill();
    figures.killed.redis++;
    await sleep(between(0, 3000));
    await redis.start();
    return;
  }
  const alive = workers.filter(({ pid }) => pid !== undefined);
  // Most of them while a cell is computed.
  const busy = random() < 0.8 ? alive.filter(({ cell }) => cell !== undefined) : alive;
  const victim = busy[Math.floor(random() * busy.length)];
  if (victim === undefined) return;
  const [, to] = /^(?:stop )?(.*)$/.exec(what);
  if (!what.startsWith("stop")) {
    if (victim.signal("SIGKILL", to)) figures.killed[to]++;
    return;
  }
  if (!victim.signal("SIGSTOP", to)) return;
  figures.stopped++;
  // The lease is two seconds. Others are disturbed meanwhile.
  const { pid } = victim;
  setTimeout(() => continued(pid), between(2500, 12_000));
}

/** Continues a worker and the process of its cell, which is stopped still if the worker was killed meanwhile. */
function continued(group) {
  try {
    process.kill(-group, "SIGCONT");
  } catch {
    // Both have ended.
  }
}

/** Files of a plan, without the names of runs and without the list of failed tries. */
const namesIn = (name) =>
  readdirSync(join(folder, name), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name !== "failures.json")
    .map((entry) => join(entry.parentPath, entry.name).slice(join(folder, name).length + 1))
    .map((file) => file.replaceAll(/\d{8}_\d{6}(_\d+)?/g, "RUN"))
    .sort();

const beyond = (more, less) => {
  const counts = new Map();
  for (const name of less) counts.set(name, (counts.get(name) ?? 0) + 1);
  return more.filter((name) => {
    const count = counts.get(name) ?? 0;
    counts.set(name, count - 1);
    return count <= 0;
  });
};

/** Processes that still work in the folder, three seconds after the last worker ended. */
async function processesLeft() {
  for (let waited = 0; ; waited += 200) {
    const left = processes().filter((one) => one.folder === folder);
    if (left.length === 0 || waited > 3000) return left.length;
    await sleep(200);
  }
}

/** Jobs of the queues on Redis. */
function jobsLeft(redis) {
  const keys = redis.client("--raw", "keys", "bull:kshot-*").split("\n");
  return keys.filter((key) => /:cell-\d+$/.test(key)).length;
}

async function onePlan(number, kind, redis, undisturbed) {
  const name = `${kind}-${number}`;
  await planned(folder, kind, name);
  const queues = ["folder", redis.url, "folder", redis.url];
  const args = (queue) => [kind, "work", name, "--workers", "1", "--queue", queue];
  const workers = queues.map((queue) => new SupervisedWorker(args(queue), folder));
  let ended = false;
  const all = Promise.all(workers.map((worker) => worker.ended)).then(() => {
    ended = true;
  });
  const until = Math.min(kills, killed() + killsPerPlan);
  while (!ended && killed() < until) {
    await sleep(between(100, 1200));
    if (!ended) await disturb(workers, redis);
  }
  const late = sleep(120_000).then(() => "late");
  if ((await Promise.race([all, late])) === "late") {
    failed(
      `${name}: workers have not ended two minutes after the last kill: ${await done(folder, [kind, "status", name])}`,
    );
    for (const worker of workers) worker.signal("SIGTERM", "worker");
    await all;
  }
  figures.plans++;
  figures.noServer += workers.reduce((sum, worker) => sum + worker.unreachable, 0);
  for (const text of workers.flatMap(({ wrong }) => wrong)) {
    figures.wrongEnds++;
    failed(`${name}: ${text}`);
  }
  const processesNow = await processesLeft();
  const jobs = jobsLeft(redis);
  figures.processesLeft += processesNow;
  figures.jobsLeft += jobs;
  if (processesNow + jobs > 0) failed(`${name}: ${processesNow} processes and ${jobs} jobs are left`);
  await compare(name, kind, undisturbed);
}

async function compare(name, kind, undisturbed) {
  const found = await outcome(folder, kind, name).catch((error) => failed(`${name}: ${error.message}`));
  if (found !== undefined) {
    figures.cells += found.cells.length;
    figures.lost += found.cells.filter((cell) => cell === "not done").length;
    figures.different += found.cells.filter((cell, i) => cell !== undisturbed.cells[i] && cell !== "not done").length;
    const { names, ...expected } = undisturbed;
    if (isDeepStrictEqual(found, expected)) figures.identical++;
    else failed(`${name}: other output: ${JSON.stringify(found)}, expected ${JSON.stringify(expected)}`);
    const now = namesIn(name);
    const [more, fewer] = [beyond(now, names), beyond(names, now)];
    figures.filesLeft += more.length;
    if (more.length + fewer.length > 0) failed(`${name}: files left: ${more.join(", ")}; missing: ${fewer.join(", ")}`);
  }
  if (existsSync(join(folder, name)) && found !== undefined) rmSync(join(folder, name), { recursive: true });
}

const began = performance.now();
const undisturbed = await undisturbedOutcomes(folder, numberOf("--people", 60_000));
for (const kind of Object.keys(undisturbed)) undisturbed[kind].names = namesIn(`whole-${kind}`);
const redis = await startRedis(join(folder, "redis"));
try {
  for (let number = 0; killed() < kills; number++) {
    const kind = number % 2 === 0 ? "suite" : "population";
    await onePlan(number, kind, redis, undisturbed[kind]);
    process.stderr.write(`${killed()}/${kills} ${JSON.stringify(figures)}\n`);
  }
} finally {
  await redis.kill();
}
if (failures.length === 0) rmSync(folder, { recursive: true });
else process.stdout.write(`Kept: ${folder}\n`);
const seconds = Math.round((performance.now() - began) / 1000);
process.stdout.write(
  `${JSON.stringify({ ...figures, failures: failures.length, seconds, load: loadavg()[1].toFixed(1) })}\n`,
);
process.exitCode = failures.length === 0 ? 0 : 1;
