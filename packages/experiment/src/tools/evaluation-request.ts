import { algorithmTitle } from "@kshot/comparison";
import { type AskedMetric, type SplitName, usageError, type Window } from "@kshot/contract";
import type { RunCircumstances } from "../circumstances.js";
import type { EngineChoice } from "../config/index.js";
import type { Progress } from "../progress.js";
import type { SavedScorer } from "../run/index.js";

/** Options of `evaluateModel`. */
export interface EvaluateModelOptions {
  /** File of a saved model, absolute. */
  readonly model: string;
  /** Data folder, absolute. */
  readonly dataDir: string;
  readonly split: Exclude<SplitName, "train">;
  readonly windows: readonly Window[];
  /** Numbers of inner steps. */
  readonly steps: readonly number[];
  /** Numbers of support pairs; undefined: the model's K. */
  readonly supports?: readonly number[];
  /** Numbers of a person's first support pairs, 0 … K: entries in addition to those of `supports`. */
  readonly firstSupports?: readonly number[];
  /** Metrics in addition to the usual five. */
  readonly metrics?: readonly AskedMetric[];
  /** Whether people are also evaluated with other people's pairs, after the model's number of inner steps. */
  readonly swap?: boolean;
  readonly engine: EngineChoice;
  /** Whether the results leave out ids and items of single people, the command line and paths. */
  readonly anonymous?: boolean;
  /** File for the results; left out: none is written. */
  readonly out?: string;
  /** File for the ten highest items of every query, after the model's own number of steps: `.csv`, `.jsonl` or `.parquet`. */
  readonly lists?: string;
  /** File for the scores of all items of every query, after the model's own number of steps; endings as `lists`. */
  readonly logits?: string;
  readonly circumstances: RunCircumstances;
  readonly progress: Progress;
}

/** @throws `USAGE` for a swap of a model that does not use support pairs. */
export function requirePairsUsed(
  { swap = false }: EvaluateModelOptions,
  { readsSupport, ownSteps, metadata }: SavedScorer,
): void {
  if (!swap || readsSupport || ownSteps > 0) return;
  throw usageError({
    where: "--swap",
    found: `${algorithmTitle(metadata.algorithm)}, which does not use the support pairs`,
    expected: "a model that adapts to them or reads them",
    todo: "Remove --swap",
  });
}

/** Numbers of support pairs, at most the model's K; 0 only if the model reads them. */
export function supportsOf(
  { supports }: EvaluateModelOptions,
  { metadata, readsSupport }: SavedScorer,
): readonly number[] {
  const { config } = metadata;
  const asked = supports ?? [config.K];
  const least = readsSupport ? 0 : 1;
  const beyond = asked.find((k) => k > config.K || k < least);
  if (beyond === undefined) return asked;
  throw usageError({
    where: "--k",
    found: `${beyond}`,
    expected: `${least} to ${config.K}, the support pairs of an episode`,
  });
}

/** Numbers of first support pairs, ascending, at most the model's K. */
export function firstSupportsOf(
  { firstSupports = [] }: EvaluateModelOptions,
  { metadata }: SavedScorer,
): readonly number[] {
  const beyond = firstSupports.find((k) => k > metadata.config.K);
  if (beyond === undefined) return [...new Set(firstSupports)].sort((a, b) => a - b);
  throw usageError({
    where: "--first-k",
    found: `${beyond}`,
    expected: `0 to ${metadata.config.K}, the support pairs of an episode`,
  });
}

/** Numbers of inner steps; only 0 for a model without inner learning rates. */
export function stepsOf(
  { steps, progress }: EvaluateModelOptions,
  { alpha, stackSteps }: SavedScorer,
): readonly number[] {
  if (alpha !== null) return steps;
  if (!steps.includes(0)) {
    throw usageError({
      where: "--steps",
      found: `${steps.join(",")} for a model without inner learning rates`,
      expected: "0 among the steps: a plain GRU does not adapt",
    });
  }
  if (steps.length > 1) {
    const text =
      stackSteps > 0
        ? `The network of the stack takes ${stackSteps} ${stackSteps === 1 ? "step" : "steps"} on the support pairs, as in training; an evaluation cannot choose another number.`
        : "The model has no inner learning rates; it is evaluated without adaptation (0 steps).";
    progress({ type: "note", text });
  }
  return [0];
}
