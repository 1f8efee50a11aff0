/**
 * Measures the server on this machine: `pnpm --filter @kshot/serve bench [--seconds 10] [--minutes 0] [--workers N]`.
 *
 * A model of 343 items, embedding 64, hidden 128, 5 inner steps. autocannon with 2 and 50 connections; then arrivals at half and at twice the
 * capacity; with --minutes, that many minutes at half the capacity with the server's memory; at the end SIGTERM under load, with every
 * request counted on both sides. All processes share the machine's cores.
 */
import { fork, spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import autocannon from "autocannon";
import { histories } from "./histories.js";
import { randomModel } from "./model.js";

const { values } = parseArgs({
  options: {
    seconds: { type: "string", default: "10" },
    minutes: { type: "string", default: "0" },
    workers: { type: "string" },
  },
});
const seconds = Number(values.seconds);
const here = (name) => fileURLToPath(new URL(name, import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "kshot-bench-"));
const file = join(folder, "bench.safetensors");
writeFileSync(file, randomModel(343, 64, 128));
const server = fork(here("server.js"), [file, ...(values.workers === undefined ? [] : [values.workers])]);
const said = () => new Promise((resolve) => server.once("message", resolve));
const { url } = await said();
const megabytes = async () => {
  server.send("memory");
  return Math.round((await said()).rss / 2 ** 20);
};

async function cannon(connections) {
  const requests = histories.map((body) => ({
    ...{ method: "POST", path: "/v1/recommend", headers: { "content-type": "application/json" }, body },
  }));
  const result = await autocannon({ url, connections, duration: seconds, requests });
  const { requests: done, latency, non2xx } = result;
  return {
    requestsPerSecond: Math.round(done.average),
    p50: latency.p50,
    p99: latency.p99,
    max: latency.max,
    not200: non2xx,
  };
}

function arrivals(rate, duration) {
  const child = spawn(process.execPath, [here("arrivals.js"), url, `${rate}`, `${duration}`], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  let text = "";
  child.stdout.on("data", (piece) => (text += piece));
  return new Promise((resolve) => child.on("close", () => resolve(JSON.parse(text))));
}

/** Fifty clients that ask without a pause, until the server has stopped: answers by status, and requests without an answer. */
async function stopUnderLoad() {
  const answered = {};
  let refused = 0;
  const client = async (i) => {
    for (let n = i; ; n++) {
      const body = histories[n % histories.length];
      const headers = { "content-type": "application/json" };
      const response = await fetch(`${url}/v1/recommend`, { method: "POST", headers, body }).catch(() => undefined);
      if (response === undefined) {
        refused += 1;
        return;
      }
      await response.text();
      answered[response.status] = (answered[response.status] ?? 0) + 1;
    }
  };
  const clients = Array.from({ length: 50 }, (_, i) => client(i));
  await new Promise((resolve) => setTimeout(resolve, 3000));
  const stopped = said();
  server.kill("SIGTERM");
  const { read } = await stopped;
  await Promise.all(clients);
  return { answered, withoutConnection: refused, read };
}

const print = (what, figures) => console.log(JSON.stringify({ what, ...figures }));
try {
  print("machine", { cores: availableParallelism(), node: process.version, threads: values.workers ?? "default" });
  print("autocannon, 2 connections", await cannon(2));
  const full = await cannon(50);
  print("autocannon, 50 connections", full);
  const half = Math.round(full.requestsPerSecond / 2);
  print(`arrivals at half the capacity, ${half} a second`, await arrivals(half, seconds));
  print(`arrivals at twice the capacity, ${4 * half} a second`, await arrivals(4 * half, seconds));
  for (let minute = 0; minute < Number(values.minutes); minute++) {
    const { p50, p99, statuses } = await arrivals(half, 60);
    print(`minute ${minute + 1} at ${half} a second`, { megabytes: await megabytes(), p50, p99, statuses });
  }
  // The same process counts all requests before; only those of the clients below are compared.
  server.send("count again");
  print("SIGTERM under load", await stopUnderLoad());
} finally {
  server.kill("SIGTERM");
  rmSync(folder, { recursive: true, force: true });
}
