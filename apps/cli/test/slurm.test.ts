import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, it } from "vitest";
import { keptFolder, kshot, writeEvents } from "./kshot.js";
import { skipped } from "./servers.js";
import { noSlurm, type SlurmCluster, startSlurm } from "./slurm-cluster.js";

// A suite as an array of a real Slurm with two nodes and three cores: deploy/slurm-array.sh as a person submits it.

const main = fileURLToPath(new URL("../dist/main.js", import.meta.url));
const script = fileURLToPath(new URL("../../../deploy/slurm-array.sh", import.meta.url));
const folder = keptFolder();
const cells = 12;
const suite = {
  format: "kshot.suite/1",
  seeds: [1, 2, 3, 4, 5, 6],
  settings: {
    gru_config: { embedding_dim: 4, hidden_dim: 6 },
    gru_training: { max_epochs: 2 },
    metasgd_config: { num_meta_iterations: 80, meta_batch_size: 4, eval_interval: 40, checkpoint_interval: 5 },
  },
  runs: [
    { name: "sources", algorithms: ["gru"] },
    { name: "learners", algorithms: ["maml"], settings: { metasgd_config: { warm_start: "gru" } } },
  ],
};

if (noSlurm !== undefined) skipped(`${noSlurm}: no test with Slurm`);
let slurm: SlurmCluster | undefined;
afterAll(() => slurm?.stop());

const outputs = (name: string) =>
  Array.from({ length: cells }, (_, cell) => {
    const file = join(folder, name, "cells", String(cell).padStart(4, "0"), "done.json");
    return existsSync(file) ? JSON.parse(readFileSync(file, "utf8")).output : "not done";
  });

beforeAll(async () => {
  if (noSlurm !== undefined) return;
  writeEvents(join(folder, "events.csv"));
  writeFileSync(join(folder, "suite.json"), JSON.stringify(suite));
  for (const args of [
    ["prepare", "--input", "events.csv", "--split", ".5,.25,.25", "--out", "data"],
    ...["undisturbed", "array"].map((name) => [
      "suite",
      "plan",
      "--suite",
      "suite.json",
      "--data",
      "data",
      "--out",
      name,
    ]),
    ["suite", "work", "undisturbed", "--workers", "1"],
  ]) {
    const done = await kshot(args, folder);
    expect(done.status, done.stderr).toBe(0);
  }
  slurm = await startSlurm();
}, 60_000);

/** The process that computes a cell now; undefined if none does. */
async function processOf(cell: number): Promise<number | undefined> {
  const { stdout } = await kshot(["suite", "status", "array", "--json"], folder);
  const { state, host } = JSON.parse(stdout).list[cell];
  return state === "working" ? Number(host.split(" ").at(-1)) : undefined;
}

const hasCheckpoint = (run: string) =>
  readdirSync(join(folder, "array", run), { recursive: true, encoding: "utf8" }).some((file) =>
    /checkpoints.*\.safetensors$/.test(file),
  );

it.skipIf(noSlurm !== undefined)(
  "an array of cells on two nodes, one of which is killed in mid-cell, has the outputs of an undisturbed run",
  { timeout: 240_000 },
  async () => {
    const cluster = slurm!;
    const array = [
      `--array=0-${cells - 1}`,
      `--output=${join(folder, "task-%a.log")}`,
      `--export=ALL,KSHOT=${process.execPath} ${main}`,
    ];
    const submitted = [...array, script, "suite", join(folder, "array")];
    expect(cluster.tried("sbatch", "--test-only", ...submitted)).toMatchObject({
      status: 0,
      text: expect.stringMatching(/Job \d+ to start at .* on nodes n[12]/),
    });
    const job = cluster.run("sbatch", "--parsable", ...submitted).trim();

    const victim = 1;
    const { runs } = JSON.parse(readFileSync(join(folder, "array", "suite.json"), "utf8"));
    let killed: number | undefined;
    for (let waited = 0; waited < 60_000 && killed === undefined; waited += 20) {
      const working = await processOf(victim);
      if (working !== undefined && hasCheckpoint(runs[victim].run_tag)) {
        process.kill(working, "SIGKILL");
        killed = working;
      } else await sleep(20);
    }
    expect(killed, cluster.run("squeue")).toBeDefined();

    // A finished job stays in the queue's list for some minutes.
    const states = () =>
      cluster.run("squeue", "--noheader", "--states=all", "--array", `--job=${job}`, "--format=%K %T");
    const allCompleted = () => states().match(/COMPLETED/g)?.length === cells;
    for (let waited = 0; waited < 180_000 && !allCompleted(); waited += 200) await sleep(200);
    const logs = Array.from({ length: cells }, (_, cell) => readFileSync(join(folder, `task-${cell}.log`), "utf8"));
    expect(allCompleted(), `${states()}\n${logs.join("\n")}`).toBe(true);
    expect(logs.map((log) => /Exit code 137\. Requeued: restart 1\./.test(log))).toEqual(
      logs.map((_, cell) => cell === victim),
    );
    expect(logs[victim]).toMatch(/continues from iteration [1-9]/);
    const arrayed = outputs("array");
    expect(arrayed).toEqual(outputs("undisturbed"));
    expect(new Set(arrayed).size).toBe(cells);
  },
);
