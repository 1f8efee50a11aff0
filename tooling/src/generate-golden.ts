/**
 * Golden values without Python.
 *
 *     generate-golden --seed 7 [--preset notebook|small] --out FILE     writes a golden file
 *     generate-golden --check FILE                                      recomputes a file (PyTorch's, say) and compares
 */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { parseArgs } from "node:util";
import { KshotError, usageError } from "@kshot/contract";
import { goldenSchema, parseFile } from "@kshot/contract/schemas";
import { goldenErrors } from "./reference/golden-errors.js";
import { fullSizePlan, goldenFromSeed, smallPlan } from "./reference/golden-from-seed.js";
import { referenceGolden } from "./reference/reference-golden.js";

const plans = { notebook: fullSizePlan, small: smallPlan };

try {
  const { values } = parseArgs({
    options: {
      seed: { type: "string", default: "1" },
      preset: { type: "string", default: "notebook" },
      out: { type: "string" },
      check: { type: "string" },
    },
  });
  if (values.check !== undefined) check(values.check);
  else write(values.preset, Number(values.seed), values.out);
} catch (error) {
  if (!KshotError.isInstance(error)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}

function write(preset: string, seed: number, out: string | undefined): void {
  if (preset !== "notebook" && preset !== "small")
    throw usageError({ where: "--preset", found: `"${preset}"`, expected: "notebook or small" });
  if (!Number.isInteger(seed)) throw usageError({ where: "--seed", found: "no whole number" });
  if (out === undefined) throw usageError({ found: "--out is missing", expected: "--out FILE, or --check FILE" });
  const started = performance.now();
  const golden = goldenFromSeed(plans[preset], seed);
  mkdirSync(dirname(out), { recursive: true });
  writeFileSync(out, JSON.stringify(golden));
  console.log(`${out}: meta-loss ${golden.meta.secondOrder.loss.toFixed(6)}, ${seconds(started)}`);
}

function check(file: string): void {
  const expected = parseFile(goldenSchema, JSON.parse(readFileSync(file, "utf8")), file);
  const { config, theta, alpha, tasks, training, support0 } = expected;
  const started = performance.now();
  const actual = referenceGolden(config, theta, alpha, tasks, training, support0.direction);
  console.log(`${file}: recomputed in ${seconds(started)}; relative errors`);
  for (const [quantity, error] of Object.entries(goldenErrors(actual, expected)))
    console.log(`  ${quantity.padEnd(22)} ${error.toExponential(2)}`);
}

function seconds(started: number): string {
  return `${((performance.now() - started) / 1000).toFixed(1)} s`;
}
