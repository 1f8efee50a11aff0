import { existsSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { entryAt } from "@kshot/contract";
import type { Suite } from "@kshot/contract/schemas";
import { type SuiteState, type SweepChoice, suiteStateSchema } from "@kshot/contract/schemas";
import { openProject, requireReplaceable, resolveFrom, withFolderHeld, writeJsonFile } from "@kshot/store";
import type { RunCircumstances } from "../circumstances.js";
import {
  machineResources,
  neededResources,
  requireDevice,
  requireResources,
  type Settings,
  withBuild,
} from "../config/index.js";
import { campusOf, isCampus, openDataFolder } from "../data/index.js";
import { requireSeveralPeopleIn, windows } from "../evaluation/index.js";
import { overReportPage, reserveRun, runFiles, suiteFile, trainingOrder, writeRunConfig } from "../run/index.js";
import { type Planned, plan } from "./plan.js";
import { entryOf, neededRun, requireStarts, warmStartFileOf, withStartFiles } from "./start.js";
import { openState } from "./state.js";

/** Input of a suite's plan. */
export interface SuiteOptions {
  readonly suite: Suite;
  /** Base of the suite's relative paths, absolute: the folder of its file. Default: the project folder. */
  readonly suiteDir?: string;
  /** Data folder, absolute. */
  readonly dataDir: string;
  /** Project folder whose registry lists the runs, absolute. */
  readonly project: string;
  /** Folder of the suite inside the project, absolute. */
  readonly directory: string;
  /** Settings of the command line, which override the suite's; a file to start from is absolute. */
  readonly flags?: Settings;
  /** Whether a page will be written at the end: one that may not be replaced is refused now. */
  readonly page?: boolean;
  readonly circumstances: RunCircumstances;
}

/** A suite cut into cells: cell i is run i of `suite.json`. */
export interface SuiteCells {
  readonly state: SuiteState;
  readonly cells: readonly {
    readonly name: string;
    /** Cells whose networks or figures it needs, by index. */
    readonly needs: readonly number[];
    readonly choice: SweepChoice | null;
  }[];
}

/**
 * Plans a suite: checks everything that can be checked, creates each run's folder and `config.json` (with the build of the
 * engine), and lists them in `suite.json`. A second call keeps existing files. On a synthetic campus the ideal observer is added.
 *
 * If a run's `warm_start` is `gru` (or another stage) and the run does not train it, it starts from the network of the same seed
 * of an earlier run.
 *
 * @throws `USAGE` for runs that train one method twice, a folder that belongs to another suite or to other flags, a warm start
 * that no run trains; `DATA` for unsuitable data. Nothing is written then.
 */
export async function planSuite(options: SuiteOptions): Promise<SuiteCells> {
  const { dataDir, project, directory, circumstances, flags = {} } = options;
  const own = withStartFiles(options.suite, (file) => resolveFrom(options.suiteDir ?? project, file));
  const suite = await withIdeal(own, dataDir);
  const planned = plan(suite, flags);
  for (const { config } of planned) await requireDevice(config);
  const dataFingerprint = await checkedData(dataDir, planned, project);
  const file = join(directory, suiteFile);
  const asked = { suite, flags, dataFingerprint, total: planned.length };
  // Refused before the project folder is created.
  await openState(file, asked);
  if (options.page) await requireReplaceable(join(directory, runFiles.page), overReportPage);
  await openProject(project);
  // The folder of the suite may not exist yet, so the project holds the lock.
  return withFolderHeld(project, `suite-${basename(directory)}`, async () => {
    const state = await openState(file, asked);
    for (const run of planned) {
      const known = state.runs.find(({ name, seed }) => name === run.name && seed === run.seed);
      if (known && existsSync(join(directory, known.run_tag, runFiles.config))) continue;
      if (known && run.choice !== null) continue;
      const opensTest = run.config.evaluation_split === "test";
      const settings = run.choice === null ? settingsOf(run, planned, state, options) : undefined;
      const reserved = await reserveRun({
        ...{ project, parent: directory, opensTest, circumstances, name: basename(directory) },
        ...(settings === undefined ? {} : { settings }),
      });
      const { runId: run_id, runTag: run_tag } = reserved.identity;
      state.runs = [
        ...state.runs.filter((entry) => entry !== known),
        { name: run.name, seed: run.seed, run_id, run_tag, done: false },
      ];
      await writeJsonFile(file, suiteStateSchema, state);
      if (settings !== undefined) await writeRunConfig({ ...reserved, ...settings });
    }
    // In the order of the plan: cell i is run i.
    state.runs = planned.map((run) => entryOf(state, run));
    await writeJsonFile(file, suiteStateSchema, state);
    const cells = planned.map((run) => {
      const needed = run.choice === null ? neededRun(run, planned) : null;
      const needs = run.choice?.tries.flat() ?? (needed === null ? [] : [planned.indexOf(needed)]);
      return { name: `${run.name}, seed ${run.seed}`, needs, choice: run.choice };
    });
    return { state, cells };
  });
}

/** The settings at the start of a run: with the build of the engine that this runtime chooses, its data, its start. */
function settingsOf(
  run: Planned,
  planned: readonly Planned[],
  state: SuiteState,
  { directory, dataDir }: SuiteOptions,
) {
  const warmStartFile = warmStartFileOf(run, planned, state, directory);
  trainingOrder(run.config, warmStartFile !== undefined);
  return { config: withBuild(run.config), dataDir, ...(warmStartFile === undefined ? {} : { warmStartFile }) };
}

/**
 * Refuses unsuitable data before anything is written; returns the data's fingerprint and frees the data.
 *
 * @throws as `openDataFolder`, `requireResources`, `requireSeveralPeopleIn` and `requireStarts`.
 */
async function checkedData(dataDir: string, planned: readonly Planned[], project: string): Promise<string> {
  const { K, Q } = entryAt(planned, 0).config;
  const data = await openDataFolder(dataDir, { k: K, q: Q });
  const machine = await machineResources(project);
  for (const { config } of planned) requireResources(neededResources(config, data.items.length), machine, project);
  for (const split of new Set(planned.map(({ config }) => config.evaluation_split)))
    requireSeveralPeopleIn(data, dataDir, split, windows);
  if (planned.some(({ config }) => config.algorithms.includes("ideal"))) await campusOf(dataDir);
  await requireStarts(planned, data);
  return data.fingerprint;
}

/** On a campus the ceiling is known and is added to the table once, with the first run. */
async function withIdeal(suite: Suite, dataDir: string): Promise<Suite> {
  const asked = suite.runs.some(({ algorithms }) => algorithms.includes("ideal"));
  if (asked || !(await isCampus(dataDir))) return suite;
  const runs = suite.runs.map((run, i) =>
    i === 0 ? { ...run, algorithms: [...run.algorithms, "ideal" as const] } : run,
  );
  return { ...suite, runs };
}

/**
 * The project folder of a suite's folder: `<project>/reports/<name>` belongs to the project; any other folder is a project
 * itself.
 */
export function projectOfSuite(directory: string): string {
  const reports = dirname(directory);
  return basename(reports) === "reports" && existsSync(join(dirname(reports), "meta.json"))
    ? dirname(reports)
    : directory;
}
