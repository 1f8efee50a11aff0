#!/usr/bin/env node
/**
 * Supervised training of the plain GRU: kshot and PyTorch over whole sessions (`peers/pytorch_sessions.py`), in train pairs per second.
 *
 *   node tooling/bench/supervised.js [--sizes 16/32,32/64,64/128] [--batch-pairs 128,800] [--cores 1,2] [--rounds 3] [--node PATH]
 *
 * 343 items, random sessions of 5.6 pairs on average, gradient and optimiser step included, without dropout, clipping and weight decay. The programs take turns, round by round; the
 * table has medians over the rounds, by the clock and by processor time, since a machine is shared. The last column is the ratio of
 * the two processor times.
 */
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { median } from "./median.js";

const { values } = parseArgs({
  options: {
    sizes: { type: "string", default: "16/32,32/64,64/128" },
    "batch-pairs": { type: "string", default: "128,800" },
    cores: { type: "string", default: "1,2" },
    rounds: { type: "string", default: "3" },
    node: { type: "string", default: process.execPath },
    python: { type: "string", default: "/usr/bin/python3" },
  },
});
const here = fileURLToPath(new URL("./", import.meta.url));
const kshot = join(here, "../../apps/cli/dist/main.js");
const whole = (value) => Math.round(value).toLocaleString("en-US").padStart(8);

console.log("size    pairs  cores     kshot/s  PyTorch/s  ratio   by processor time: kshot/s  PyTorch/s  ratio");
for (const size of values.sizes.split(",")) {
  for (const pairs of values["batch-pairs"].split(",")) {
    for (const cores of values.cores.split(",")) {
      const rounds = Array.from({ length: Number(values.rounds) }, () => [
        ours(size, pairs, cores),
        pytorch(size, pairs, cores),
      ]);
      const [clock, processor] = ["clock", "processor"].map((kind) =>
        [0, 1].map((side) => median(rounds.map((round) => round[side][kind]))),
      );
      const shown = (rates) => `${rates.map(whole).join("   ")}  ${(rates[0] / rates[1]).toFixed(2).padStart(5)}`;
      console.log(
        `${size.padEnd(7)} ${pairs.padStart(5)}  ${cores.padStart(5)}    ${shown(clock)}   ${" ".repeat(18)} ${shown(processor)}`,
      );
    }
  }
}

function ours(size, pairs, cores) {
  const [embedding, hidden] = size.split("/");
  const sizes = ["--embedding-dim", embedding, "--hidden-dim", hidden, "--batch-pairs", pairs, "--workers", cores];
  const args = [kshot, "bench", "--supervised", "--json", "--tasks", "1", "--iterations", "10", ...sizes];
  const { median: clock, perProcessorSecond } = JSON.parse(run(values.node, args)).pairsPerSecond;
  return { clock, processor: perProcessorSecond };
}

function pytorch(size, pairs, cores) {
  const [embedding, hidden] = size.split("/");
  const script = join(here, "peers", "pytorch_sessions.py");
  const sizes = ["--embedding-dim", embedding, "--hidden-dim", hidden, "--batch-pairs", pairs, "--threads", cores];
  // `kshot bench` trains without dropout, clipping and weight decay.
  const args = [script, "--speed", "4", "--dropout", "0", "--clip", "0", "--weight-decay", "0", ...sizes];
  const { pairsPerSecond, pairsPerCpuSecond } = JSON.parse(run(values.python, args));
  return { clock: pairsPerSecond, processor: pairsPerCpuSecond };
}

function run(command, args) {
  return execFileSync(command, args, { encoding: "utf8" });
}
