#!/usr/bin/env node
/**
 * kshot and comparable programs on this machine, in one run: one meta-iteration (32 tasks, 5 inner steps, second order, 343 items, 64/128).
 *
 *   pnpm --filter tooling bench [--history nested|long] [--rounds 3] [--notebook] [--node PATH]
 *
 * Programs alternate, round by round, so that other load affects all of them; the table has medians over all rounds, and ratios
 * to kshot with two workers, by the clock and by processor time, and a lower limit: the iteration's products at the rate of a loop of
 * multiply-adds alone (`multiply-add-peak.js`). The work of two cores on this machine is measured too, by two independent runs at the same time. The
 * other programs need Python with torch (Debian: python3-torch and libopenblas0-pthread, without which it has the slow reference
 * BLAS) or with jax and optax; missing ones are reported.
 */
import { execFile, spawnSync } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs, promisify } from "node:util";
import { median } from "./median.js";
import { metaIterationGigaflop } from "./multiply-add-peak.js";

const { values } = parseArgs({
  options: {
    history: { type: "string", default: "nested" },
    rounds: { type: "string", default: "3" },
    notebook: { type: "boolean", default: false },
    node: { type: "string", default: process.execPath },
    python: { type: "string", default: "" },
  },
});
const here = fileURLToPath(new URL("./", import.meta.url));
const kshot = join(here, "../../apps/cli/dist/main.js");
const long = values.history === "long";

const python = [values.python, "/usr/bin/python3", "python3"].filter(Boolean).find((command) => has(command, "torch"));
const jaxPython = [values.python, "/usr/bin/python3", "python3"]
  .filter(Boolean)
  .find((command) => has(command, "jax, optax"));
if (!python) console.error("MISSING: no Python with torch (Debian: apt install python3-torch libopenblas0-pthread).");
if (!jaxPython) console.error("MISSING: no Python with jax and optax; the JAX program is not run.");

const one = ["--workers", "1", "--iterations", long ? "3" : "12"];
const programs = [
  { name: "kshot, 2 workers", run: () => ours("--workers", "2", "--iterations", long ? "5" : "20") },
  { name: "kshot, 1 worker", run: () => ours(...one) },
  {
    name: "two kshots side by side, 1 worker",
    run: async () => (await Promise.all([ours(...one), ours(...one)])).flat(),
  },
  {
    name: "kshot, 2 workers, plain SIMD",
    run: () => ours("--build", "simd", "--workers", "2", "--iterations", long ? "5" : "20"),
  },
  ...(python
    ? [1, 2].map((threads) => ({
        name: `PyTorch, well written, ${threads} thread${threads === 1 ? "" : "s"}`,
        once: long,
        run: () => peer(python, "pytorch_loop.py", "--threads", `${threads}`, "--iterations", long ? "1" : "2"),
      }))
    : []),
  ...(jaxPython && !long
    ? [{ name: "JAX, jitted, prefixes shared", run: () => peer(jaxPython, "jax_shared.py") }]
    : []),
  { name: "kshot's tensor engine", once: true, run: () => ours("--engine", "tensor", "--iterations", "2") },
  ...(python && values.notebook
    ? [
        {
          name: "PyTorch, loop of the original notebook",
          once: true,
          run: () => peer(python, "pytorch_loop.py", "--program", "notebook", "--threads", "1", "--iterations", "1"),
        },
      ]
    : []),
];

const measured = new Map(programs.map(({ name }) => [name, []]));
for (let round = 0; round < Number(values.rounds); round++) {
  for (const { name, once, run } of programs) if (round === 0 || !once) measured.get(name).push(...(await run()));
}
const clockOf = (name) => median(measured.get(name).map(({ clock }) => clock));
const base = clockOf("kshot, 2 workers");
const versions = [...new Set([...measured.values()].flat().flatMap(({ version }) => version ?? []))];
const title = [
  `${values.history} histories, Node ${nodeVersion()}`,
  ...versions,
  `medians over ${values.rounds} rounds`,
];
console.log(`${title.join(", ")}\n`);
console.log(`${"".padEnd(36)} ${"by the clock".padStart(13)}  ratio  processor time`);
for (const [name, list] of measured) {
  const value = clockOf(name);
  const processor = median(list.map((one) => one.processor));
  console.log(
    `${name.padEnd(36)} ${value.toFixed(1).padStart(10)} ms ${(value / base).toFixed(1).padStart(6)} ${processor.toFixed(1).padStart(12)} ms`,
  );
}
const gigaflop = metaIterationGigaflop({ history: values.history });
// Node 20 has fused multiply-adds behind a flag.
const flags = nodeVersion().startsWith("v20.") ? ["--experimental-wasm-relaxed-simd"] : [];
const peak = Number.parseFloat(output(values.node, [...flags, join(here, "multiply-add-peak.js")]));
const limit = (1000 * gigaflop) / peak;
console.log(
  `\nLower limit: ${gigaflop.toFixed(2)} GFLOP at ${peak} GFLOP/s of one core in WebAssembly: ${limit.toFixed(1)} ms with one worker, ${(limit / 2).toFixed(1)} with two.`,
);
const scaling = (2 * clockOf("kshot, 1 worker")) / clockOf("two kshots side by side, 1 worker");
console.log(`Two cores do ${scaling.toFixed(2)} times the work of one here, by two independent runs side by side.`);

async function ours(...flags) {
  const args = [kshot, "bench", "--json", "--history", values.history, ...flags];
  const { stdout } = await promisify(execFile)(values.node, args);
  const { msPerMetaIteration, processorMsPerMetaIteration } = JSON.parse(stdout);
  return [{ clock: msPerMetaIteration.median, processor: processorMsPerMetaIteration }];
}

function peer(command, file, ...flags) {
  const history = file === "pytorch_loop.py" ? ["--history", values.history] : [];
  const found = JSON.parse(output(command, [join(here, "peers", file), ...history, ...flags]));
  const { milliseconds, processorMilliseconds, version } = found;
  return milliseconds.map((clock, i) => ({ clock, processor: processorMilliseconds[i], version }));
}

function output(command, args) {
  const { status, stdout, stderr } = spawnSync(command, args, { encoding: "utf8" });
  if (status === 0) return stdout;
  console.error(`${command} ${args.join(" ")} failed:\n${stderr}`);
  process.exit(1);
}

function has(command, modules) {
  return spawnSync(command, ["-c", `import ${modules}`]).status === 0;
}

function nodeVersion() {
  return output(values.node, ["--version"]).trim();
}
