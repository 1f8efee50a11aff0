import { spawnSync } from "node:child_process";
import { once } from "node:events";
import {
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  statfsSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, expect, it, onTestFinished } from "vitest";
import { lockHolder, outputsOf, stoppedInMidCell } from "./cells.js";
import { keptFolder, kshot, kshotChild, writeEvents } from "./kshot.js";
import { hasRedis, postgresPrograms, type Server, skipped, startPostgres, startRedis } from "./servers.js";

// A suite of twelve cells on three workers, one of which is killed in mid-cell: every cell is done, with the output of an
// undisturbed run. Four seeds of what starts from another cell's model and of what does not. One plan is copied for all tests.

const folder = keptFolder();
const seeds = [1, 2, 3, 4];
const cells = 3 * seeds.length;
const suite = {
  format: "kshot.suite/1",
  seeds,
  settings: {
    gru_config: { embedding_dim: 4, hidden_dim: 6 },
    gru_training: { max_epochs: 2 },
    metasgd_config: { num_meta_iterations: 40, meta_batch_size: 4, eval_interval: 20, checkpoint_interval: 5 },
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

/** A copy of the plan, before any work. */
const planned = (name: string) => cpSync(join(folder, "planned"), join(folder, name), { recursive: true });
const outputs = (name: string) => outputsOf(join(folder, name), cells);
const atWork = async (name: string) => {
  const { stdout } = await kshot(["suite", "status", name, "--json"], folder);
  return JSON.parse(stdout) as { done: number; working: number; failed: number; list: { tries: number }[] };
};

let undisturbed: string[] = [];
beforeAll(async () => {
  writeEvents(join(folder, "events.csv"));
  writeFileSync(join(folder, "suite.json"), JSON.stringify(suite));
  const done = await kshot(["prepare", "--input", "events.csv", "--split", ".5,.25,.25", "--out", "data"], folder);
  expect(done.status, done.stderr).toBe(0);
  const plan = ["suite", "plan", "--suite", "suite.json", "--data", "data", "--out", "planned", "--lease", "3"];
  const made = await kshot(plan, folder);
  expect(made.status, made.stderr).toBe(0);
  planned("undisturbed");
  const worked = await kshot(["suite", "work", "undisturbed", "--workers", "1"], folder);
  expect(worked.status, worked.stderr).toBe(0);
  undisturbed = outputs("undisturbed");
  expect(new Set(undisturbed).size).toBe(cells);
  writeFileSync(
    join(folder, "clock.mjs"),
    `const Real = Date;
    const off = 1000 * Number(process.env.CLOCK_SECONDS);
    globalThis.Date = class extends Real {
      constructor(...given) { if (given.length > 0) super(...given); else super(Real.now() + off); }
      static now() { return Real.now() + off; }
    };`,
  );
});

/** Starts a worker whose clock is some seconds off. Its end: exit code or signal, and what it printed. */
function worker(name: string, { queue = "folder", clock = 0 } = {}) {
  const env = { NODE_OPTIONS: `--import=${pathToFileURL(join(folder, "clock.mjs"))}`, CLOCK_SECONDS: `${clock}` };
  const child = kshotChild(["suite", "work", name, "--workers", "1", "--queue", queue], folder, clock === 0 ? {} : env);
  onTestFinished(() => void child.kill("SIGKILL"));
  let text = "";
  child.stderr!.on("data", (more) => {
    text += more;
  });
  const said = async (line: RegExp) => {
    for (let waited = 0; !line.test(text); waited += 50) {
      if (waited > 100_000 || child.exitCode !== null) throw new Error(`${line} was not said:\n${text}`);
      await sleep(50);
    }
  };
  return { child, said, ended: once(child, "close").then(([code, signal]) => ({ end: signal ?? code, text })) };
}

const queues: readonly [string, boolean, (() => Promise<Server>) | null][] = [
  ["folder", true, null],
  ["redis", hasRedis, () => startRedis(join(folder, "redis-server"))],
  ["postgres", postgresPrograms !== undefined, () => startPostgres(postgresPrograms ?? "")],
];
for (const [name, installed] of queues) {
  if (!installed) skipped(`${name} is not installed: no test of --queue ${name}://`);
}

it.each(queues)(
  "a killed worker loses nothing, and clocks that are two hours apart change nothing: --queue %s",
  { timeout: 120_000 },
  async (name, installed, start) => {
    if (!installed) return;
    const server = await start?.();
    if (server) servers.push(server);
    const queue = server?.url ?? "folder";
    planned(name);
    // The third one has the queue of the folder: workers with different queues share a plan.
    const workers = [{ queue }, { queue, clock: 3600 }, { clock: -3600 }].map((settings) => worker(name, settings));
    const [victim, ...others] = workers;
    const { cell } = await stoppedInMidCell(join(folder, name), ({ pid }) => pid === victim!.child.pid);
    victim!.child.kill("SIGKILL");
    expect((await victim!.ended).end).toBe("SIGKILL");
    expect(outputs(name)[cell]).toBe("not done");
    const ends = await Promise.all(others.map(({ ended }) => ended));
    for (const { end, text } of ends) {
      expect(end, text).toBe(0);
      expect(text).not.toMatch(/taken over/);
    }
    // Its successor continues from its checkpoint.
    const continued = new RegExp(`\\[${cell + 1}/${cells}\\].* continues from iteration [1-9]`);
    expect(ends.map(({ text }) => text).join("\n")).toMatch(continued);
    expect(outputs(name)).toEqual(undisturbed);
    expect(await atWork(name)).toMatchObject({ done: cells, failed: 0, working: 0 });
    // The clocks of the workers were in fact apart.
    const started = Array.from({ length: cells }, (_, one) => {
      const done = readFileSync(join(folder, name, "cells", String(one).padStart(4, "0"), "done.json"), "utf8");
      return Date.parse(JSON.parse(done).volatile.startedAt);
    });
    expect(Math.max(...started) - Math.min(...started)).toBeGreaterThan(7_000_000);
  },
);

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
  planned("numbered");
  const cell = await kshot(["suite", "cell", "numbered", "--index", "1", "--threads", "1"], folder);
  expect(cell.status, cell.stderr).toBe(0);
  expect(outputs("numbered")).toEqual(undisturbed.map((output, i) => (i < 2 ? output : "not done")));
});

/** A plan of the first three cells, whose outputs are those of the first three of the whole plan. */
async function short(name: string) {
  writeFileSync(join(folder, "short.json"), JSON.stringify({ ...suite, seeds: [1] }));
  const plan = ["suite", "plan", "--suite", "short.json", "--data", "data", "--out", name, "--lease", "3"];
  const done = await kshot(plan, folder);
  expect(done.status, done.stderr).toBe(0);
}

it("a worker whose server is away for longer than a lease finishes its cell and ends; without the server the rest is done", async () => {
  if (!hasRedis) return;
  await short("away");
  const server = await startRedis(join(folder, "redis-away"));
  const { child, ended } = worker("away", { queue: server.url });
  // The second job; the third cell needs the first one and is offered later.
  const cell = 2;
  try {
    await stoppedInMidCell(join(folder, "away"), (computed) => computed.pid === child.pid && computed.cell === cell);
  } finally {
    await server.stop();
  }
  child.kill("SIGCONT");
  const { end, text } = await ended;
  expect(text).toMatch(
    /--queue redis:.*: the server cannot be reached: no answer in 3 seconds\..*or use --queue folder/,
  );
  expect(end).toBe(1);
  expect(outputsOf(join(folder, "away"), 3)).toEqual([undisturbed[0], "not done", undisturbed[cell]]);
  expect(await atWork("away")).toMatchObject({ done: 2, failed: 0, working: 0 });
  const rest = await kshot(["suite", "work", "away", "--workers", "1"], folder);
  expect(rest.status, rest.stderr).toBe(0);
  expect(outputsOf(join(folder, "away"), 3)).toEqual(undisturbed.slice(0, 3));
});

it("the cell of a worker that is stopped for longer than its lease is waited for while its process computes it", async () => {
  await short("stopped");
  const plan = join(folder, "stopped");
  const stopped = worker("stopped");
  const { cell } = await stoppedInMidCell(plan, ({ pid }) => pid === stopped.child.pid);
  // The process of the cell stops too, until the other worker has waited for it longer than for one that ends.
  const { runs } = JSON.parse(readFileSync(join(plan, "suite.json"), "utf8"));
  const computing = lockHolder(join(plan, runs[cell].run_tag));
  process.kill(computing, "SIGSTOP");
  const other = worker("stopped");
  try {
    await other.said(/Waiting\. .*another process works in it/);
    await sleep(1000);
    expect(outputsOf(plan, 3)[cell]).toBe("not done");
  } finally {
    process.kill(computing, "SIGCONT");
  }
  const { end, text } = await other.ended;
  expect(end, text).toBe(0);
  expect(text).not.toMatch(/failed/);
  stopped.child.kill("SIGCONT");
  const late = await stopped.ended;
  expect(late.end, late.text).toBe(0);
  expect(outputsOf(plan, 3)).toEqual(undisturbed.slice(0, 3));
  expect(await atWork("stopped")).toMatchObject({ done: 3, failed: 0, working: 0 });
});

it("a full disk ends the worker and is not a failed try; with space again the cell continues", async () => {
  const disk = join(folder, "disk");
  mkdirSync(disk);
  const mounted = spawnSync("mount", ["-t", "tmpfs", "-o", "size=16m", "tmpfs", disk]);
  if (mounted.status !== 0) return skipped(`no file system can be mounted: ${mounted.stderr}`);
  try {
    cpSync(join(folder, "planned"), join(disk, "plan"), { recursive: true });
    // The plan names its data by the path from its folder.
    symlinkSync(join(folder, "data"), join(disk, "data"));
    const free = statfsSync(disk);
    writeFileSync(join(disk, "filler"), Buffer.alloc(free.bavail * free.bsize - 20_000));
    // Not enough for the run before it begins; then the disk is full in its middle.
    for (const [more, says] of [
      [0, /about 21 kB are needed, .*what is free on the disk/],
      [16_000, /no space is left on the disk/],
    ] as const) {
      truncateSync(join(disk, "filler"), statSync(join(disk, "filler")).size - more);
      const full = await worker("disk/plan").ended;
      expect(full.text).toMatch(/This machine cannot continue, and the cell is returned to the queue\. /);
      expect(full.text).toMatch(says);
      expect(full.end).toBe(1);
      expect(await atWork("disk/plan")).toMatchObject({ failed: 0, working: 0 });
      expect((await atWork("disk/plan")).list.filter(({ tries }) => tries > 0)).toEqual([]);
    }
    rmSync(join(disk, "filler"));
    const again = await kshot(["suite", "cell", "disk/plan", "--index", "0"], folder);
    expect(again.status, again.stderr).toBe(0);
    expect(outputs("disk/plan")[0]).toBe(undisturbed[0]);
  } finally {
    spawnSync("umount", [disk]);
  }
});

it("other data in the place of the planned ones are refused before a cell is tried", async () => {
  writeEvents(join(folder, "more.csv"), { perUser: 26 });
  const data = ["--input", "more.csv", "--split", ".5,.25,.25", "--out", "elsewhere/data"];
  expect((await kshot(["prepare", ...data], folder)).status).toBe(0);
  planned("elsewhere/plan");
  const done = await kshot(["suite", "work", "elsewhere/plan", "--workers", "1"], folder);
  expect(done.stderr).toMatch(
    /elsewhere.data: the data .*… Expected .*…, the data that the suite was planned on\. Restore/,
  );
  expect(done.status).toBe(3);
  expect(existsSync(join(folder, "elsewhere", "plan", "cells"))).toBe(false);
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
  writeFileSync(join(folder, "broken.json"), JSON.stringify({ ...suite, seeds: [1], runs, reference: "markov" }));
  const plan = ["suite", "plan", "--suite", "broken.json", "--data", "data", "--out", "broken"];
  expect((await kshot(plan, folder)).status).toBe(0);
  const done = await kshot(["suite", "work", "broken", "--workers", "1"], folder);
  expect(done.stderr).toMatch(/broken: 1 of 2 cells failed\. broken, seed 1 \(3 tries\): .*All others are done/s);
  expect(done.status).toBe(1);
  expect(await atWork("broken")).toMatchObject({ done: 1, failed: 1 });
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
