import { join } from "node:path";
import { storeMixture } from "@kshot/baselines";
import { algorithmTitle, isNetwork } from "@kshot/comparison";
import type { Engine } from "@kshot/contract";
import type { Results } from "@kshot/contract/schemas";
import { gruParameterCount } from "@kshot/gru-layout";
import { overallMetrics } from "@kshot/metrics";
import {
  type EnsembleOptions,
  emptyHistory,
  type HybridCandidate,
  learnHybrid,
  type OnCountsOptions,
  trainEnsemble,
  trainOnCounts,
} from "../algorithms/index.js";
import { networksOfHybrid } from "../config/index.js";
import {
  askedMetrics,
  countingSwap,
  evaluate,
  evaluateSwaps,
  everyoneTrains,
  rankedValidationPeople,
  stackedScorer,
  supportRules,
  windows,
} from "../evaluation/index.js";
import { type CheckpointedTraining, Checkpoints } from "./checkpoints.js";
import { modelFingerprint, saveCounts } from "./model-files.js";
import { pathsFromResult, resultsOf } from "./results.js";
import type { RunInProgress } from "./run-in-progress.js";

/**
 * Fits `hybrid` on the run's trained networks and its counts, and evaluates it. Without the pairs (k = 0) the network has none
 * either.
 *
 * @returns the results, not written yet
 */
export async function trainHybrid(inProgress: RunInProgress): Promise<Results> {
  const { run, data, circumstances, progress, signal, openings, personal } = inProgress;
  const { config } = run;
  const { seed } = config;
  const joint = await jointOptions(inProgress);
  const ensemble = await ensembleOptions(inProgress);
  const {
    mixture,
    network,
    ensemble: thetas,
    facts,
    effort,
  } = await learnHybrid(data, await candidatesOf(inProgress), {
    ...{ seed, progress },
    ...(signal ? { signal } : {}),
    onCounts: joint && ((start) => trainOnCounts(start, joint)),
    ensemble: ensemble && ((start) => trainEnsemble(start, ensemble)),
  });
  const scorer = stackedScorer(mixture, { ...network, ensemble: thetas });
  const validation = await rankedValidationPeople(scorer, data, 0);
  const metrics = overallMetrics(validation.queries, data.items.length);
  const evaluations = await evaluate(scorer, {
    ...{ data, seed },
    plan: { split: config.evaluation_split, windows, steps: [0], supports: [0, data.k], ...askedMetrics(config) },
  });
  const swap = await evaluateSwaps(
    scorer,
    data,
    { split: config.evaluation_split, steps: 0, evaluations, ...countingSwap },
    { seed, progress, stage: algorithmTitle("hybrid") },
  );
  progress({
    type: "done",
    stage: algorithmTitle("hybrid"),
    text: `validation MRR ${metrics.mrr.toFixed(4)}; ${effort}`,
  });
  const own = { ...config, metasgd_config: (network.config ?? config).metasgd_config };
  const model = await saveCounts(
    run.directory,
    {
      algorithm: "hybrid",
      counts: storeMixture(mixture, network.offsetWeights),
      validation: metrics,
      network,
      ensemble: thetas,
    },
    ...([own, data] as const),
  );
  const results = resultsOf({
    ...{ algorithm: "hybrid", config, data, evaluations, swap, circumstances, identity: run.identity },
    history: { ...emptyHistory(), validation: [{ iteration: 0, metrics }] },
    engine: network.engine.description,
    model: await modelFingerprint(join(run.directory, model)),
    openings,
    ...(personal === undefined ? {} : { personal }),
    paths: pathsFromResult(run),
  });
  return { ...results, ...facts };
}

/** The input of training on the counts' scores; undefined if the setting, the engine or the data do not allow it. */
async function jointOptions(inProgress: RunInProgress): Promise<OnCountsOptions | undefined> {
  const { run, data, engines, trained, progress } = inProgress;
  if (run.config.hybrid_joint === "off" || everyoneTrains(data)) return undefined;
  const engine = await engines.get("carry");
  if (engine.takesOffsets !== true) {
    progress({
      type: "note",
      text: `${algorithmTitle("hybrid")}: no network is trained on the counts' scores, because the ${engine.description.name} engine has no offsets.`,
    });
    return undefined;
  }
  return {
    ...trainingInput(inProgress, engine),
    trained: (algorithm) => trained.get(algorithm),
    checkpoints: { joint: checkpointsOf(inProgress, "joint"), meta: checkpointsOf(inProgress, "meta") },
  };
}

/** The input of the training of networks of other seeds; undefined if there are none. */
async function ensembleOptions(inProgress: RunInProgress): Promise<EnsembleOptions | undefined> {
  const { run, data, shape, engines } = inProgress;
  const size = { trainPairs: data.train.pairs.length, parameters: gruParameterCount(shape) };
  const networks = networksOfHybrid(run.config, size);
  if (networks === 1 || everyoneTrains(data)) return undefined;
  return {
    ...trainingInput(inProgress, await engines.get("carry")),
    networks,
    checkpoints: (number) => checkpointsOf(inProgress, `network_${number}`),
  };
}

/** What every training inside `hybrid` needs. */
function trainingInput({ run, data, shape, progress, signal, circumstances }: RunInProgress, engine: Engine) {
  const { seconds } = circumstances;
  return { ...{ engine, shape, config: run.config, data, progress, seconds }, ...(signal ? { signal } : {}) };
}

/** The checkpoints of one training inside `hybrid`. */
function checkpointsOf(
  { run, data, circumstances, lock, progress }: RunInProgress,
  part: NonNullable<CheckpointedTraining["part"]>,
): Checkpoints {
  const { config, directory } = run;
  return new Checkpoints({
    ...{ directory, algorithm: "hybrid", part, config, data, lock, progress },
    seconds: circumstances.seconds,
  });
}

/** The run's networks, each with its rules for a person's pairs, in the order of training. */
async function candidatesOf({ run, trained, engines }: RunInProgress): Promise<HybridCandidate[]> {
  const candidates: HybridCandidate[] = [];
  for (const [algorithm, { theta, alpha, config }] of trained) {
    if (!isNetwork(algorithm)) continue;
    const rules = supportRules(algorithm, (config ?? run.config).metasgd_config);
    candidates.push({
      ...{ algorithm, theta, alpha, rules, engine: await engines.get(rules.mask) },
      ...(config === undefined ? {} : { config }),
    });
  }
  return candidates;
}
