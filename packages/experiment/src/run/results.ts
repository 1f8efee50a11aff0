import { join } from "node:path";
import {
  type AlgorithmName,
  algorithmId,
  type DataSet,
  type EngineDescription,
  type ParameterLayout,
  type ParameterVector,
} from "@kshot/contract";
import type { Config, Evaluation, Results } from "@kshot/contract/schemas";
import { adaptingTensors, metaAlgorithms, rateSummary } from "@kshot/meta-sgd";
import { isMetaLearner } from "../algorithm-table.js";
import { adaptingGroup, head } from "../algorithms/adapting-groups.js";
import type { TrainedNetwork } from "../algorithms/trained-network.js";
import type { RunCircumstances } from "../circumstances.js";
import { decidingConfig } from "../config/settings.js";

/** Identity of a run, as results and reports name it. */
export interface RunIdentity {
  readonly runId: string;
  readonly runTag: string;
  readonly createdAt: string;
}

/** A results file in memory (contract `kshot.results/1`): everything that may differ between equal runs stands under `volatile`. */
export function resultsOf(options: {
  algorithm: AlgorithmName;
  config: Config;
  data: DataSet;
  evaluations: Evaluation[];
  network: TrainedNetwork | null;
  history: Results["history"];
  layout: ParameterLayout | null;
  engine: EngineDescription | null;
  /** The saved network's files. */
  model?: Results["model"];
  identity: RunIdentity;
  circumstances: RunCircumstances;
  paths: Record<string, string>;
}): Results {
  const { algorithm, data, network, layout, engine, identity, circumstances } = options;
  const config = network?.config ?? options.config;
  const alpha = network?.alpha && layout ? ratesIn(network.alpha, layout, algorithm, config) : {};
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
    },
    evaluations: options.evaluations,
    history: options.history,
    alpha,
    ...(options.model === undefined ? {} : { model: options.model }),
    test: { opened: options.evaluations.some((evaluation) => evaluation.split === "test") ? 1 : 0 },
    volatile: {
      ...identity,
      command: circumstances.command,
      paths: options.paths,
      host: { ...circumstances.host },
      engine: engine?.name ?? "none",
      build: engine?.backend ?? "none",
      workers: engine?.workers ?? 1,
      secondsPerIteration: [...(network?.secondsPerIteration ?? [])],
    },
  };
}

/** Histograms and shares of the rates of what adapts; a tensor that does not has no rates. */
export function ratesIn(
  alpha: ParameterVector,
  layout: ParameterLayout,
  algorithm: AlgorithmName,
  config: Pick<Config, "metasgd_config">,
) {
  const { adapts, lr_clipping } = config.metasgd_config;
  const group = adaptingGroup(layout, adapts);
  const row = isMetaLearner(algorithm) ? metaAlgorithms[algorithm] : ({ name: "maml", adapts: "all" } as const);
  return rateSummary(alpha, layout, lr_clipping, adaptingTensors(layout, row, head, group));
}

/** Path of an algorithm's results, relative to the run folder. */
export function resultFile(algorithm: AlgorithmName, { k, q }: Pick<DataSet, "k" | "q">): string {
  return join("results", `${algorithmId(algorithm)}_K${k}_Q${q}.json`);
}

/** Finds one evaluation of a results file. */
export function evaluationAt(
  results: Results,
  place: { split: Evaluation["split"]; window: Evaluation["window"]; steps: number; k?: number },
): Evaluation | undefined {
  const k = place.k ?? results.k;
  return results.evaluations.find(
    (e) => e.split === place.split && e.window === place.window && e.steps === place.steps && e.k === k,
  );
}
