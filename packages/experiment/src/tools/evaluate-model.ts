import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { algorithmTitle, anonymousResults } from "@kshot/comparison";
import type { AskedMetric, DataSet, SplitName, Window } from "@kshot/contract";
import { onlyEntry, usageError } from "@kshot/contract";
import { type Clicks, type Evaluation, type Results, resultsSchema, type Swap } from "@kshot/contract/schemas";
import {
  countTestOpening,
  fileBegins,
  findRunOf,
  type ReplaceRule,
  type RunPlace,
  readJsonFile,
  requireReplaceable,
  writeFileAtomic,
  writeJsonFile,
} from "@kshot/store";
import { emptyHistory } from "../algorithms/index.js";
import type { RunCircumstances } from "../circumstances.js";
import type { EngineChoice } from "../config/index.js";
import { openDataFolder, openTestPeople } from "../data/index.js";
import {
  type ClicksPlace,
  clicksOf,
  type EvaluationPlan,
  evaluate,
  evaluateSwaps,
  type PersonScorer,
  peopleIn,
  requireSeveralPeopleIn,
} from "../evaluation/index.js";
import type { Progress } from "../progress.js";
import {
  loadScorer,
  modelFingerprint,
  otherData,
  requireSameVocabulary,
  resultsOf,
  runFiles,
  type SavedScorer,
} from "../run/index.js";
import { requireDifferentOutputs } from "./different-outputs.js";
import { type ListColumns, listFormat } from "./list-file.js";
import { queryListColumns, queryLists } from "./query-lists.js";
import { queryLogitColumns, queryLogits } from "./query-logits.js";

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

/** Length of the lists in `lists`. */
const listLength = 10;

/**
 * Results can replace results of an earlier evaluation. Those of `train` hold its history: they name the folder of their run; without
 * names of paths (`--anonymous`) they lie in it, or hold what was measured during training.
 */
const overEarlierResults: ReplaceRule = {
  async wrote(file) {
    if (!(await fileBegins(file, /^\s*\{\s*"schema"\s*:\s*"kshot\.results\//))) return false;
    if (existsSync(join(dirname(file), "..", runFiles.config))) return false;
    const found = await readJsonFile(file, resultsSchema).catch(() => undefined);
    if (found === undefined || found.volatile.paths.run !== undefined) return false;
    return found.history.iteration.length === 0 && found.history.validation.length === 0;
  },
};

/**
 * Evaluates a saved model on a data folder: steps curve, K curve, both windows. An evaluation of the test people is counted in the
 * data folder, and in the registry of the project that the model belongs to.
 *
 * @throws `DATA` for files that are broken or do not belong together, `USAGE` for numbers of steps or pairs that the model does
 * not have
 */
export async function evaluateModel(options: EvaluateModelOptions): Promise<Results> {
  const { model, progress, circumstances, split, windows } = options;
  const overResults = { ...overEarlierResults, inputs: [model, options.dataDir] };
  // Checked before the work.
  requireDifferentOutputs({ "--out": options.out, "--lists": options.lists, "--logits": options.logits });
  if (options.out !== undefined) await requireReplaceable(options.out, overResults);
  const tables = [
    ...tableOf(options.lists, "--lists", queryListColumns, overResults.inputs),
    ...tableOf(options.logits, "--logits", queryLogitColumns, overResults.inputs),
  ];
  for (const { file, over } of tables) await requireReplaceable(file, over);
  const saved = await loadScorer(model);
  const { config, algorithm } = saved.metadata;
  const data = await openDataFolder(options.dataDir, { k: config.K, q: config.Q });
  requireSeveralPeopleIn(data, options.dataDir, split, windows);
  requireSameVocabulary(model, saved.metadata.items, data, options.dataDir);
  const trainedOn = saved.metadata.dataFingerprint;
  if (trainedOn !== data.fingerprint) progress({ type: "note", text: otherData(model, trainedOn) });
  requirePairsUsed(options, saved);
  const shown = [0, config.metasgd_config.num_inner_steps];
  const supports = supportsOf(options, saved);
  const plan: EvaluationPlan = {
    ...{ split, windows, steps: stepsOf(options, saved), supports, shown },
    ...(options.metrics === undefined ? {} : { metrics: options.metrics }),
  };
  const first = firstSupportsOf(options, saved);
  const firstPlan: EvaluationPlan = { ...plan, supports: first, support: "first", shown: [0, ...plan.steps] };
  const run = await findRunOf(model);
  // Counted before the figures are computed.
  const openings = await countedOpenings(options, data, run);
  const { scorer, engine } = await saved.open(options.engine);
  try {
    const stage = "Evaluating";
    const total = peopleIn(data, plan) + peopleIn(data, firstPlan);
    progress({ type: "stage", stage, total, unit: "person" });
    const evaluateAll = (asked: EvaluationPlan, before: number) =>
      evaluate(scorer, {
        ...{ data, plan: asked, seed: config.seed },
        onPeople: (done) => progress({ type: "step", stage, done: before + done, figures: {} }),
      });
    const evaluations = await evaluateAll(plan, 0);
    const firstEntries = first.length === 0 ? [] : await evaluateAll(firstPlan, peopleIn(data, plan));
    const clicks = first.length < 2 ? [] : windows.map((window) => clicksIn(firstEntries, data, { split, window }));
    progress({ type: "done", stage, text: `${total} people` });
    const swap = options.swap ? await swapsOf(options, saved, data, scorer) : [];
    const full = resultsOf({
      ...{ algorithm, config, data, circumstances, clicks, swap, evaluations: [...evaluations, ...firstEntries] },
      history: emptyHistory(),
      ...(saved.layout ? { network: { alpha: saved.alpha, layout: saved.layout, secondsPerIteration: [] } } : {}),
      ...(engine ? { engine: engine.description } : {}),
      model: await modelFingerprint(model),
      openings,
      identity: {
        runId: run?.runId ?? "",
        runTag: run?.runTag ?? "",
        createdAt: circumstances.now().toISOString(),
      },
      paths: {},
    });
    const result = options.anonymous ? onlyEntry(anonymousResults([full])) : full;
    if (options.out !== undefined) {
      await writeJsonFile(options.out, resultsSchema, result, { indent: 0, replace: overResults, sealed: true });
    }
    const steps = saved.alpha === null ? 0 : config.metasgd_config.num_inner_steps;
    const asked = { data, split, windows, steps };
    for (const { file, columns, format, over } of tables) {
      const rows =
        columns === queryListColumns ? queryLists(scorer, { ...asked, top: listLength }) : queryLogits(scorer, asked);
      await writeFileAtomic(file, format.pieces(columns, rows), over);
    }
    return result;
  } finally {
    engine?.dispose();
  }
}

/** A requested file of rows, with its format and the files that it may replace; none if it was not requested. */
function tableOf(file: string | undefined, flag: string, columns: ListColumns, inputs: readonly string[]) {
  if (file === undefined) return [];
  const format = listFormat(file, flag);
  return [{ file, columns, format, over: format.rule(columns, inputs) }];
}

/** The swap in the requested windows. */
function swapsOf(
  { split, windows, progress }: EvaluateModelOptions,
  { ownSteps, metadata: { algorithm, config } }: SavedScorer,
  data: DataSet,
  scorer: PersonScorer,
): Promise<Swap[]> {
  const stage = algorithmTitle(algorithm);
  return evaluateSwaps(scorer, data, { split, windows, steps: ownSteps }, { seed: config.seed, progress, stage });
}

/** @throws `USAGE` for a swap of a model that does not use support pairs. */
function requirePairsUsed(
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
function supportsOf({ supports }: EvaluateModelOptions, { metadata, readsSupport }: SavedScorer): readonly number[] {
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
function firstSupportsOf({ firstSupports = [] }: EvaluateModelOptions, { metadata }: SavedScorer): readonly number[] {
  const beyond = firstSupports.find((k) => k > metadata.config.K);
  if (beyond === undefined) return [...new Set(firstSupports)].sort((a, b) => a - b);
  throw usageError({
    where: "--first-k",
    found: `${beyond}`,
    expected: `0 to ${metadata.config.K}, the support pairs of an episode`,
  });
}

/** Summary of the entries on first pairs, after the largest requested number of steps. */
function clicksIn(
  entries: readonly Evaluation[],
  data: DataSet,
  { split, window }: Pick<ClicksPlace, "split" | "window">,
): Clicks {
  const own = entries.filter((entry) => entry.window === window);
  const steps = Math.max(...own.map((entry) => entry.steps));
  const ranked = own
    .filter((entry) => entry.steps === (entry.k === 0 ? 0 : steps))
    .map(({ k, people: { queries, top = [] } }) => ({ k, queries, top }));
  return clicksOf(data, { split, window, steps }, ranked);
}

/** Numbers of inner steps; only 0 for a model without inner learning rates. */
function stepsOf({ steps, progress }: EvaluateModelOptions, { alpha }: SavedScorer): readonly number[] {
  if (alpha !== null) return steps;
  if (!steps.includes(0)) {
    throw usageError({
      where: "--steps",
      found: `${steps.join(",")} for a model without inner learning rates`,
      expected: "0 among the steps: a plain GRU does not adapt",
    });
  }
  if (steps.length > 1) {
    progress({
      type: "note",
      text: "The model has no inner learning rates; it is evaluated without adaptation (0 steps).",
    });
  }
  return [0];
}

/** Number of evaluations of the test people, with this one; 0 for the validation people. */
async function countedOpenings(
  options: EvaluateModelOptions,
  data: DataSet,
  run: RunPlace | undefined,
): Promise<number> {
  if (options.split !== "test") return 0;
  if (run !== undefined) await countTestOpening(run.project, run.runId);
  return openTestPeople({ ...options, data, id: options.circumstances.newId() });
}
