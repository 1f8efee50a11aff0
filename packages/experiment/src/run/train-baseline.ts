import { join } from "node:path";
import { algorithmTitle } from "@kshot/comparison";
import { metricNames, onlyEntry } from "@kshot/contract";
import { type Evaluation, metricValues, type Results } from "@kshot/contract/schemas";
import {
  type BaselineName,
  baselines,
  emptyHistory,
  learnSeenRule,
  type ValidationMetrics,
} from "../algorithms/index.js";
import {
  askedMetrics,
  countingScorer,
  countingSwap,
  evaluate,
  evaluateClicks,
  evaluateSwaps,
  windows,
} from "../evaluation/index.js";
import { modelFingerprint, saveCounts } from "./model-files.js";
import { pathsFromResult, resultsOf } from "./results.js";
import type { RunInProgress } from "./run-in-progress.js";

/** Fits one algorithm without a network on the train pairs and evaluates it. */
export async function trainBaseline(
  algorithm: BaselineName,
  { run, data, circumstances, progress, openings, personal }: RunInProgress,
): Promise<Results> {
  const { config } = run;
  const row = baselines[algorithm];
  const found = await row.learn(data, run.dataDir);
  const { plain } = found;
  const ruled = config.seen_rule === true && plain !== undefined;
  const learned = ruled ? learnSeenRule({ ...found, plain }, data) : found;
  const readsSupport = row.readsSupport || ruled;
  const scorer = countingScorer(learned.scorer, data.items.length);
  const { seed } = config;
  const onValidation = { split: "val", windows: ["first"], steps: [0] } as const;
  const metrics = valuesOf(onlyEntry(await evaluate(scorer, { data, seed, plan: onValidation })));
  const supports = readsSupport ? [0, data.k] : [data.k];
  const plan = { split: config.evaluation_split, windows, steps: [0], supports, ...askedMetrics(config) };
  const evaluations = await evaluate(scorer, { data, seed, plan });
  const clicks = readsSupport
    ? [await evaluateClicks(scorer, data, { split: config.evaluation_split, window: "first", steps: 0 })]
    : [];
  const swap = readsSupport
    ? await evaluateSwaps(
        scorer,
        data,
        { split: config.evaluation_split, steps: 0, evaluations, ...countingSwap },
        { seed, progress, stage: algorithmTitle(algorithm) },
      )
    : [];
  progress({
    type: "done",
    stage: algorithmTitle(algorithm),
    text: [`validation MRR ${metrics.mrr.toFixed(4)}`, learned.effort].filter(Boolean).join("; "),
  });
  const { stored } = learned;
  const model =
    stored && (await saveCounts(run.directory, { algorithm, counts: stored, validation: metrics }, config, data));
  const results = resultsOf({
    ...{ algorithm, config, data, evaluations, clicks, swap, circumstances, identity: run.identity },
    history: { ...emptyHistory(), validation: [{ iteration: 0, metrics }] },
    openings,
    ...(personal === undefined ? {} : { personal }),
    ...(model ? { model: await modelFingerprint(join(run.directory, model)) } : {}),
    paths: pathsFromResult(run),
  });
  return { ...results, ...learned.facts };
}

/** The metrics of an evaluation without their intervals. */
function valuesOf({ metrics }: Evaluation): ValidationMetrics {
  return metricValues.parse(Object.fromEntries(metricNames.map((name) => [name, metrics[name].value])));
}
