import { spawnSync } from "node:child_process";
import { once } from "node:events";
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { beforeAll, expect, it } from "vitest";
import { keptFolder, kshot, kshotChild, writeEvents } from "./kshot.js";

const folder = keptFolder();
const settings = {
  algorithms: ["popularity", "meta-sgd"],
  gru_config: { embedding_dim: 4, hidden_dim: 6 },
  metasgd_config: { num_meta_iterations: 6, meta_batch_size: 2, eval_interval: 3, checkpoint_interval: 2 },
};
const train = (project: string, ...flags: string[]) =>
  kshot(["train", "--data", "data", "--config", "settings.json", "--out", project, ...flags], folder);
const resume = (project: string, ...flags: string[]) =>
  kshot(["train", "--resume", ...flags, "--out", project], folder);
const runs = (project: string) => {
  const home = join(folder, project, "reports", "kshot");
  return readdirSync(home)
    .sort()
    .map((tag) => join(home, tag));
};

/** A separate project with the run that was trained once for all tests; the run's folder. */
function trained(project: string): string {
  cpSync(join(folder, "once"), join(folder, project), { recursive: true });
  const [run] = runs(project);
  return run!;
}

/** Takes from a finished run what comes after its training, as if it had been stopped before. */
function unfinish(run: string): void {
  for (const name of ["manifest.json", "report.json", "results/metasgd_K5_Q10.json"]) {
    renameSync(join(run, name), join(folder, `taken-${name.split("/").at(-1)}`));
  }
}

beforeAll(async () => {
  writeEvents(join(folder, "events.csv"));
  writeFileSync(join(folder, "settings.json"), JSON.stringify(settings));
  const done = await kshot(["prepare", "--input", "events.csv", "--split", ".6,.2,.2", "--out", "data"], folder);
  expect(done.status, done.stderr).toBe(0);
  const once = await train("once", "--build", "relaxed-simd", "--engine", "simd");
  expect(once.status, once.stderr).toBe(0);
});

it("continues the newest run that is not finished, also if others were finished since", async () => {
  const a = trained("newest");
  expect((await train("newest")).status).toBe(0);
  const [first, b] = runs("newest") as [string, string];
  expect(first).toBe(a);
  unfinish(a);
  const before = readFileSync(join(b, "manifest.json"), "utf8");
  const done = await resume("newest");
  expect(done.stderr).toMatch(/Continuing kshot\/\S+, the newest run that is not finished/);
  expect(done.status, done.stderr).toBe(0);
  expect(existsSync(join(a, "manifest.json"))).toBe(true);
  expect(readFileSync(join(b, "manifest.json"), "utf8")).toBe(before);
});

it.each([
  ["an empty lock, as a full disk leaves it", "", 10],
  [
    "the lock of process 1 of a container that has ended",
    `1 ${hostname()}\n{"machine":"00000000","started":"5","id":"0"}\n`,
    600,
  ],
  ["the lock of another machine that has ended", `${process.pid} elsewhere\n`, 600],
])("resumes over %s", async (_, text, secondsAgo) => {
  const project = `lock-${text.length}`;
  const run = trained(project);
  unfinish(run);
  const then = Date.now() / 1000 - secondsAgo;
  for (const lock of [join(run, "run.lock"), join(folder, project, "meta.json.lock")]) {
    writeFileSync(lock, text);
    utimesSync(lock, then, then);
  }
  const done = await resume(project);
  expect(done.status, done.stderr).toBe(0);
  expect(existsSync(join(run, "run.lock"))).toBe(false);
});

/** The files that a process left in a project that was killed at an operation on files with a name. */
async function killedTrain(project: string, at: string): Promise<readonly string[]> {
  const child = kshotChild(["train", "--data", "data", "--algorithm", "markov", "--out", project], folder, {
    NODE_OPTIONS: `--import=${new URL("../../../tooling/soak/fault-layer.js", import.meta.url)}`,
    KSHOT_FAULT: `kill:${at}`,
  });
  expect(await once(child, "close")).toEqual([null, "SIGKILL"]);
  return leftIn(project);
}

const leftIn = (project: string) =>
  readdirSync(join(folder, project), { recursive: true })
    .map(String)
    .filter((name) => /\.(tmp|old)-|\.lock/.test(name));

it("removes what killed processes left and no write would remove, also if nothing is left to do", async () => {
  const left = await killedTrain("killed", "2:config.json");
  expect(left).toEqual([expect.stringMatching(/^reports\/kshot\/\d+_\d+\/\.config\.json\.tmp-/)]);
  const nothing = await resume("killed");
  expect([nothing.status, nothing.stderr]).toEqual([2, expect.stringMatching(/no run in/)]);
  expect(readdirSync(join(folder, "killed"), { recursive: true }).sort()).toEqual([
    "meta.json",
    "reports",
    "reports/kshot",
  ]);
  // The registry is locked three times: to create it, to list the run, to count its evaluation of the test people.
  expect(await killedTrain("killed", "8:meta.json.lock")).toEqual(["meta.json.lock"]);
  // The latest checkpoint is removed at the end of a training, and one of less than 20 seconds writes none.
  const [, maker] = left[0]!.split("config.json");
  const checkpoints = join(runs("killed")[0]!, "models", "markov", "checkpoints");
  mkdirSync(checkpoints, { recursive: true });
  writeFileSync(join(checkpoints, `.markov_latest.safetensors${maker}`), "half");
  const done = await resume("killed");
  expect(done.status, done.stderr).toBe(0);
  expect(leftIn("killed")).toEqual([]);
});

it("skips an empty checkpoint, uses the previous one, and reports it", async () => {
  const run = trained("damaged");
  const model = join(run, "models", "metasgd", "metasgd_gru_K5.safetensors");
  const expected = readFileSync(model);
  unfinish(run);
  const checkpoints = join(run, "models", "metasgd", "checkpoints");
  expect(readdirSync(checkpoints).sort().at(-1)).toBe("metasgd_checkpoint_6.safetensors");
  truncateSync(join(checkpoints, "metasgd_checkpoint_6.safetensors"));
  const done = await resume("damaged");
  expect(done.status, done.stderr).toBe(0);
  expect(done.stderr).toMatch(/A damaged checkpoint is skipped\. .*checkpoint_6\.safetensors: 0 bytes/);
  expect(done.stderr).toMatch(/continues from iteration 4/);
  expect(readFileSync(model).equals(expected)).toBe(true);
});

it("refuses to write outside the project: out_dir that leads out, a linked folder of results", async () => {
  const run = trained("links");
  unfinish(run);
  mkdirSync(join(folder, "victim"));
  renameSync(join(run, "results"), join(folder, "victim", "results"));
  symlinkSync(join(folder, "victim", "results"), join(run, "results"));
  expect(await resume("links")).toMatchObject({ status: 3, stderr: expect.stringMatching(/results: a symbolic link/) });
  const registry = join(folder, "links", "meta.json");
  const text = readFileSync(registry, "utf8");
  writeFileSync(registry, text.replace(/"out_dir": "[^"]*"/, '"out_dir": "../victim"'));
  expect(await resume("links")).toMatchObject({ status: 3, stderr: expect.stringMatching(/out_dir: "\.\.\/victim"/) });
  expect(readdirSync(join(folder, "victim"))).toEqual(["results"]);
});

it.each([
  ["build", /"build": "[^"]*"/, '"build": "simd"'],
  ["engine", /"engine": "[^"]*"/, '"engine": "tensor"'],
  ["seed", /"seed": \d+/, '"seed": 777'],
])("refuses a run whose %s was changed in its config.json", async (name, pattern, changed) => {
  const run = trained(`changed-${name}`);
  unfinish(run);
  const config = join(run, "config.json");
  const text = readFileSync(config, "utf8");
  expect(text).toMatch(pattern);
  writeFileSync(config, text.replace(pattern, changed));
  const done = await resume(`changed-${name}`);
  expect(done.status).toBe(3);
  expect(done.stderr).toMatch(new RegExp(`setting ${name}: `));
});

it.each([
  ["a checkpoint", "models/metasgd/checkpoints/metasgd_checkpoint_6.safetensors", 0.9],
  ["learned rates", "models/metasgd/metasgd_gru_K5.alpha.safetensors", 0.95],
  ["results", "results/popularity_K5_Q10.json", 0.5],
  ["validation pairs", "../../../../data/pairs/pairs_val.parquet", 0.5],
])("one bit changed in %s is noticed", async (name, file, place) => {
  const project = `bit-${name.replaceAll(" ", "-")}`;
  const run = trained(project);
  const path = join(run, file);
  const whole = readFileSync(path);
  const changed = Buffer.from(whole);
  changed[Math.floor(whole.length * place)]! ^= 1;
  writeFileSync(path, changed);
  try {
    const inspected = await kshot(["inspect", name === "validation pairs" ? "data" : path], folder);
    expect(inspected.status, inspected.stdout).toBe(3);
    expect((await kshot(["inspect", run], folder)).status).toBe(name === "results" || name === "learned rates" ? 3 : 0);
    if (name === "validation pairs") expect((await train(`${project}-again`)).status).toBe(3);
  } finally {
    writeFileSync(path, whole);
  }
});

it("finds the data folder again whose replacement was cut off between its two renames", async () => {
  // A process of this machine that has ended: no process has its number and start.
  const { stdout } = spawnSync(process.execPath, [
    "-e",
    "console.log(require('fs').readFileSync('/proc/self/stat','utf8'))",
  ]);
  const left = `.data.old-${machine()}-${String(stdout).split(" ")[0]}-1-00000000`;
  renameSync(join(folder, "data"), join(folder, left));
  const done = await train("recovered");
  expect(done.status, done.stderr).toBe(0);
  expect(readdirSync(folder)).not.toContain(left);
});

/** As temporary names tell it. */
function machine(): string {
  const program = `
    import { writeFolderAtomic } from "@kshot/store";
    import { readdirSync } from "node:fs";
    await writeFolderAtomic(process.argv[1], (async function* () {
      yield ["a", "b"];
      console.log(readdirSync(process.argv[2]).find((name) => name.startsWith(".m.tmp-")).split("-")[1]);
    })());
  `;
  const done = spawnSync(process.execPath, ["--input-type=module", "-e", program, join(folder, "m"), folder], {
    encoding: "utf8",
    cwd: join(import.meta.dirname, "../../../packages/experiment"),
  });
  return done.stdout.trim();
}
