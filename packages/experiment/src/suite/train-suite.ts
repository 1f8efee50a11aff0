import { existsSync } from "node:fs";
import { join } from "node:path";
import { askedMetricsIn, askedMetricTable, type Comparison, compareResults, compareTable } from "@kshot/comparison";
import { type Suite, suiteStateSchema } from "@kshot/contract/schemas";
import {
  openProject,
  requireReplaceable,
  resolveFrom,
  withFolderHeld,
  writeFileAtomic,
  writeJsonFile,
} from "@kshot/store";
import type { Settings } from "../config/index.js";
import { isCampus, openDataFolder } from "../data/index.js";
import { requireSeveralPeopleIn, windows } from "../evaluation/index.js";
import type { Progress, ProgressEvent } from "../progress.js";
import {
  overReportPage,
  type RunningOptions,
  readResults,
  resumeTraining,
  runFiles,
  suiteFile,
  train,
} from "../run/index.js";
import { type Planned, plan } from "./plan.js";
import { requireStarts, warmStartFileOf, withStartFiles } from "./start.js";
import { openState } from "./state.js";

/** What a suite needs. */
export interface SuiteOptions extends RunningOptions {
  readonly suite: Suite;
  /** Folder that the suite's own paths start from, absolute: that of its file. Default: the project folder. */
  readonly suiteDir?: string;
  /** Data folder, absolute. */
  readonly dataDir: string;
  readonly project: string;
  /** Folder under `reports/`: the same again goes on where the suite stopped. */
  readonly name: string;
  /** Settings of the command line, over the suite's; a file to start from is absolute. */
  readonly flags?: Settings;
}

/** What a suite leaves. */
export interface SuiteOutcome {
  readonly directory: string;
  readonly comparison: Comparison;
  readonly table: string;
  readonly resultFiles: readonly string[];
  /** Path of the page that shows them all; null where none was asked for. */
  readonly reportPage: string | null;
}

/**
 * Carries out a suite: every run with every seed, one after the other, then one comparison of all results. Asked for again under the
 * same name it goes on: finished runs are kept, one that was stopped is resumed from its checkpoint. On a synthetic campus the
 * ideal observer is added.
 *
 * A run whose `warm_start` is `gru` (or another stage) without training it starts from the network of the same seed of an earlier run.
 *
 * @throws `USAGE` for runs that train one method twice, a name that belongs to another suite or to other flags, a warm start that
 *   nobody trains; `FAILED` where another process is at the suite; else as `train`.
 */
export async function trainSuite(options: SuiteOptions): Promise<SuiteOutcome> {
  const { dataDir, project, name, progress, flags = {} } = options;
  const own = withStartFiles(options.suite, (file) => resolveFrom(options.suiteDir ?? project, file));
  const suite = await withIdeal(own, dataDir);
  const planned = plan(suite, flags);
  const asked = { suite, flags, dataFingerprint: await checkedData(dataDir, planned), total: planned.length };
  // Data that cannot be used leave no project behind.
  await openProject(project);
  const directory = join(project, "reports", name);
  const file = join(directory, suiteFile);
  if (!existsSync(file)) {
    // There is no folder yet to hold, so its making is held by the project.
    await withFolderHeld(project, `suite-${name}`, async () => {
      if (!existsSync(file)) await writeJsonFile(file, suiteStateSchema, await openState(file, asked));
    });
  }
  return withFolderHeld(directory, "suite", async () => {
    if (options.page) await requireReplaceable(join(directory, runFiles.page), overReportPage);
    // Read under the lock: whoever held it before may have finished runs.
    const state = await openState(file, asked);
    const save = () => writeJsonFile(file, suiteStateSchema, state);
    await save();
    for (const [i, run] of planned.entries()) {
      const label = `[${i + 1}/${planned.length}] ${run.name}, seed ${run.seed}`;
      const entry = state.runs.find((known) => known.name === run.name && known.seed === run.seed);
      if (entry?.done) {
        progress({ type: "note", text: `${label} is finished already.` });
        continue;
      }
      // One page for the suite, none for each of its runs.
      const { progress: _, page: __, ...running } = options;
      const own = { ...running, progress: labelled(progress, label), resumeCommand: () => suiteCommand(options) };
      if (entry && existsSync(join(directory, entry.run_tag, runFiles.config))) {
        await resumeTraining({
          ...own,
          project,
          run: entry.run_id,
          ...(flags.workers === undefined ? {} : { workers: flags.workers }),
        });
        entry.done = true;
      } else {
        const warmStartFile = warmStartFileOf(run, planned, state, directory);
        const started = { name: run.name, seed: run.seed, run_id: "", run_tag: "", done: false };
        await train({
          ...own,
          config: run.config,
          dataDir,
          project,
          name,
          ...(warmStartFile === undefined ? {} : { warmStartFile }),
          onRun: async ({ runId, runTag }) => {
            Object.assign(started, { run_id: runId, run_tag: runTag });
            state.runs = [...state.runs.filter((known) => known !== entry), started];
            await save();
          },
        });
        started.done = true;
      }
      await save();
    }
    const tags = planned.map((run) => state.runs.find((e) => e.name === run.name && e.seed === run.seed)!.run_tag);
    const results = await readResults(tags.map((tag) => join(directory, tag)));
    const comparison = compareResults(results, { reference: suite.reference });
    const reportPage = options.page ? join(directory, runFiles.page) : null;
    if (reportPage !== null) await writeFileAtomic(reportPage, options.page!(results), overReportPage);
    return {
      directory,
      reportPage,
      comparison,
      table: [compareTable(comparison), askedMetricTable(results, askedMetricsIn(results), { split: comparison.split })]
        .filter((text) => text !== "")
        .join("\n\n"),
      resultFiles: results.map(({ name }) => name),
    };
  });
}

function suiteCommand({ resumeCommand, name }: SuiteOptions): string {
  return resumeCommand?.(name) ?? "the same command again";
}

/**
 * Refuses what the data cannot serve before anything is written; gives the data's fingerprint and lets go of the data.
 *
 * @throws as `readDataFolder`, `requireSeveralPeopleIn` and `requireStarts`.
 */
async function checkedData(dataDir: string, planned: readonly Planned[]): Promise<string> {
  const { K, Q, evaluation_split } = planned[0]!.config;
  const data = await openDataFolder(dataDir, { k: K, q: Q });
  requireSeveralPeopleIn(data, dataDir, evaluation_split, windows);
  await requireStarts(planned, data);
  return data.fingerprint;
}

/** On a campus the ceiling is known, and belongs into the table: once, with the first run. */
async function withIdeal(suite: Suite, dataDir: string): Promise<Suite> {
  const asked = suite.runs.some(({ algorithms }) => algorithms.includes("ideal"));
  if (asked || !(await isCampus(dataDir))) return suite;
  const [first, ...rest] = suite.runs;
  return { ...suite, runs: [{ ...first!, algorithms: [...first!.algorithms, "ideal"] }, ...rest] };
}

/** Progress of one run of many: every stage says which. */
function labelled(progress: Progress, label: string): Progress {
  return (event: ProgressEvent) => {
    if (event.type === "note") progress({ ...event, text: `${label}: ${event.text}` });
    else progress({ ...event, stage: `${label} · ${event.stage}` });
  };
}
