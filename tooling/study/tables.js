#!/usr/bin/env node
/**
 * Tables of docs/study.md from a finished suite: every method's MRR by window, with each seed's figure, and paired differences.
 *
 *   node tooling/study/tables.js kshot-runs/reports/NAME [--reference gru] [--metric mrr] [--methods hybrid,mixture]
 *
 * Prints Markdown. Differences are to the plain GRU (or `--reference`), and of `hybrid` to each of the others.
 */
import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    reference: { type: "string", default: "gru" },
    metric: { type: "string", default: "mrr" },
    methods: { type: "string" },
  },
});
const kshot = fileURLToPath(new URL("../../apps/cli/dist/main.js", import.meta.url));
if (positionals.length === 0) throw new Error("The folder of a suite's runs is missing.");

function compared(reference) {
  const args = [kshot, "compare", ...positionals, "--reference", reference, "--metric", values.metric, "--json"];
  return JSON.parse(execFileSync(process.execPath, args, { encoding: "utf8", maxBuffer: 2 ** 29 }));
}
const figure = (value) =>
  value
    .toFixed(3)
    .replace(/^(-?)0\./, "$1.")
    .replace("-", "−");
const signed = (value) => (value < 0 ? figure(value) : `+${figure(value)}`);
const interval = ({ value, low, high }) => `${signed(value)} [${signed(low)}, ${signed(high)}]`;
const row = (cells) => `| ${cells.join(" | ")} |`;
function table(head, rows) {
  return [row(head), row(head.map((_, i) => (i === 0 ? "---" : "---:"))), ...rows.map(row)].join("\n");
}

const byReference = compared(values.reference);
const toHybrid = byReference.windows.some(({ methods }) => methods.some(({ algorithm }) => algorithm === "hybrid"))
  ? compared("hybrid")
  : undefined;
const asked = values.methods?.split(",");
for (const { window, people, queries, methods } of byReference.windows) {
  const shown = methods
    .filter(({ algorithm }) => asked === undefined || asked.includes(algorithm))
    .sort((a, b) => b.fewShot[values.metric].value - a.fewShot[values.metric].value);
  const seeds = [...new Set(shown.flatMap((method) => method.seeds))].sort((a, b) => a - b);
  const hybrid = toHybrid?.windows.find((other) => other.window === window)?.methods;
  const rows = shown.map((method) => {
    const own = method.fewShot[values.metric];
    const difference = method.difference?.[values.metric];
    // `compare` prints each method minus the hybrid.
    const less = hybrid?.find(({ name }) => name === method.name)?.difference?.[values.metric];
    return [
      method.name,
      `${figure(own.value)} [${figure(own.low)}, ${figure(own.high)}]`,
      ...(method.trainingNoise === "none"
        ? seeds.map((_, i) => (i === 0 ? "the same" : ""))
        : seeds.map((seed) => figure(method.fewShotBySeed[values.metric][method.seeds.indexOf(seed)]))),
      difference ? interval(difference) : "",
      ...(hybrid ? [less ? interval({ value: -less.value, low: -less.high, high: -less.low }) : ""] : []),
    ];
  });
  console.log(`\nWindow \`${window}\`: ${people} people, ${queries} queries\n`);
  const head = ["method", values.metric.toUpperCase(), ...seeds.map((seed) => `seed ${seed}`), "against the plain GRU"];
  console.log(table([...head, ...(hybrid ? ["hybrid against it"] : [])], rows));
}
