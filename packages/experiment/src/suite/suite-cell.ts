import { existsSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { entryAt, interruptedError, KshotError } from "@kshot/contract";
import { type Results, type SuiteState, type SweepChoice, suiteStateSchema } from "@kshot/contract/schemas";
import { readJsonFile } from "@kshot/store";
import { mergeSettings, resolveConfig } from "../config/index.js";
import {
  type RunningOptions,
  readResults,
  reopenRun,
  resumeTraining,
  runFiles,
  runOutput,
  suiteFile,
  writeRunConfig,
} from "../run/index.js";
import { ranking } from "./sweep-ranking.js";

/** A cell of a suite and its environment. */
export interface SuiteCellOptions extends RunningOptions {
  /** Folder of the suite, absolute. */
  readonly directory: string;
  /** Project whose registry lists the suite's runs, absolute. */
  readonly project: string;
  readonly index: number;
  readonly choice: SweepChoice | null;
  /** Threads; does not change results. */
  readonly workers?: number;
}

/**
 * Carries out one run of a suite: finished algorithms are kept, stopped ones continue from their checkpoints.
 *
 * @returns hash of the run's output without `volatile`
 * @throws as `resumeTraining`; `DATA` if the data folder is not the one that the suite was planned on.
 */
export async function carryOutSuiteCell(options: SuiteCellOptions): Promise<string> {
  const { directory, project, index, choice, workers, ...running } = options;
  const state = await readJsonFile(join(directory, suiteFile), suiteStateSchema);
  const entry = entryAt(state.runs, index);
  const runDir = join(directory, entry.run_tag);
  if (choice !== null && !existsSync(join(runDir, runFiles.config))) {
    await writeChosenConfig({ ...running, directory, project, index, choice, state });
  }
  await onceFree(
    () =>
      resumeTraining({
        ...running,
        project,
        run: entry.run_id,
        dataFingerprint: state.dataFingerprint,
        ...(workers === undefined ? {} : { workers }),
      }),
    running,
  );
  return runOutput(runDir);
}

const pauseMs = 250;

/**
 * Waits while another process works in the run's folder: one that was killed may take a moment to end, and the process of a worker
 * that was stopped for longer than its lease may compute the run to its end.
 */
async function onceFree<T>(
  work: () => Promise<T>,
  { progress, signal }: Pick<RunningOptions, "progress" | "signal">,
): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work();
    } catch (error) {
      if (!KshotError.isInstance(error) || !/another process works in it/.test(error.parts.found)) throw error;
      if (signal?.aborted) throw interruptedError({ found: `stopped while ${error.parts.where} was in use` });
      if (attempt === 20) progress({ type: "note", text: `Waiting. ${error.message}` });
      await sleep(pauseMs);
    }
  }
}

/** Writes the `config.json` of a cell with the settings of the best try, by validation MRR. */
async function writeChosenConfig({
  directory,
  project,
  index,
  choice,
  state,
  ...running
}: RunningOptions & {
  readonly directory: string;
  readonly project: string;
  readonly index: number;
  readonly choice: SweepChoice;
  readonly state: SuiteState;
}): Promise<void> {
  const results: Results[][] = [];
  for (const cells of choice.tries) {
    const tags = cells.map((cell) => join(directory, entryAt(state.runs, cell).run_tag));
    results.push((await readResults(tags)).map((run) => run.results));
  }
  const chosen = entryAt(choice.tries, entryAt(ranking(results), choice.place).index);
  const source = await reopenRun({
    ...running,
    project,
    run: entryAt(state.runs, entryAt(chosen, choice.seed)).run_id,
  });
  const { $schema: _, notebook: __, run_tag: ___, run_id: ____, files: _____, ...settings } = source.config;
  const config = resolveConfig({ preset: "notebook", flags: mergeSettings(settings, choice.settings) });
  const entry = entryAt(state.runs, index);
  await writeRunConfig({
    directory: join(directory, entry.run_tag),
    name: source.name,
    identity: { runId: entry.run_id, runTag: entry.run_tag },
    config,
    dataDir: source.dataDir,
    ...(source.warmStartFile === undefined ? {} : { warmStartFile: source.warmStartFile }),
  });
}
