import { isNetwork } from "@kshot/comparison";
import type { Engine, ParameterLayout, ParameterVector } from "@kshot/contract";
import type { ModelMetadata } from "@kshot/contract/schemas";
import { gruParameterLayout } from "@kshot/gru-layout";
import { openSavedModel } from "@kshot/recommend";
import { readModel } from "@kshot/store";
import { baselines } from "../algorithms/index.js";
import { type EngineChoice, openEngine } from "../config/index.js";
import { countingScorer, networkScorer, type PersonScorer, stackedScorer, supportRules } from "../evaluation/index.js";
import { loadNetwork } from "./model-files.js";

/** A saved model of any kind, as input of an evaluation. */
export interface SavedScorer {
  readonly metadata: ModelMetadata;
  /**
   * Rates for steps whose number an evaluation can choose; null for a model without rates, and for a stack, whose network takes
   * its own number.
   */
  readonly alpha: ParameterVector | null;
  /** Number of steps of its training; 0 if `alpha` is null. */
  readonly ownSteps: number;
  /** Number of steps that a stack's network takes, which an evaluation does not choose; 0 for any other model. */
  readonly stackSteps: number;
  /** Whether the support pairs change its scores without such steps. */
  readonly readsSupport: boolean;
  /** Layout of the network's parameters; undefined for a counting model. */
  readonly layout: ParameterLayout | undefined;
  /** Opens it; the caller disposes the engine. */
  open(choice: EngineChoice): Promise<{ readonly scorer: PersonScorer; readonly engine: Engine | undefined }>;
}

/**
 * Reads a model of any kind to evaluate it.
 *
 * @throws `DATA` for a file that is missing, damaged or incomplete.
 */
export async function loadScorer(file: string): Promise<SavedScorer> {
  const { metadata } = await readModel(file);
  if (metadata.kind !== "counts") return loadNetworkScorer(file);
  const { network, counts } = await openSavedModel(file);
  const { algorithm } = metadata;
  // Every stack knows which items a person has seen.
  const stacked = metadata.counts?.stack !== undefined;
  const readsSupport = stacked || algorithm === "hybrid" || isNetwork(algorithm) || baselines[algorithm].readsSupport;
  const own = { metadata, alpha: null, ownSteps: 0, stackSteps: 0, readsSupport };
  if (network === null) {
    const scorer = countingScorer(counts, metadata.items.length);
    return { ...own, layout: undefined, open: async () => ({ scorer, engine: undefined }) };
  }
  if (counts === null) return loadNetworkScorer(file);
  const { shape, theta, alpha, rules, ensemble } = network;
  return {
    ...own,
    stackSteps: alpha === null ? 0 : rules.innerSteps,
    layout: gruParameterLayout(shape),
    open: async (choice) => {
      const engine = await openEngine(choice, shape, rules.mask);
      return {
        scorer: stackedScorer(counts, { engine, theta, alpha, rules, offsets: counts.offsets, ensemble }),
        engine,
      };
    },
  };
}

async function loadNetworkScorer(file: string): Promise<SavedScorer> {
  const { shape, theta, alpha, metadata } = await loadNetwork(file);
  const rules = supportRules(metadata.algorithm, metadata.config.metasgd_config);
  return {
    ...{
      metadata,
      alpha,
      ownSteps: alpha === null ? 0 : rules.innerSteps,
      stackSteps: 0,
      readsSupport: rules.context,
      layout: gruParameterLayout(shape),
    },
    open: async (choice) => {
      const engine = await openEngine(choice, shape, rules.mask);
      return { scorer: networkScorer({ engine, theta, alpha, rules }), engine };
    },
  };
}
