import {
  algorithmTitle,
  fewShotOf,
  improvementPercent,
  isAdapting,
  isMetaLearner,
  rateFinding,
  usesSupport,
  whichToUse,
  zeroShotOf,
} from "@kshot/comparison";
import type { ParameterLayout, Window } from "@kshot/contract";
import { algorithmId, whole } from "@kshot/contract";
import type { Config, LrAnalysis, Report, Results } from "@kshot/contract/schemas";
import { rateStatistics } from "@kshot/meta-sgd";
import type { FinishedNetwork } from "../algorithms/index.js";
import type { RunIdentity } from "./start-run.js";

/** The window of the keys without suffix in `report.json`. */
const notebookWindow: Window = "last";

/** `lr_analysis.json`: mean, unbiased standard deviation, minimum and maximum of α per tensor. */
export function lrAnalysis(network: FinishedNetwork, layout: ParameterLayout): LrAnalysis {
  return network.alpha === null ? {} : rateStatistics(network.alpha, layout);
}

/**
 * `report.json`. The metric keys without suffix hold the `last` window; the same keys with the suffix `_first` hold a person's
 * first K + Q pairs. Every algorithm of the run has its keys, including those of metrics requested with `--metrics`:
 * `gru_zero_shot_recall20`.
 */
export function reportOf(options: {
  identity: RunIdentity;
  name: string;
  projectRoot: string;
  config: Config;
  results: readonly Results[];
  rates: LrAnalysis | null;
  fingerprints: Report["data_fingerprints"];
  trainingIterations: number | null;
  notes: readonly string[];
}): Report {
  const { config, results, rates } = options;
  const split = config.evaluation_split;
  const metrics: Report["metrics"] = {};
  const anyone = results[0] && zeroShotOf(results[0], { split, window: notebookWindow });
  metrics.n_test_episodes = anyone?.people.user.length ?? null;
  for (const window of [notebookWindow, "first"] as const) {
    const suffix = window === notebookWindow ? "" : "_first";
    const gru = results.find((r) => r.algorithm === "gru");
    const baseline = gru && zeroShotOf(gru, { split, window })?.metrics["accuracy@1"].value;
    metrics[`gru_baseline_acc1${suffix}`] = baseline ?? null;
    for (const result of results) {
      const id = algorithmId(result.algorithm);
      const place = { split, window };
      const kinds = [
        ["zero_shot", zeroShotOf(result, place)] as const,
        ...(usesSupport(result, place) ? [[`few_shot_K${config.K}`, fewShotOf(result, place)] as const] : []),
      ];
      for (const [kind, found] of kinds) {
        if (!found) continue;
        metrics[`${id}_${kind}_acc1${suffix}`] = found.metrics["accuracy@1"].value;
        metrics[`${id}_${kind}_recall5${suffix}`] = found.metrics["recall@5"].value;
        metrics[`${id}_${kind}_recall10${suffix}`] = found.metrics["recall@10"].value;
        metrics[`${id}_${kind}_ndcg10${suffix}`] = found.metrics["ndcg@10"].value;
        metrics[`${id}_${kind}_mrr${suffix}`] = found.metrics.mrr.value;
        for (const [name, { value }] of Object.entries(found.moreMetrics ?? {})) {
          metrics[`${id}_${kind}_${name.replace("accuracy", "acc").replace("@", "")}${suffix}`] = value;
        }
      }
      if (isAdapting(result.algorithm)) {
        const few = fewShotOf(result, place)?.metrics["accuracy@1"].value;
        const gain = improvementPercent(few, baseline);
        metrics[`${id}_improvement_over_baseline_pct${suffix}`] = gain;
        if (result.algorithm === "meta-sgd") metrics[`improvement_over_baseline_pct${suffix}`] = gain;
      }
    }
  }
  metrics.training_iterations = options.trainingIterations;
  const summary = rates && {
    embedding_mean_alpha: rates["embedding.weight"]?.mean ?? 0,
    gru_mean_alpha: rates["gru.weight_hh_l0"]?.mean ?? 0,
    fc_mean_alpha: rates["fc.weight"]?.mean ?? 0,
  };
  return {
    run_id: options.identity.runId,
    notebook: options.name,
    run_tag: options.identity.runTag,
    created_at: options.identity.createdAt,
    repo_root: options.projectRoot,
    metrics,
    key_findings: [
      ...keyFindings(config, results, metrics, summary),
      ...learnedRates(results),
      ...[whichToUse(results, { split })].flatMap((sentence) => sentence ?? []),
    ],
    sanity_samples: {
      metasgd_config: config.metasgd_config,
      gru_config: config.gru_config,
      lr_analysis_summary: summary,
    },
    data_fingerprints: options.fingerprints,
    notes: [...options.notes],
  };
}

/** The finding about the learned rates of Meta-SGD; empty if there is none. */
function learnedRates(results: readonly Results[]): string[] {
  const learned = results.find(({ algorithm }) => algorithm === "meta-sgd");
  const finding = learned ? rateFinding(learned) : null;
  return finding === null ? [] : [finding];
}

function keyFindings(
  config: Config,
  results: readonly Results[],
  metrics: Report["metrics"],
  rates: Report["sanity_samples"]["lr_analysis_summary"],
): string[] {
  const findings: string[] = [];
  for (const result of results) {
    if (!isMetaLearner(result.algorithm)) continue;
    const id = algorithmId(result.algorithm);
    const title = algorithmTitle(result.algorithm);
    const zero = metrics[`${id}_zero_shot_acc1`];
    const few = metrics[`${id}_few_shot_K${config.K}_acc1`];
    const gain = metrics[`${id}_improvement_over_baseline_pct`];
    findings.push(
      `${title} meta-training: ${whole(result.history.iteration.at(-1) ?? 0)} iterations with ${config.metasgd_config.meta_batch_size} tasks/batch`,
      `${title} zero-shot performance (no adaptation): Acc@1=${fixed(zero)}`,
      `${title} few-shot performance (K=${config.K} adaptation): Acc@1=${fixed(few)}`,
    );
    if (gain !== null && gain !== undefined) {
      const sign = gain < 0 ? "" : "+";
      findings.push(
        `${title} improvement over GRU baseline: ${sign}${gain.toFixed(2)}% (${fixed(few)} vs ${fixed(metrics.gru_baseline_acc1)})`,
      );
    }
  }
  if (rates) {
    findings.push(
      `Learned LR analysis: Embedding α=${rates.embedding_mean_alpha.toFixed(6)}, GRU α=${rates.gru_mean_alpha.toFixed(6)}, output α=${rates.fc_mean_alpha.toFixed(6)}`,
    );
  }
  return findings;
}

function fixed(value: number | null | undefined): string {
  return typeof value === "number" ? value.toFixed(4) : "n/a";
}
