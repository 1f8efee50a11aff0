/**
 * Lists for many people of a Parquet file: `node tooling/bench/recommend-events.js [--people 100000] [--workers 2,1] [--out parquet]`.
 *
 * A random network of 343 items, embedding 64, hidden 128, 5 inner steps on 5 pairs; 6 to 20 events a person in sessions. For each number of workers:
 * people a second of clock time and of processor time (user + system of all threads), resident memory at each tenth of the people, and
 * the SHA-256 of the lists, which has to be the same.
 */
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { createWriteStream, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { availableParallelism, loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { tablePieces } from "@kshot/episodes";

const { randomModel } = await import(new URL("../../packages/serve/bench/model.js", import.meta.url).href);
const { values } = parseArgs({
  options: {
    people: { type: "string", default: "100000" },
    workers: { type: "string", default: "2,1" },
    out: { type: "string", default: "parquet" },
  },
});
const people = Number(values.people);
const kshot = fileURLToPath(new URL("../../apps/cli/dist/main.js", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "kshot-events-"));
const at = (name) => join(folder, name);
writeFileSync(at("model.safetensors"), randomModel(343, 64, 128));

async function* batches() {
  for (let begin = 0; begin < people; begin += 5000) {
    const columns = [[], [], []];
    for (let u = begin; u < Math.min(people, begin + 5000); u++) {
      const events = 6 + ((u * 7) % 15);
      for (let e = 0; e < events; e++) {
        columns[0].push(`person-${u}`);
        columns[1].push(`item-${(u * 31 + e * 17 + e * e) % 343}`);
        columns[2].push(1_600_000_000 + u * 50 + e * 300 + (e > 8 ? 90_000 : 0));
      }
    }
    yield columns;
  }
}
const columns = [
  ["user", "string"],
  ["item", "string"],
  ["time", "int64"],
];
await pipeline(Readable.from(tablePieces(columns, batches())), createWriteStream(at("events.parquet")));

/** Resident MB, and processor seconds, of a process (Linux). */
function resources(pid) {
  const status = readFileSync(`/proc/${pid}/status`, "utf8");
  const stat = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1].split(" ");
  return {
    megabytes: Math.round(Number(/VmRSS:\s+(\d+)/.exec(status)[1]) / 1024),
    most: Math.round(Number(/VmHWM:\s+(\d+)/.exec(status)[1]) / 1024),
    seconds: (Number(stat[11]) + Number(stat[12])) / 100,
  };
}

async function run(workers) {
  const out = at(`lists-${workers}.${values.out}`);
  const args = ["recommend", "--model", at("model.safetensors"), "--events", at("events.parquet"), "--out", out];
  const began = performance.now();
  const child = spawn(process.execPath, [kshot, ...args, "--workers", workers], {
    stdio: ["ignore", "ignore", "pipe"],
  });
  let text = "";
  let last;
  const memory = [];
  child.stderr.on("data", (piece) => {
    text += piece;
  });
  const timer = setInterval(() => {
    try {
      last = resources(child.pid);
    } catch {
      return;
    }
    const done = Number([...text.matchAll(/Recommending (\d+)\//g)].at(-1)?.[1] ?? 0);
    const tenth = Math.floor((10 * done) / people);
    if (done > 0) memory[tenth] ??= last.megabytes;
  }, 200);
  const code = await new Promise((resolve) => child.on("close", resolve));
  clearInterval(timer);
  if (code !== 0) throw new Error(text);
  const seconds = (performance.now() - began) / 1000;
  const hash = createHash("sha256").update(readFileSync(out)).digest("hex").slice(0, 16);
  return {
    workers: Number(workers),
    seconds: Math.round(seconds * 10) / 10,
    peoplePerSecond: Math.round(people / seconds),
    peoplePerProcessorSecond: Math.round(people / last.seconds),
    megabytesByTenth: memory.filter((value) => value !== undefined),
    mostMegabytes: last.most,
    sha256: hash,
  };
}

console.log(JSON.stringify({ people, cores: availableParallelism(), node: process.version, load: loadavg()[0] }));
try {
  const hashes = new Set();
  for (const workers of values.workers.split(",")) {
    const figures = await run(workers);
    hashes.add(figures.sha256);
    console.log(JSON.stringify(figures));
  }
  console.log(hashes.size === 1 ? "the same bytes for each number of workers" : "DIFFERENT bytes");
  if (hashes.size !== 1) process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true });
}
