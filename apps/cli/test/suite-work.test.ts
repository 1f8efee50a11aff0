import { spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, readFileSync, rmSync, statfsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, expect, it } from "vitest";
import { keptFolder, kshot, kshotChild, writeEvents } from "./kshot.js";
import { hasRedis, postgresPrograms, type Server, skipped, startPostgres, startRedis } from "./servers.js";

// A suite of twelve cells on three workers, one of which is killed in mid-cell: every cell is done, with the output of an
// undisturbed run. Four seeds of what starts from another cell's model and of what does not.

const folder = keptFolder();
const seeds = [1, 2, 3, 4];
const count = 3;
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
    list: { state: string; host?: string; tries: number }[];
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

const queues: readonly [string, boolean, (() => Promise<Server>) | null][] = [
  ["folder", true, null],
  ["redis", hasRedis, () => startRedis(join(folder, "redis-server"))],
  ["postgres", postgresPrograms !== undefined, () => startPostgres(postgresPrograms ?? "")],
];
for (const [name, installed] of queues) {
  if (!installed) skipped(`${name} is not installed: no test of --queue ${name}://`);
}

it.each(queues)("a killed worker loses nothing: --queue %s", { timeout: 120_000 }, async (name, installed, start) => {
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

/** Starts a worker, and returns its end: exit code or signal, and what it printed. */
function worker(name: string, { queue = "folder", env = {} }: { queue?: string; env?: Record<string, string> } = {}) {
  const child = kshotChild(["suite", "work", name, "--workers", "1", "--queue", queue], folder, env);
  let text = "";
  child.stderr!.on("data", (more) => {
    text += more;
  });
  return once(child, "close").then(([code, signal]) => ({ end: signal ?? code, text }));
}

it("workers whose clocks are two hours apart do not take over each other's cells", { timeout: 120_000 }, async () => {
  writeFileSync(
    join(folder, "clock.mjs"),
    `const Real = Date;
    const off = 1000 * Number(process.env.CLOCK_SECONDS);
    globalThis.Date = class extends Real {
      constructor(...given) { if (given.length > 0) super(...given); else super(Real.now() + off); }
      static now() { return Real.now() + off; }
    };`,
  );
  const at = (seconds: number) => ({
    NODE_OPTIONS: `--import=${pathToFileURL(join(folder, "clock.mjs"))}`,
    CLOCK_SECONDS: `${seconds}`,
  });
  const redis = hasRedis ? await startRedis(join(folder, "redis-clocks")) : undefined;
  if (redis) servers.push(redis);
  await planned("clocks");
  const ends = await Promise.all([
    worker("clocks", { env: at(3600) }),
    worker("clocks", { env: at(-3600) }),
    worker("clocks", { queue: redis?.url ?? "folder", env: at(3600) }),
  ]);
  for (const { end, text } of ends) {
    expect(end, text).toBe(0);
    expect(text).not.toMatch(/taken over/);
  }
  expect(outputs("clocks")).toEqual(undisturbed);
  const started = Array.from({ length: cells }, (_, cell) => {
    const done = readFileSync(join(folder, "clocks", "cells", String(cell).padStart(4, "0"), "done.json"), "utf8");
    return Date.parse(JSON.parse(done).volatile.startedAt) - Date.now();
  });
  // The clocks of the workers were in fact apart.
  expect(Math.max(...started) - Math.min(...started)).toBeGreaterThan(7_000_000);
});

it("a full disk ends the worker and is not a failed try; with space again the cells continue", async () => {
  const disk = join(folder, "disk");
  mkdirSync(disk);
  const mounted = spawnSync("mount", ["-t", "tmpfs", "-o", "size=16m", "tmpfs", disk]);
  if (mounted.status !== 0) return skipped(`no file system can be mounted: ${mounted.stderr}`);
  try {
    const two = { ...suite, seeds: [1, 2], runs: [{ name: "one", algorithms: ["gru"] }] };
    writeFileSync(join(folder, "two.json"), JSON.stringify(two));
    const plan = ["suite", "plan", "--suite", "two.json", "--data", "data", "--out"];
    for (const out of ["two", "disk/plan"]) expect((await kshot([...plan, out], folder)).status).toBe(0);
    await worker("two");
    const free = statfsSync(disk);
    writeFileSync(join(disk, "filler"), Buffer.alloc(free.bavail * free.bsize - 20_000));
    const full = await worker("disk/plan");
    expect(full.text).toMatch(
      /This machine cannot continue, and the cell is returned to the queue\. .*no space is left on the disk/,
    );
    expect(full.end).toBe(1);
    expect(await atWork("disk/plan")).toMatchObject({ failed: 0, working: 0 });
    expect((await atWork("disk/plan")).list.filter(({ tries }) => tries > 0)).toEqual([]);
    rmSync(join(disk, "filler"));
    const { end, text } = await worker("disk/plan");
    expect(end, text).toBe(0);
    expect(outputs("disk/plan")).toEqual(outputs("two"));
  } finally {
    spawnSync("umount", [disk]);
  }
});

it("other data in the place of the planned ones are refused before a cell is tried", async () => {
  const prepare = async (events: string) => {
    const done = await kshot(["prepare", "--input", events, "--split", ".5,.25,.25", "--out", "other-data"], folder);
    expect(done.status, done.stderr).toBe(0);
  };
  await prepare("events.csv");
  const plan = ["suite", "plan", "--suite", "suite.json", "--data", "other-data", "--out", "other"];
  expect((await kshot(plan, folder)).status).toBe(0);
  writeEvents(join(folder, "more.csv"), { perUser: 26 });
  await prepare("more.csv");
  const done = await kshot(["suite", "work", "other", "--workers", "1"], folder);
  expect(done.stderr).toMatch(
    /other-data: the data .*… Expected .*…, the data that the suite was planned on\. Restore/,
  );
  expect(done.status).toBe(3);
  expect(existsSync(join(folder, "other", "cells"))).toBe(false);
});

it("a second plan in a folder is refused", async () => {
  writeFileSync(join(folder, "second.json"), JSON.stringify({ ...suite, seeds: [7] }));
  const done = await kshot(
    ["suite", "plan", "--suite", "second.json", "--data", "data", "--out", "undisturbed"],
    folder,
  );
  expect(done.stderr).toMatch(/another suite under this name: .*seeds.*another --out/);
  expect(done.status).toBe(2);
});

it("a cell that always fails is tried three times and named; the others are done", async () => {
  const runs = [
    { name: "broken", algorithms: ["maml"], settings: { metasgd_config: { outer_lr: 1e38, inner_lr_init: 1e30 } } },
    { name: "sources", algorithms: ["markov"] },
  ];
  writeFileSync(join(folder, "broken.json"), JSON.stringify({ ...suite, seeds: [1, 2], runs, reference: "markov" }));
  const plan = ["suite", "plan", "--suite", "broken.json", "--data", "data", "--out", "broken"];
  expect((await kshot(plan, folder)).status).toBe(0);
  const done = await kshot(["suite", "work", "broken", "--workers", "1"], folder);
  expect(done.stderr).toMatch(/broken: 2 of 4 cells failed\. broken, seed 1 \(3 tries\): .*All others are done/s);
  expect(done.status).toBe(1);
  expect(await atWork("broken")).toMatchObject({ done: 2, failed: 2 });
});

it("the sweep of docs/scale.md is planned", async () => {
  const page = readFileSync(new URL("../../../docs/scale.md", import.meta.url), "utf8");
  const [, sweep = ""] = /```json\n(.*?)```/s.exec(page) ?? [];
  // One of its three seeds.
  const short = sweep.replace("[1, 2, 3]", "[1]");
  expect(short).not.toBe(sweep);
  writeFileSync(join(folder, "sweep.json"), short);
  const done = await kshot(["suite", "plan", "--suite", "sweep.json", "--data", "data", "--out", "sweep"], folder);
  expect(done.stdout + done.stderr).toMatch(/42 cells in sweep/);
  const narrow = short.replace(', "alpha_range": [0.0001, 1]', "");
  expect(narrow).not.toBe(short);
  writeFileSync(join(folder, "narrow.json"), narrow);
  const refused = await kshot(["suite", "plan", "--suite", "narrow.json", "--data", "data", "--out", "narrow"], folder);
  expect(refused.stderr).toMatch(/is outside alpha_range .*Set alpha_range as well, to a range that has 0\./s);
  expect(refused.status).toBe(2);
});

it("a queue that cannot be reached is named, without its password", async () => {
  for (const url of ["redis://someone:secret@localhost:1", "postgres://someone:secret@localhost:1/x"]) {
    const done = await kshot(["suite", "work", "folder", "--queue", url], folder);
    expect(done.status).toBe(1);
    expect(done.stderr).toMatch(/someone:…@localhost:1.*: the server cannot be reached: .*ECONNREFUSED.*Check address/);
    expect(done.stderr).not.toContain("secret");
  }
});
