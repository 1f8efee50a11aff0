import { isMetaLearner } from "@kshot/comparison";
import type { AlgorithmName, DataSet, EngineDescription, ParameterLayout, ParameterVector } from "@kshot/contract";
import type { Clicks, Evaluation, PersonalSignal, Results, Swap } from "@kshot/contract/schemas";
import { adaptingTensors, metaAlgorithms, rateSummary } from "@kshot/meta-sgd";
import { adaptingGroup, head } from "../algorithms/index.js";
import type { RunCircumstances } from "../circumstances.js";
import { type DecidingConfig, decidingConfig } from "../config/index.js";
import { labelCounts } from "../evaluation/index.js";
import { relativePath, runFiles } from "./run-files.js";
import type { OpenRun, RunIdentity } from "./start-run.js";

/** The parts of a results file. */
export interface ResultsParts {
  readonly algorithm: AlgorithmName;
  readonly config: DecidingConfig;
  readonly data: DataSet;
  readonly evaluations: Evaluation[];
  /** Whether the data have a personal signal; if omitted, it was not measured. */
  readonly personal?: PersonalSignal;
  /** Own support pairs against other people's pairs; empty if not measured. */
  readonly swap?: readonly Swap[];
  /** By number of first support pairs; omitted or empty for a method that does not use them. */
  readonly clicks?: Clicks[];
  readonly history: Results["history"];
  /** The evaluated network; omitted for a method without one. */
  readonly network?: {
    readonly alpha: ParameterVector | null;
    readonly layout: ParameterLayout;
    readonly secondsPerIteration: readonly number[];
  };
  /** The engine; omitted for a method that needs none. */
  readonly engine?: EngineDescription;
  /** Validation metrics when only one group of tensors adapts; omitted: not measured. */
  readonly ablation?: Results["ablation"];
  /** Identifies the saved network by its content. */
  readonly model?: Results["model"];
  /** The number of this evaluation of the test people, from the registry of the data folder; if omitted, 1 if they are evaluated. */
  readonly openings?: number;
  readonly identity: RunIdentity;
  readonly circumstances: RunCircumstances;
  readonly paths: Record<string, string>;
}

/**
 * A results file in memory (`kshot.results/1`, docs/files.md). Everything that may differ between equal runs is under `volatile`.
 */
export function resultsOf(parts: ResultsParts): Results {
  const { algorithm, config, data, evaluations, clicks = [], network, engine, identity, circumstances } = parts;
  const openings = evaluations.some((evaluation) => evaluation.split === "test") ? 1 : 0;
  return {
    schema: "kshot.results/1",
    algorithm,
    k: data.k,
    q: data.q,
    config: decidingConfig(config),
    data: {
      fingerprint: data.fingerprint,
      items: [...data.items],
      ...(data.titles ? { titles: [...data.titles] } : {}),
      people: {
        train: data.train.pairs.users.length,
        val: data.val.pairs.users.length,
        test: data.test.pairs.users.length,
      },
      trainPairs: [...labelCounts(data)],
      ...(data.account ? { account: data.account } : {}),
    },
    evaluations,
    ...(clicks.length === 0 ? {} : { clicks }),
    ...(parts.swap === undefined || parts.swap.length === 0 ? {} : { swap: [...parts.swap] }),
    ...(parts.personal === undefined ? {} : { personal: parts.personal }),
    history: parts.history,
    alpha: network?.alpha ? ratesIn(network.alpha, network.layout, algorithm, config) : {},
    ...(parts.ablation === undefined ? {} : { ablation: parts.ablation }),
    ...(parts.model === undefined ? {} : { model: parts.model }),
    test: { opened: parts.openings ?? openings },
    volatile: {
      runId: identity.runId,
      runTag: identity.runTag,
      createdAt: identity.createdAt,
      command: circumstances.command,
      paths: parts.paths,
      host: { ...circumstances.host },
      engine: engine?.name ?? "none",
      build: engine?.backend ?? "none",
      workers: engine?.workers ?? 1,
      secondsPerIteration: [...(network?.secondsPerIteration ?? [])],
    },
  };
}

/** Histograms and shares of the rates of adapting tensors; other tensors have no rates. */
function ratesIn(alpha: ParameterVector, layout: ParameterLayout, algorithm: AlgorithmName, config: DecidingConfig) {
  const { adapts, alpha_range } = config.metasgd_config;
  const group = adaptingGroup(layout, adapts);
  const row = isMetaLearner(algorithm) ? metaAlgorithms[algorithm] : ({ name: "maml", adapts: "all" } as const);
  return rateSummary(alpha, layout, alpha_range, adaptingTensors(layout, row, head, group));
}

/** Paths in a results file, relative to the file. */
export function pathsFromResult({
  directory,
  dataDir,
}: Pick<OpenRun, "directory" | "dataDir">): Record<string, string> {
  return { run: "..", config: `../${runFiles.config}`, data: relativePath(`${directory}/results`, dataDir) };
}

/** Finds one evaluation of a results file. */
export function evaluationAt(
  results: Results,
  place: { split: Evaluation["split"]; window: Evaluation["window"]; steps: number; k?: number },
): Evaluation | undefined {
  const k = place.k ?? results.k;
  return results.evaluations.find(
    (e) =>
      e.split === place.split &&
      e.window === place.window &&
      e.steps === place.steps &&
      e.k === k &&
      e.support === undefined,
  );
}
