import { join } from "node:path";
import { algorithmTitle, type NetworkName } from "@kshot/comparison";
import { interruptedError } from "@kshot/contract";
import { type Results, rateAnalysisSchema } from "@kshot/contract/schemas";
import { orAborted } from "@kshot/meta-sgd";
import { writeJsonFile } from "@kshot/store";
import { networkAlgorithms, type TrainedNetwork } from "../algorithms/index.js";
import {
  askedMetrics,
  evaluate,
  evaluateClicks,
  evaluateSwaps,
  everyoneTrains,
  networkScorer,
  supportRules,
  windows,
} from "../evaluation/index.js";
import { Checkpoints } from "./checkpoints.js";
import { modelFingerprint, saveNetwork } from "./model-files.js";
import { rateAnalysis } from "./rate-analysis.js";
import { pathsFromResult, resultsOf } from "./results.js";
import { runFiles } from "./run-files.js";
import type { RunInProgress } from "./run-in-progress.js";
import { startNetworks } from "./start-networks.js";

/** Trains and evaluates one algorithm with a network, and saves its model. The results are not written yet. */
export async function trainNetwork(
  algorithm: NetworkName,
  inProgress: RunInProgress,
): Promise<{ result: Results; network: TrainedNetwork }> {
  const { run, data, shape, engines, trained, circumstances, progress, signal, lock, ranks } = inProgress;
  const { directory } = run;
  const { seconds } = circumstances;
  const row = networkAlgorithms[algorithm];
  const checkpoints = new Checkpoints({ directory, algorithm, config: run.config, data, seconds, lock, progress });
  const engine = await engines.get(supportRules(algorithm, run.config.metasgd_config).mask);
  const network = await row.train({
    ...{ engine, shape, config: run.config, data, checkpoints, progress, seconds },
    onValidation: (course) => inProgress.pageOfRun.validated(course),
    starts: startNetworks(run, trained, { shape, data, progress }),
    ...(signal ? { signal } : {}),
    ...(ranks ? { ranks } : {}),
  });
  if (network.stopped === "aborted") throw interruptedError({ found: "training was stopped" });
  // Values chosen on the validation people are part of the network's settings.
  const config = network.config ?? run.config;
  const rules = supportRules(algorithm, config.metasgd_config);
  const { theta, alpha } = network;
  const inUse = { engine, theta, alpha, rules };
  const plan = {
    ...{ split: config.evaluation_split, windows },
    // 0 (zero-shot) and the steps of the inner loop: one pass computes all of them.
    steps: alpha === null ? [0] : stepsOfCurve(rules.innerSteps),
    shown: [0, config.metasgd_config.num_inner_steps],
    ...askedMetrics(run.config),
    // k = 0 means no context: zero-shot.
    ...(rules.context ? { supports: [0, data.k] } : {}),
  };
  const forUse = everyoneTrains(data);
  const scorer = networkScorer(inUse);
  const evaluations = forUse ? [] : await orInterrupted(evaluate(scorer, { data, plan, seed: config.seed }), signal);
  const usesPairs = rules.context || (alpha !== null && rules.innerSteps > 0);
  const steps = alpha === null ? 0 : rules.innerSteps;
  const clicks =
    forUse || !usesPairs
      ? []
      : [
          await orInterrupted(
            evaluateClicks(scorer, data, { split: config.evaluation_split, window: "first", steps }),
            signal,
          ),
        ];
  const swap =
    forUse || !usesPairs
      ? []
      : await orInterrupted(
          evaluateSwaps(
            scorer,
            data,
            { split: config.evaluation_split, windows, steps },
            { seed: config.seed, progress, stage: algorithmTitle(algorithm) },
          ),
          signal,
        );
  let ablation: Results["ablation"];
  if (algorithm === "meta-sgd" && alpha !== null && !forUse) {
    const report = await orInterrupted(rateAnalysis({ ...inUse, alpha, algorithm, config, data }), signal);
    await writeJsonFile(join(directory, runFiles.rateAnalysis), rateAnalysisSchema, report, { indent: 0 });
    ablation = report.groups;
  }
  progress({ type: "done", stage: algorithmTitle(algorithm), text: trainedText(network, row.unit, forUse) });
  const model = await saveNetwork(directory, network, config, data);
  const result = resultsOf({
    ...{ algorithm, config, data, evaluations, clicks, swap, circumstances, identity: run.identity },
    history: network.history,
    network: { alpha, layout: engine.layout, secondsPerIteration: network.secondsPerIteration },
    engine: engine.description,
    openings: inProgress.openings,
    ...(ablation === undefined ? {} : { ablation }),
    ...(inProgress.personal === undefined ? {} : { personal: inProgress.personal }),
    model: await modelFingerprint(join(directory, model)),
    paths: pathsFromResult(run),
  });
  return { result, network };
}

/**
 * Points of the steps curve: every step; for very many steps 1, 2, 5, 10, 20, 50 … and the last, because each point stores its
 * people.
 */
function stepsOfCurve(innerSteps: number): number[] {
  const all = Array.from({ length: Math.min(innerSteps, everyStep) + 1 }, (_, step) => step);
  if (innerSteps <= everyStep) return all;
  const shown = [0];
  for (let ten = 1; ten < innerSteps; ten *= 10) shown.push(...[1, 2, 5].map((n) => n * ten));
  return [...shown.filter((step) => step < innerSteps), innerSteps];
}

/** Number of inner steps up to which each is evaluated. */
const everyStep = 100;

function trainedText({ bestMetrics, choice, bestIteration }: TrainedNetwork, unit: string, forUse: boolean): string {
  if (forUse) return `the parameters after ${unit} ${bestIteration} are kept: there are no validation people`;
  const mrr = bestMetrics ? `, validation MRR ${bestMetrics.mrr.toFixed(4)}` : "";
  return `${choice ?? `best at ${unit} ${bestIteration}`}${mrr}`;
}

/** Waits for work that writes nothing; when the signal fires, it stops waiting within a second. @throws `INTERRUPTED` */
async function orInterrupted<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  const done = await orAborted(work, signal);
  if (done === undefined) throw interruptedError({ found: "stopped during an evaluation" });
  return done[0];
}
