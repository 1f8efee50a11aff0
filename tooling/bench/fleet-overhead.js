/**
 * What a plan costs: `node tooling/bench/fleet-overhead.js [--seconds 60] [--cells 2] [--rounds 1] [--iterations N]`.
 *
 * The same trainings (MAML on a small campus, one thread, one seed each) in turn in a bare loop, one process that calls `train` for each,
 * and by `kshot suite work --workers 1`. Processor time of all processes (Linux) and clock time of both, their ratios, and the seconds of each
 * side with cells of a fiftieth of the length, which are nearly all fixed costs. Results must be the same bytes. `--iterations` sets the length
 * of a cell without a trial.
 */
import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { resolveConfig, train } from "@kshot/experiment";

const { values } = parseArgs({
  options: {
    seconds: { type: "string", default: "60" },
    cells: { type: "string", default: "2" },
    rounds: { type: "string", default: "1" },
    iterations: { type: "string" },
    bare: { type: "string" },
  },
});
const kshot = fileURLToPath(new URL("../../apps/cli/dist/main.js", import.meta.url));
const seeds = Array.from({ length: Number(values.cells) }, (_, i) => i + 1);
const settings = (iterations) => ({
  algorithms: ["maml"],
  gru_config: { embedding_dim: 32, hidden_dim: 64 },
  metasgd_config: {
    ...{ num_meta_iterations: iterations, meta_batch_size: 16 },
    ...{ eval_interval: Math.ceil(iterations / 10), checkpoint_interval: Math.ceil(iterations / 10) },
  },
});

if (values.bare !== undefined) {
  await bareLoop(values.bare);
} else {
  const folder = mkdtempSync(join(tmpdir(), "kshot-overhead-"));
  try {
    await compared(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** The trainings in one process, one after the other. */
async function bareLoop(folder) {
  const iterations = Number(readFileSync(join(folder, "iterations"), "utf8"));
  for (const seed of seeds) {
    await train({
      config: resolveConfig({ preset: "notebook", flags: { ...settings(iterations), seed, workers: 1 } }),
      ...{ dataDir: join(folder, "data"), project: join(folder, "bare"), name: "bare", progress: () => {} },
      circumstances: {
        now: () => new Date(),
        seconds: () => performance.now() / 1000,
        newId: () => crypto.randomUUID().replaceAll("-", ""),
        command: "a program",
        host: { node: process.versions.node },
      },
    });
  }
}

/** Runs a program to its end. Clock seconds, and processor seconds of it and of the processes that it starts. */
async function measured(folder, args) {
  const began = performance.now();
  // In Node 20 the multiply-add instructions need the flag, which kshot gives itself.
  const flags = Number.parseInt(process.versions.node, 10) < 22 ? ["--experimental-wasm-relaxed-simd"] : [];
  const child = spawn(process.execPath, [...flags, ...args], { cwd: folder, stdio: ["ignore", "ignore", "pipe"] });
  let text = "";
  child.stderr.on("data", (more) => {
    text += more;
  });
  const ticks = new Map();
  const timer = setInterval(() => {
    for (const pid of [child.pid, ...childrenOf(child.pid)]) {
      try {
        const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ").at(-1).split(" ");
        ticks.set(pid, Number(fields[11]) + Number(fields[12]));
      } catch {
        // It has ended.
      }
    }
  }, 50);
  const code = await new Promise((end) => child.on("close", end));
  clearInterval(timer);
  if (code !== 0) throw new Error(`${args.join(" ")}\n${text}`);
  const processor = [...ticks.values()].reduce((sum, value) => sum + value, 0) / 100;
  return { clock: (performance.now() - began) / 1000, processor };
}

function childrenOf(pid) {
  try {
    return readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").split(" ").filter(Boolean);
  } catch {
    return [];
  }
}

async function bare(folder) {
  mkdirSync(join(folder, "bare"), { recursive: true });
  const own = [fileURLToPath(import.meta.url), "--bare", folder, "--cells", values.cells];
  const figures = await measured(folder, own);
  return { ...figures, models: modelsBelow(join(folder, "bare")) };
}

async function fleet(folder, iterations) {
  const suite = {
    format: "kshot.suite/1",
    seeds,
    reference: "maml",
    runs: [{ name: "runs", ...asRun(settings(iterations)) }],
  };
  writeFileSync(join(folder, "suite.json"), JSON.stringify(suite));
  await measured(folder, [kshot, "suite", "plan", "--suite", "suite.json", "--data", "data", "--out", "plan"]);
  const figures = await measured(folder, [kshot, "suite", "work", "plan", "--workers", "1"]);
  return { ...figures, models: modelsBelow(join(folder, "plan")) };
}

function asRun({ algorithms, ...rest }) {
  return { algorithms, settings: rest };
}

/** The trained parameters of all runs, in an order that does not depend on names. */
function modelsBelow(directory) {
  return readdirSync(directory, { recursive: true, encoding: "utf8" })
    .filter((file) => /models\/maml\/maml_gru_K\d+\.safetensors$/.test(file))
    .map((file) => readFileSync(join(directory, file)).toString("base64"))
    .sort();
}

/** Both sides on the same trainings, the first one in turn. */
async function pair(folder, iterations, fleetFirst) {
  writeFileSync(join(folder, "iterations"), String(iterations));
  const sides = {};
  for (const side of fleetFirst ? ["fleet", "bare"] : ["bare", "fleet"])
    sides[side] = await (side === "bare" ? bare(folder) : fleet(folder, iterations));
  if (sides.bare.models.length !== seeds.length || String(sides.bare.models) !== String(sides.fleet.models))
    throw new Error("other models");
  for (const name of ["bare", "plan"]) rmSync(join(folder, name), { recursive: true });
  return sides;
}

/** Iterations of a cell of the wanted seconds: the length of one, from the difference of two lengths. */
async function iterationsOf(folder) {
  const trial = await pair(folder, 200, false);
  const longer = await pair(folder, 1000, false);
  const perIteration = (longer.bare.processor - trial.bare.processor) / (800 * seeds.length);
  if (perIteration <= 0) throw new Error("the machine is too busy");
  return Math.round(Number(values.seconds) / perIteration);
}

async function compared(folder) {
  await measured(folder, [kshot, "synth", "--users", "1500", "--out", "events"]);
  await measured(folder, [kshot, "prepare", "--input", "events/events.csv", "--out", "data"]);
  const iterations = values.iterations === undefined ? await iterationsOf(folder) : Number(values.iterations);
  const round = (value) => Math.round(value * 1000) / 1000;
  const print = (length, { bare: one, fleet: other }) =>
    console.log(
      JSON.stringify({
        ...{ cells: seeds.length, iterations: length, load: loadavg()[0] },
        bare: { clock: round(one.clock), processor: round(one.processor) },
        fleet: { clock: round(other.clock), processor: round(other.processor) },
        ratio: { clock: round(other.clock / one.clock), processor: round(other.processor / one.processor) },
        moreProcessorSecondsPerCell: round((other.processor - one.processor) / seeds.length),
      }),
    );
  for (let number = 0; number < Number(values.rounds); number++) {
    const fleetFirst = number % 2 === 0;
    const short = Math.ceil(iterations / 50);
    print(short, await pair(folder, short, fleetFirst));
    print(iterations, await pair(folder, iterations, fleetFirst));
  }
}
