import { once } from "node:events";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, it } from "vitest";
import { keptFolder, kshot, kshotChild, writeEvents } from "./kshot.js";
import { hasRedis, postgresPrograms, type Server, skipped, startPostgres, startRedis } from "./servers.js";

// A suite on two or three workers, one of which is killed in mid-cell: every cell is done, with the output of an undisturbed run.
// Every cell starts from a process that loads the program, so there are six of them: two seeds of what starts from another cell's
// model and of what does not. KSHOT_STOPS=20 for twelve.

const folder = keptFolder();
const seeds = Number(process.env.KSHOT_STOPS ?? 0) > 6 ? [1, 2, 3, 4] : [1, 2];
const cells = 3 * seeds.length;
const suite = {
  format: "kshot.suite/1",
  seeds,
  settings: {
    gru_config: { embedding_dim: 4, hidden_dim: 6 },
    gru_training: { max_epochs: 2 },
    metasgd_config: { num_meta_iterations: 60, meta_batch_size: 4, eval_interval: 20, checkpoint_interval: 5 },
  },
  runs: [
    { name: "sources", algorithms: ["markov", "gru"] },
    { name: "learners", algorithms: ["maml"], settings: { metasgd_config: { warm_start: "gru" } } },
    { name: "rates", algorithms: ["meta-sgd"], settings: { metasgd_config: { alpha_sharing: "row" } } },
  ],
};

const servers: Server[] = [];
afterAll(async () => {
  for (const server of servers) await server.stop();
});

const planned = async (name: string) => {
  const done = await kshot(
    ["suite", "plan", "--suite", "suite.json", "--data", "data", "--out", name, "--lease", "2"],
    folder,
  );
  expect(done.status, done.stderr).toBe(0);
};
const outputs = (name: string) =>
  Array.from({ length: cells }, (_, cell) => {
    const file = join(folder, name, "cells", String(cell).padStart(4, "0"), "done.json");
    return existsSync(file) ? JSON.parse(readFileSync(file, "utf8")).output : "not done";
  });
const atWork = async (name: string) => {
  const { stdout } = await kshot(["suite", "status", name, "--json"], folder);
  return JSON.parse(stdout) as {
    done: number;
    working: number;
    failed: number;
    list: { state: string; host?: string }[];
  };
};

let undisturbed: string[] = [];
beforeAll(async () => {
  writeEvents(join(folder, "events.csv"));
  writeFileSync(join(folder, "suite.json"), JSON.stringify(suite));
  const done = await kshot(["prepare", "--input", "events.csv", "--split", ".5,.25,.25", "--out", "data"], folder);
  expect(done.status, done.stderr).toBe(0);
  await planned("undisturbed");
  const worked = await kshot(["suite", "work", "undisturbed", "--workers", "1"], folder);
  expect(worked.status, worked.stderr).toBe(0);
  undisturbed = outputs("undisturbed");
  expect(new Set(undisturbed).size).toBe(cells);
});

const queues: readonly [string, number, boolean, (() => Promise<Server>) | null][] = [
  ["folder", 3, true, null],
  ["redis", 2, hasRedis, () => startRedis(join(folder, "redis-server"))],
  ["postgres", 2, postgresPrograms !== undefined, () => startPostgres(postgresPrograms ?? "")],
];
for (const [name, , installed] of queues) {
  if (!installed) skipped(`${name} is not installed: no test of --queue ${name}://`);
}

it.each(queues)("a killed worker loses nothing: --queue %s, %i workers", async (name, count, installed, start) => {
  if (!installed) return;
  const server = await start?.();
  if (server) servers.push(server);
  const queue = server?.url ?? "folder";
  await planned(name);
  const workers = Array.from({ length: count }, () =>
    kshotChild(["suite", "work", name, "--workers", "1", "--queue", queue], folder),
  );
  const said = workers.map((worker) => {
    let text = "";
    worker.stderr!.on("data", (more) => {
      text += more;
    });
    return () => text;
  });
  const ends = workers.map((worker) => once(worker, "close"));
  // Killed once it is in the middle of a cell.
  const [victim] = workers;
  for (let waited = 0; waited < 60_000; waited += 100) {
    const { list } = await atWork(name);
    if (list.some(({ state, host }) => state === "working" && host?.endsWith(` ${victim?.pid}`))) break;
    await sleep(100);
  }
  await sleep(500);
  victim?.kill("SIGKILL");
  const codes = (await Promise.all(ends)).map(([code, signal]) => signal ?? code);
  expect(codes, said.map((text) => text()).join("\n")).toEqual(["SIGKILL", ...Array(count - 1).fill(0)]);
  expect(outputs(name)).toEqual(undisturbed);
  expect(await atWork(name)).toMatchObject({ done: cells, failed: 0, working: 0 });
});

it("finish compares and writes the page; a cell that is done is not done again", async () => {
  const done = await kshot(["suite", "finish", "folder"], folder);
  expect(done.status, done.stderr).toBe(0);
  expect(done.stdout).toMatch(/MAML/);
  expect(existsSync(join(folder, "folder", "report.html"))).toBe(true);
  const cell = await kshot(["suite", "cell", "folder", "--index", "2"], folder);
  expect(cell.status, cell.stderr).toBe(0);
  expect(cell.stderr).toMatch(new RegExp(`\\[3/${cells}\\] rates, seed 1 is finished already`));
});

it("a numbered cell computes the cell that it needs, if no worker does", async () => {
  await planned("numbered");
  const cell = await kshot(["suite", "cell", "numbered", "--index", "1", "--threads", "1"], folder);
  expect(cell.status, cell.stderr).toBe(0);
  expect(outputs("numbered")).toEqual(undisturbed.map((output, i) => (i < 2 ? output : "not done")));
});

it("a queue that cannot be reached is named, without its password", async () => {
  for (const url of ["redis://someone:secret@localhost:1", "postgres://someone:secret@localhost:1/x"]) {
    const done = await kshot(["suite", "work", "folder", "--queue", url], folder);
    expect(done.status).toBe(1);
    expect(done.stderr).toMatch(/someone:…@localhost:1.*: the server cannot be reached: .*ECONNREFUSED.*Check address/);
    expect(done.stderr).not.toContain("secret");
  }
});
