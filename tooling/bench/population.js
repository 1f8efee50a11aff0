/**
 * Lists for a large population: `node tooling/bench/population.js [--people 1000000] [--shards 64,7] [--kills 10] [--workers 2]`.
 *
 * People of `kshot synth` and the model of the demo's settings. For each number of shards: people a second of clock time (of `work`, and of plan, work
 * and finish together), resident memory of all processes at each tenth of the shards, and the SHA-256 of all rows sorted by person and
 * rank, which has to be the same. In the run with the last number of shards the worker, or the process of a cell, is killed so often (--kills) at
 * random moments. Needs about 4 GB of disk for a million people. `--keep DIR` keeps inputs and plans in a folder for the next call, which does not
 * make them again.
 */
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { createReadStream, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { loadavg, tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { randomNumbers } from "../soak/kshot.js";

const { values } = parseArgs({
  options: {
    people: { type: "string", default: "1000000" },
    shards: { type: "string", default: "64,7" },
    kills: { type: "string", default: "10" },
    workers: { type: "string", default: "2" },
    keep: { type: "string" },
  },
});
const people = Number(values.people);
const kshot = fileURLToPath(new URL("../../apps/cli/dist/main.js", import.meta.url));
const folder = values.keep === undefined ? mkdtempSync(join(tmpdir(), "kshot-population-")) : resolve(values.keep);
mkdirSync(folder, { recursive: true });
const at = (...names) => join(folder, ...names);
const random = randomNumbers(1);
const print = (value) => console.log(JSON.stringify(value));

/** Starts a command in the folder. */
function started(args) {
  const child = spawn(process.execPath, [kshot, ...args], { cwd: folder, stdio: ["ignore", "ignore", "pipe"] });
  let text = "";
  child.stderr.on("data", (piece) => {
    text = `${text}${piece}`.slice(-4000);
  });
  const ended = new Promise((end) => child.on("close", (code, signal) => end({ code, signal, text })));
  return { child, ended };
}

/** Runs a command to its end; returns its seconds. */
async function done(...args) {
  const began = performance.now();
  const { code, text } = await started(args).ended;
  if (code !== 0) throw new Error(`kshot ${args.join(" ")}\n${text}`);
  return (performance.now() - began) / 1000;
}

/** A process and those that it has started (Linux), with their resident memory in MB. */
function family(pid) {
  const found = [];
  for (const one of [pid, ...readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").split(" ").filter(Boolean)]) {
    try {
      const [, kilobytes = 0] = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${one}/status`, "utf8")) ?? [];
      found.push({ pid: Number(one), megabytes: Number(kilobytes) / 1024 });
    } catch {
      // It has ended.
    }
  }
  return found;
}

const doneCells = (name) =>
  existsSync(at(name, "cells"))
    ? readdirSync(at(name, "cells")).filter((cell) => existsSync(at(name, "cells", cell, "done.json"))).length
    : 0;

/** Works on a plan to its end; the worker is started again when it was killed. */
async function worked(name, shards, kills) {
  const memory = [];
  let most = 0;
  let left = kills;
  const began = performance.now();
  for (;;) {
    const { child, ended } = started(["population", "work", name, "--workers", values.workers]);
    let end;
    ended.then((how) => {
      end = how;
    });
    // A kill every few seconds, so that all of them happen in the shards that are left.
    let next = left > 0 ? performance.now() + 3000 + 4000 * random() : Number.POSITIVE_INFINITY;
    while (end === undefined) {
      await sleep(200);
      let now;
      try {
        now = family(child.pid);
      } catch {
        continue;
      }
      const megabytes = now.reduce((sum, one) => sum + one.megabytes, 0);
      most = Math.max(most, megabytes);
      const tenth = Math.floor((10 * doneCells(name)) / shards);
      if (tenth > 0) memory[tenth] ??= Math.round(megabytes);
      if (performance.now() < next) continue;
      // The worker, or the process of a cell.
      process.kill(now[Math.floor(random() * Math.min(now.length, 2))].pid, "SIGKILL");
      left--;
      next = left > 0 ? performance.now() + 3000 + 4000 * random() : Number.POSITIVE_INFINITY;
    }
    if (end.code === 0) break;
    if (end.signal !== "SIGKILL") throw new Error(end.text);
  }
  const seconds = (performance.now() - began) / 1000;
  return {
    seconds,
    kills: kills - left,
    memory: memory.filter((value) => value !== undefined),
    most: Math.round(most),
  };
}

/** SHA-256 of all rows, sorted by person and rank. */
async function hashOfRows(name) {
  const require = createRequire(new URL("../../packages/episodes/package.json", import.meta.url));
  const { DuckDBInstance } = require("@duckdb/node-api");
  const instance = await DuckDBInstance.create(":memory:", { memory_limit: "1GB", temp_directory: at("spill") });
  const database = await instance.connect();
  const out = at("rows.csv");
  await database.run(
    `COPY (SELECT user_id, rank, item_id, title, score, probability FROM read_parquet('${at(name, "recs", "*", "part-0.parquet")}', hive_partitioning = false) ORDER BY user_id, rank) TO '${out}'`,
  );
  database.closeSync();
  instance.closeSync();
  const hash = createHash("sha256");
  for await (const piece of createReadStream(out)) hash.update(piece);
  rmSync(out);
  rmSync(at("spill"), { recursive: true, force: true });
  return hash.digest("hex");
}

/** Plans, computes and finishes lists for all people. */
async function run(shards, kills = 0) {
  const name = `lists-${shards}`;
  const plan = ["population", "plan", "--events", "people/events.csv", "--model", model, "--shards", `${shards}`];
  // A kill of the process of a cell counts as a failed try.
  const planSeconds = existsSync(at(name, "plan.json")) ? 0 : await done(...plan, "--tries", "1000", "--out", name);
  const { seconds, ...figures } = await worked(name, shards, kills);
  const finishSeconds = await done("population", "finish", name);
  const { people: listed, rows } = JSON.parse(readFileSync(at(name, "_MANIFEST.json"), "utf8"));
  if (listed !== people) throw new Error(`lists of ${listed} people`);
  const all = planSeconds + seconds + finishSeconds;
  print({
    ...{ shards, people: listed, rows, planSeconds: Math.round(planSeconds), workSeconds: Math.round(seconds) },
    ...{ peoplePerSecond: Math.round(people / seconds), peoplePerSecondInAll: Math.round(people / all) },
    ...{ kills: figures.kills, megabytesByTenth: figures.memory, mostMegabytes: figures.most, load: loadavg()[0] },
  });
  const sha256 = await hashOfRows(name);
  print({ name, sha256 });
  rmSync(at(name), { recursive: true });
  return sha256;
}

let model = "";
try {
  if (!existsSync(at("people"))) await done("synth", "--users", `${people}`, "--out", "people");
  if (!existsSync(at("model"))) {
    await done("train", "--preset", "demo", "--algorithm", "meta-sgd", "--out", "model");
  }
  model = readdirSync(at("model"), { recursive: true, encoding: "utf8" }).find((file) =>
    /metasgd_gru_K\d+\.safetensors$/.test(file),
  );
  model = join("model", model);
  print({ people, workers: Number(values.workers), node: process.version, load: loadavg()[0] });
  const hashes = new Set();
  const shards = values.shards.split(",").map(Number);
  for (const [i, number] of shards.entries())
    hashes.add(await run(number, i < shards.length - 1 ? 0 : Number(values.kills)));
  console.log(hashes.size === 1 ? "the same rows in every run" : "DIFFERENT rows");
  if (hashes.size !== 1) process.exitCode = 1;
} finally {
  if (values.keep === undefined) rmSync(folder, { recursive: true });
}
