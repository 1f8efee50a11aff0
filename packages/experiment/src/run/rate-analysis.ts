import { layerFinding } from "@kshot/comparison";
import type { DataSet, Engine, ParameterVector } from "@kshot/contract";
import type { AdaptingGroup, Config, RateAnalysis } from "@kshot/contract/schemas";
import { rateStatistics } from "@kshot/meta-sgd";
import { overallMetrics } from "@kshot/metrics";
import { adaptingGroup } from "../algorithms/index.js";
import { type NetworkInUse, networkScorer, rankedValidationPeople } from "../evaluation/index.js";
import { rateSpreads } from "./rate-spreads.js";

const tried: readonly AdaptingGroup[] = ["embedding", "gru", "gru-biases", "head", "output-bias", "all"];

/**
 * `rate_analysis.json`: the distribution of the learned rates (`rateSpreads`), and the gain from each group of tensors. For the
 * gain, the first windows of the validation people are adapted with the rates of one group of tensors; the rates of all others
 * are 0.
 *
 * @param use - a network with inner rates `alpha`, `[parameters]`, and how it uses the support pairs.
 * @returns the file's content; `groups.none` is zero-shot.
 */
export async function rateAnalysis(
  use: NetworkInUse & {
    readonly alpha: ParameterVector;
    readonly algorithm: string;
    readonly config: Config;
    readonly data: DataSet;
  },
): Promise<RateAnalysis> {
  const { engine, alpha, config, data } = use;
  const { layout } = engine;
  const { alpha_range, num_inner_steps } = config.metasgd_config;
  const groups: RateAnalysis["groups"] = {};
  const measure = async (rates: ParameterVector, steps: number) => {
    const ranked = await rankedValidationPeople(networkScorer({ ...use, alpha: rates }), data, steps);
    return overallMetrics(ranked.queries, data.items.length);
  };
  groups.none = await measure(alpha, 0);
  for (const group of tried) groups[group] = await measure(onlyOf(engine, alpha, group), num_inner_steps);
  return {
    algorithm: use.algorithm,
    ...rateSpreads(alpha, layout, alpha_range, data),
    groups,
    hypothesis: layerFinding(rateStatistics(alpha, layout)),
  };
}

/** α with the rates of all tensors outside the group set to 0. */
function onlyOf(engine: Engine, alpha: ParameterVector, group: AdaptingGroup): ParameterVector {
  const own = engine.vector();
  const names = adaptingGroup(engine.layout, group);
  for (const { name, offset, size } of engine.layout.tensors) {
    if (names.includes(name)) own.set(alpha.subarray(offset, offset + size), offset);
  }
  return own;
}
