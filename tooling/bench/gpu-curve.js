#!/usr/bin/env node
/**
 * The training curve of Meta-SGD on WebGPU compared with the SIMD engine's: one synthetic campus, the same seed, every iteration logged.
 *
 *   node tooling/bench/gpu-curve.js [--device gpu-software|gpu] [--iterations 50] [--items 60] [--embedding 8] [--hidden 16] [--tasks 8]
 *
 * Prints the largest difference of the mean training loss and of the validation MRR. Exit code 1 if one is above 1e-4.
 */
import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

const { values } = parseArgs({
  options: {
    device: { type: "string", default: "gpu-software" },
    iterations: { type: "string", default: "50" },
    items: { type: "string", default: "60" },
    embedding: { type: "string", default: "8" },
    hidden: { type: "string", default: "16" },
    tasks: { type: "string", default: "8" },
  },
});
const kshot = fileURLToPath(new URL("../../apps/cli/dist/main.js", import.meta.url));
/** Largest difference of two curves that count as equal: float32 sums in another order, over all iterations. */
const tolerance = 1e-4;

const project = mkdtempSync(join(tmpdir(), "kshot-gpu-curve-"));
try {
  const command = (...args) =>
    execFileSync(process.execPath, [kshot, ...args], { cwd: project, stdio: ["ignore", "ignore", "inherit"] });
  command("synth", "--items", values.items, "--users", "400", "--out", "events");
  command("prepare", "--input", "events/events.csv", "--out", "campus");
  writeFileSync(join(project, "curve.json"), JSON.stringify({ metasgd_config: { log_interval: 1 } }));
  const [simd, gpu] = ["cpu", values.device].map((device) => {
    command(
      ...["train", "--data", "campus", "--config", "curve.json", "--algorithm", "meta-sgd"],
      ...["--iterations", values.iterations, "--eval-interval", "10", "--meta-batch", values.tasks],
      ...["--embedding-dim", values.embedding, "--hidden-dim", values.hidden, "--split", "val"],
      ...["--device", device, "--out", device],
    );
    return history(join(project, device));
  });
  const losses = largestDifference(simd.metaLoss, gpu.metaLoss);
  const validation = largestDifference(
    ...[simd, gpu].map((curve) => curve.validation.map(({ metrics }) => metrics.mrr)),
  );
  console.log(
    `${simd.metaLoss.length} iterations; mean loss ${simd.metaLoss[0].toFixed(4)} to ${simd.metaLoss.at(-1).toFixed(4)} on SIMD\n` +
      `largest difference on ${values.device}: loss ${losses.toExponential(1)}, validation MRR ${validation.toExponential(1)} (tolerance ${tolerance})`,
  );
  if (!(losses <= tolerance && validation <= tolerance)) process.exitCode = 1;
} finally {
  rmSync(project, { recursive: true, force: true });
}

/** The log of the one training in a run's results. */
function history(folder) {
  const results = readdirSync(folder, { recursive: true }).find((path) => /results[\\/].*\.json$/.test(path));
  return JSON.parse(readFileSync(join(folder, results), "utf8")).history;
}

function largestDifference(a, b) {
  if (a.length === 0 || a.length !== b.length) throw new Error(`${a.length} and ${b.length} entries`);
  return Math.max(...a.map((value, i) => Math.abs(value - b[i])));
}
