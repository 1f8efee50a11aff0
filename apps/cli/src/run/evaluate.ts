import { askedMetric, metricNames } from "@kshot/contract";
import {
  askedMetricOf,
  evaluateModel,
  fewPeopleWarning,
  methodsOf,
  openingsSentence,
  seedOf,
  swapSentence,
  swapsAt,
  trainingNoiseInWords,
  trainingNoiseOf,
  withInterval,
} from "@kshot/experiment";
import { circumstances } from "../circumstances.js";
import { engineOptions } from "../flags/engine.js";
import type { EvaluateFlags } from "../flags/evaluate.js";
import { typedPath } from "../paths.js";
import { inColumns } from "../terminal/columns.js";
import { print } from "../terminal/print.js";
import { textProgress } from "../terminal/progress.js";
import { modelOf } from "./model.js";

/** `kshot evaluate`. */
export async function runEvaluate(flags: EvaluateFlags): Promise<void> {
  const results = await evaluateModel({
    model: await modelOf(flags.model),
    dataDir: typedPath(flags.data),
    split: flags.split,
    windows: [...new Set(flags.window)],
    steps: [...new Set(flags.steps)].sort((a, b) => a - b),
    ...(flags.k === undefined ? {} : { supports: [...new Set(flags.k)] }),
    ...(flags.firstK === undefined ? {} : { firstSupports: flags.firstK }),
    ...(flags.metrics === undefined ? {} : { metrics: flags.metrics }),
    swap: flags.swap,
    anonymous: flags.anonymous,
    engine: engineOptions(flags),
    ...(flags.out === undefined ? {} : { out: typedPath(flags.out) }),
    ...(flags.lists === undefined ? {} : { lists: typedPath(flags.lists) }),
    ...(flags.logits === undefined ? {} : { logits: typedPath(flags.logits) }),
    circumstances: circumstances(),
    progress: textProgress(process.stderr, () => performance.now()),
  });
  const metrics = flags.metrics ?? metricNames.flatMap((name) => askedMetric(name) ?? []);
  const rows = [
    ["window", "K", "steps", ...metrics.map(({ name }) => name)],
    ...results.evaluations.map((entry) => [
      entry.window,
      entry.support === "first" ? `first ${entry.k}` : String(entry.k),
      String(entry.steps),
      ...metrics.map((metric) => {
        const found = askedMetricOf(metric, entry, results.data.items.length, seedOf(results));
        return found === undefined ? "–" : withInterval(found);
      }),
    ]),
  ];
  print(inColumns(rows));
  const warning = fewPeopleWarning(Math.min(...results.evaluations.map(({ people }) => people.user.length)));
  if (warning !== null) process.stdout.write(`${warning}.\n`);
  for (const window of flags.swap ? flags.window : [])
    for (const swap of swapsAt(methodsOf([{ name: "evaluated", results }]), { split: flags.split, window }, "mrr"))
      process.stdout.write(`Swap, ${window} window, in points of MRR: ${swapSentence(swap)}\n`);
  const noise = trainingNoiseInWords(trainingNoiseOf([results], 1));
  if (noise !== null) process.stdout.write(`${noise}\n`);
  if (flags.split === "test") process.stdout.write(`${openingsSentence(results.test.opened)}\n`);
}
