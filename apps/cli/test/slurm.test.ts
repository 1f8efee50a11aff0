import { cpSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, it } from "vitest";
import { outputsOf, stoppedInMidCell } from "./cells.js";
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
    metasgd_config: { num_meta_iterations: 40, meta_batch_size: 4, eval_interval: 20, checkpoint_interval: 5 },
  },
  runs: [
    { name: "sources", algorithms: ["gru"] },
    { name: "learners", algorithms: ["maml"], settings: { metasgd_config: { warm_start: "gru" } } },
  ],
};

if (noSlurm !== undefined) skipped(`${noSlurm}: no test with Slurm`);
let slurm: SlurmCluster | undefined;
afterAll(() => slurm?.stop());

const outputs = (name: string) => outputsOf(join(folder, name), cells);

beforeAll(async () => {
  if (noSlurm !== undefined) return;
  writeEvents(join(folder, "events.csv"));
  writeFileSync(join(folder, "suite.json"), JSON.stringify(suite));
  for (const args of [
    ["prepare", "--input", "events.csv", "--split", ".5,.25,.25", "--out", "data"],
    ["suite", "plan", "--suite", "suite.json", "--data", "data", "--out", "array"],
  ]) {
    const done = await kshot(args, folder);
    expect(done.status, done.stderr).toBe(0);
  }
  cpSync(join(folder, "array"), join(folder, "undisturbed"), { recursive: true });
  const worked = await kshot(["suite", "work", "undisturbed", "--workers", "1"], folder);
  expect(worked.status, worked.stderr).toBe(0);
  slurm = await startSlurm();
}, 120_000);

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
    const { pid } = await stoppedInMidCell(join(folder, "array"), ({ cell }) => cell === victim);
    process.kill(pid, "SIGKILL");

    // A finished job stays in the queue's list for some minutes.
    const states = () =>
      cluster.run("squeue", "--noheader", "--states=all", "--array", `--job=${job}`, "--format=%K %T");
    const allCompleted = () => states().match(/COMPLETED/g)?.length === cells;
    for (let waited = 0; waited < 180_000 && !allCompleted(); waited += 500) await sleep(500);
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
