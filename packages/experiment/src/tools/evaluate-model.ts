import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { algorithmTitle, anonymousResults, isNetwork } from "@kshot/comparison";
import { type DataSet, onlyEntry } from "@kshot/contract";
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
import { openDataFolder, openTestPeople } from "../data/index.js";
import {
  type ClicksPlace,
  clicksOf,
  countingSwap,
  type EvaluationPlan,
  evaluate,
  evaluateSwaps,
  type PersonScorer,
  peopleIn,
  requireSeveralPeopleIn,
} from "../evaluation/index.js";
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
import {
  type EvaluateModelOptions,
  firstSupportsOf,
  requirePairsUsed,
  stepsOf,
  supportsOf,
} from "./evaluation-request.js";
import { type ListColumns, listFormat } from "./list-file.js";
import { queryListColumns, queryLists } from "./query-lists.js";
import { queryLogitColumns, queryLogits } from "./query-logits.js";

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
    progress({ type: "stage", stage, total, unit: "evaluation" });
    const evaluateAll = (asked: EvaluationPlan, before: number) =>
      evaluate(scorer, {
        ...{ data, plan: asked, seed: config.seed },
        onPeople: (done) => progress({ type: "step", stage, done: before + done, figures: {} }),
      });
    const evaluations = await evaluateAll(plan, 0);
    const firstEntries = first.length === 0 ? [] : await evaluateAll(firstPlan, peopleIn(data, plan));
    const clicks = first.length < 2 ? [] : windows.map((window) => clicksIn(firstEntries, data, { split, window }));
    progress({ type: "done", stage, text: `${total} evaluations of a person` });
    const swap = options.swap ? await swapsOf(options, saved, data, { scorer, evaluations }) : [];
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

/** The swap in the requested windows; a method without a network has one draw and fewer people, as in training. */
function swapsOf(
  { split, windows, progress }: EvaluateModelOptions,
  { ownSteps, metadata: { algorithm, config } }: SavedScorer,
  data: DataSet,
  { scorer, evaluations }: { readonly scorer: PersonScorer; readonly evaluations: readonly Evaluation[] },
): Promise<Swap[]> {
  const stage = algorithmTitle(algorithm);
  const { draws, mostPeople } = countingSwap;
  const plan = { split, windows, steps: ownSteps, evaluations, ...(isNetwork(algorithm) ? {} : { draws, mostPeople }) };
  return evaluateSwaps(scorer, data, plan, { seed: config.seed, progress, stage });
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
