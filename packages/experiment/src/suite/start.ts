import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { isMetaLearner } from "@kshot/comparison";
import { type AlgorithmName, type DataSet, onlyEntry, usageError } from "@kshot/contract";
import type { Suite, SuiteState } from "@kshot/contract/schemas";
import { isOwnStart, modelShape, type Settings, warmStartOf } from "../config/index.js";
import { loadStart, modelFile, onlyPlainGru } from "../run/index.js";
import type { Planned } from "./plan.js";

/** A start that the run does not train itself: a file, or a network of an earlier run of the same seed. */
type Start = { readonly file: string } | { readonly run: Planned; readonly algorithm: AlgorithmName };

/**
 * The start of a run; null if it starts from its own networks, or from random parameters. Learners start as `warm_start` says,
 * fine-tuning always from the plain GRU.
 *
 * @throws `USAGE` for a start that no earlier run trains with the same `gru_config`, and for a run that needs two of them.
 */
function startOf(run: Planned, planned: readonly Planned[]): Start | null {
  const { algorithms, gru_config } = run.config;
  const start = warmStartOf(run.config);
  const where = `suite, run "${run.name}"`;
  if (start.kind === "tuned" && !algorithms.includes("gru")) {
    throw usageError({
      where,
      found: `a start from the best fine-tuning (warm_start "tuned"), but gru is not among its algorithms (${algorithms.join(", ")})`,
      expected: "gru in the run itself",
    });
  }
  if (start.kind === "file") return { file: start.path };
  const fineTunes = algorithms.includes("gru-finetuned") && !algorithms.includes("gru");
  // Without a learner, only fine-tuning needs a start.
  const learnersNeed = start.kind === "network" && (algorithms.some(isMetaLearner) || !fineTunes);
  const needed = new Set<AlgorithmName>(learnersNeed ? [start.algorithm] : []);
  if (fineTunes) needed.add("gru");
  const [algorithm, second] = [...needed].filter((name) => !algorithms.includes(name));
  if (algorithm === undefined) return null;
  if (second !== undefined) {
    throw usageError({
      where,
      found: `learners that start from ${algorithm}, and gru-finetuned, which starts from gru: two networks of other runs`,
      expected: "one at most",
      todo: "Make a separate run of gru-finetuned",
    });
  }
  const earlier = planned
    .slice(0, planned.indexOf(run))
    .find(
      ({ seed, config, tryOf }) =>
        tryOf === null &&
        seed === run.seed &&
        config.algorithms.includes(algorithm) &&
        isDeepStrictEqual(config.gru_config, gru_config),
    );
  if (earlier) return { run: earlier, algorithm };
  throw usageError({
    where,
    found: `${algorithm} is neither among its algorithms nor trained by an earlier run with the same gru_config`,
    expected: `${algorithm} in the run itself or before it`,
  });
}

/**
 * Refuses a start that no run trains and a file that does not match, before anything is written.
 *
 * @throws as `startOf` and `loadStart`.
 */
export async function requireStarts(planned: readonly Planned[], data: DataSet): Promise<void> {
  const known = new Set<string>();
  for (const run of planned) {
    const start = startOf(run, planned);
    if (start === null || !("file" in start)) continue;
    const only = onlyPlainGru(run.config);
    const shape = modelShape(run.config, data.items.length);
    // The same file for the same use is checked once, not for every seed.
    const use = JSON.stringify([start.file, shape, only]);
    if (known.has(use)) continue;
    known.add(use);
    await loadStart(start.file, { shape, data, progress: () => {}, ...only });
  }
}

/** The run whose network another starts from; null if there is none. @throws as `requireStarts` */
export function neededRun(run: Planned, planned: readonly Planned[]): Planned | null {
  const start = startOf(run, planned);
  return start !== null && "run" in start ? start.run : null;
}

/** The entry of a planned run in the suite's state, which has one. */
export function entryOf(state: SuiteState, { name, seed }: Pick<Planned, "name" | "seed">): SuiteState["runs"][number] {
  return onlyEntry(state.runs.filter((known) => known.name === name && known.seed === seed));
}

/** The file that a run starts from, absolute; undefined if there is none. */
export function warmStartFileOf(
  run: Planned,
  planned: readonly Planned[],
  state: SuiteState,
  directory: string,
): string | undefined {
  const start = startOf(run, planned);
  if (start === null) return undefined;
  if ("file" in start) return start.file;
  const entry = entryOf(state, start.run);
  return join(directory, entry.run_tag, modelFile(start.algorithm, { k: run.config.K }));
}

/** A suite with the path of every start file mapped by `path`. */
export function withStartFiles(suite: Suite, path: (file: string) => string): Suite {
  const settings = (own: Settings): Record<string, unknown> => ({ ...settingsWithStartFile(own, path) });
  return {
    ...suite,
    settings: settings(suite.settings),
    runs: suite.runs.map((run) => ({ ...run, settings: settings(run.settings) })),
  };
}

/** Settings with the path of `warm_start`, if it is a file, mapped by `path`. */
export function settingsWithStartFile(settings: Settings, path: (file: string) => string): Settings {
  const source: unknown = settings.metasgd_config?.warm_start;
  if (typeof source !== "string" || isOwnStart(source)) return settings;
  return { ...settings, metasgd_config: { ...settings.metasgd_config, warm_start: path(source) } };
}
