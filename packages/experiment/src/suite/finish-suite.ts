import { basename, join } from "node:path";
import { askedMetricsIn, askedMetricTable, type Comparison, compareResults, compareTable } from "@kshot/comparison";
import { entryAt } from "@kshot/contract";
import { type SweepChoice, suiteStateSchema } from "@kshot/contract/schemas";
import { readJsonFile, writeFileAtomic, writeJsonFile } from "@kshot/store";
import { overReportPage, type PageMaker, readResults, runFiles, suiteFile } from "../run/index.js";
import { ranking } from "./sweep-ranking.js";

/** The result of a suite. */
export interface SuiteOutcome {
  readonly directory: string;
  readonly comparison: Comparison;
  readonly table: string;
  /** One paragraph per sweep: the tried settings and the chosen ones. */
  readonly sweeps: readonly string[];
  readonly resultFiles: readonly string[];
  /** Path of the page; null if none was requested. */
  readonly reportPage: string | null;
}

/** A suite whose cells are done. */
export interface FinishSuiteOptions {
  /** Folder of the suite, absolute. */
  readonly directory: string;
  /** By cell, from `planSuite`. */
  readonly choices: readonly (SweepChoice | null)[];
  readonly page?: PageMaker;
}

/**
 * Compares the results of a suite whose cells are all done, writes the page and marks the runs in `suite.json` as done. The tries
 * of a sweep are counted and not compared: only the best of them is compared.
 *
 * @throws as `readResults` and `compareResults`; `USAGE` for a page that may not be replaced.
 */
export async function finishSuite({ directory, choices, page }: FinishSuiteOptions): Promise<SuiteOutcome> {
  const file = join(directory, suiteFile);
  const state = await readJsonFile(file, suiteStateSchema);
  const folders = state.runs.map(({ run_tag }) => join(directory, run_tag));
  const tries = new Set(choices.flatMap((choice) => choice?.tries.flat() ?? []));
  const results = await readResults(folders.filter((_, i) => !tries.has(i)));
  const comparison = compareResults(results, { reference: state.suite.reference });
  const counted = triesOf(choices);
  const sweeps: string[] = [];
  const labels = new Map<string, string>();
  for (const [i, choice] of choices.entries()) {
    if (choice === null || tries.has(i)) continue;
    const { name, run_tag } = entryAt(state.runs, i);
    labels.set(run_tag, `${name} (best of ${counted(i)} tries)`);
    if (choice.seed > 0) continue;
    const runs = await Promise.all(
      choice.tries.map(async (cells) =>
        (await readResults(cells.map((cell) => entryAt(folders, cell)))).map((run) => run.results),
      ),
    );
    const ranked = ranking(runs);
    const lines = ranked
      .slice(0, 5)
      .map(({ index, mrr }) => `  ${mrr.toFixed(4)}  ${entryAt(state.runs, firstCell(choice, index)).name}`);
    sweeps.push(
      `${name}: ${counted(i)} tries, chosen by the MRR on the validation people; only the chosen one is evaluated on the test people.\n${lines.join("\n")}`,
    );
  }
  const reportPage = page === undefined ? null : join(directory, runFiles.page);
  if (page !== undefined && reportPage !== null) {
    const shown = results.map((run) => {
      const label = labels.get(basename(join(run.name, "..", ".."))) ?? run.label;
      return { results: run.results, ...(label === undefined ? {} : { label }) };
    });
    await writeFileAtomic(reportPage, page(shown), overReportPage);
  }
  if (state.runs.some(({ done }) => !done)) {
    await writeJsonFile(file, suiteStateSchema, { ...state, runs: state.runs.map((run) => ({ ...run, done: true })) });
  }
  const asked = askedMetricTable(results, askedMetricsIn(results), { split: comparison.split });
  const table = [compareTable(comparison), asked].filter((text) => text !== "").join("\n\n");
  const resultFiles = results.map(({ name }) => name);
  return { directory, reportPage, comparison, table, sweeps, resultFiles };
}

/** The cell of a try with the first seed. */
function firstCell({ tries }: SweepChoice, index: number): number {
  return entryAt(entryAt(tries, index), 0);
}

/** Number of settings that were tried before a cell's were chosen: those of the first rung. */
function triesOf(choices: readonly (SweepChoice | null)[]): (cell: number) => number {
  const count = (cell: number): number => {
    const choice = choices[cell];
    if (!choice) return 0;
    const first = firstCell(choice, 0);
    return choices[first] ? count(first) : choice.tries.length;
  };
  return count;
}
