#!/usr/bin/env node
/**
 * How often `--recipe best` takes a step on data without a personal effect: campuses whose people do not differ (`synth --taste 0`),
 * each with a different seed. A step is taken if fine-tuning's steps are kept, or if Meta-SGD replaces its start.
 *
 *   node tooling/study/no-effect.js [--sets 20] [--users 1500] [--first-seed 1]
 *
 * Of the recipe's methods, those that decide this are trained: both GRUs and Meta-SGD, with the recipe's network and without a search for
 * another. Prints a Markdown table row by row, and at the end the share of sets with a step, with its exact binomial 95 % interval.
 */
import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { exactInterval } from "./exact-interval.js";

const { values } = parseArgs({
  options: {
    sets: { type: "string", default: "20" },
    users: { type: "string", default: "1500" },
    "first-seed": { type: "string", default: "1" },
  },
});
const kshot = fileURLToPath(new URL("../../apps/cli/dist/main.js", import.meta.url));

/** Trains the recipe on one set: the sentence of fine-tuning's test, and the iteration that Meta-SGD keeps. */
function trained(seed) {
  const folder = mkdtempSync(join(tmpdir(), "kshot-no-effect-"));
  try {
    const run = (args) => execFileSync(process.execPath, [kshot, ...args], { cwd: folder, stdio: "pipe" });
    run(["synth", "--users", values.users, "--taste", "0", "--data-seed", `${seed}`, "--out", "events"]);
    const columns = ["--input", "events/events.csv", "--campus", "events/campus.json"];
    run(["prepare", ...columns, "--split", ".7,.2,.1", "--data-seed", `${seed}`, "--out", "data"]);
    writeFileSync(join(folder, "recipe.json"), JSON.stringify({ network_search: null }));
    const methods = ["--recipe", "best", "--config", "recipe.json", "--algorithm", "gru,gru-context,meta-sgd"];
    const settings = ["--data", "data", "--seed", `${seed}`, "--split", "val", "--workers", "1", "--log", "json"];
    const child = spawnSync(process.execPath, [kshot, "train", ...methods, ...settings], {
      ...{ cwd: folder, encoding: "utf8", maxBuffer: 2 ** 28 },
    });
    const output = `${child.stdout}\n${child.stderr}`;
    if (child.status !== 0) throw new Error(output.slice(-3000));
    const tested = output.match(/(\d+) settings with steps were tried; the best one has p = ([\d.]+)[^"]*/);
    const kept = output.match(/best at iteration (\d+)/);
    if (tested === null || kept === null) throw new Error(`No decision in the output:\n${output.slice(-3000)}`);
    return { p: tested[2], steps: /; steps are taken/.test(tested[0]), iteration: Number(kept[1]) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const sets = Number(values.sets);
const first = Number(values["first-seed"]);
let taken = 0;
console.log("| seed | p of the best fine-tuning | steps kept | Meta-SGD keeps | a step is taken |");
console.log("| ---: | ---: | --- | --- | --- |");
for (let seed = first; seed < first + sets; seed++) {
  const { p, steps, iteration } = trained(seed);
  const step = steps || iteration > 0;
  if (step) taken++;
  const kept = iteration === 0 ? "its start" : `iteration ${iteration}`;
  console.log(`| ${[seed, p, steps ? "yes" : "no", kept, step ? "yes" : "no"].join(" | ")} |`);
}
const { low, high } = exactInterval(taken, sets);
const percent = (share) => `${(100 * share).toFixed(1)} %`;
console.log(`\n${taken} of ${sets} sets with a step: ${percent(taken / sets)} [${percent(low)}, ${percent(high)}]`);
