import { isMetaLearner } from "@kshot/comparison";
import type { Config } from "@kshot/contract/schemas";
import { chooseEngine } from "./choose-engine.js";

/**
 * A line for each setting that makes training take more than 1.3 times as long as its alternative with the same purpose, for the
 * start of a run. The factors are those of docs/performance.md and of the decisions that name them.
 *
 * @returns the lines; empty if there is no such setting
 */
export function costlyOptions(config: Config): string[] {
  const { algorithms, gru_training, metasgd_config } = config;
  const lines: string[] = [];
  const tensor = chooseEngine(config) === "tensor";
  if (tensor && config.device === "cpu") {
    lines.push(
      "The tensor engine takes about 20 times as long as the SIMD engine, which computes the same (--engine simd).",
    );
  }
  if (
    !tensor &&
    gru_training.minibatches === "pairs" &&
    algorithms.some((name) => name === "gru" || name === "gru-context")
  ) {
    lines.push(
      "gru_training.minibatches: pairs takes about 3 times as long as minibatches of whole sessions, which share their prefixes.",
    );
  }
  if (tensor && metasgd_config.inner_clip !== null && algorithms.some(isMetaLearner)) {
    lines.push(
      "metasgd_config.inner_clip on the tensor engine is computed step by step, not in one program; the SIMD engine takes 1.2 times as long with it.",
    );
  }
  return lines;
}
