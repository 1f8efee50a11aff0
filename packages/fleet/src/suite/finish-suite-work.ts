import { entryAt, failedError } from "@kshot/contract";
import type { Plan } from "@kshot/contract/schemas";
import { finishSuite, type PageMaker, type SuiteOutcome } from "@kshot/experiment";
import { removeAbandoned, removeLeases } from "@kshot/store";
import type { FailedCell } from "../plan/board.js";
import { Board } from "../plan/board.js";
import { cellFolder } from "../plan/cell-files.js";
import { requireKind } from "../plan/require-kind.js";

/** A suite whose cells were computed. */
export interface FinishOptions {
  /** Folder of the plan, absolute. */
  readonly directory: string;
  readonly plan: Plan;
  readonly page?: PageMaker;
}

/**
 * The comparison and the page of a suite whose cells are all done.
 *
 * @throws `FAILED` while cells are missing, and names them; `USAGE` for the plan of a population; as `finishSuite`.
 */
export async function finishSuiteWork({ directory, plan, page }: FinishOptions): Promise<SuiteOutcome> {
  const { choices } = requireKind(plan, "suite", directory);
  await requireAllDone(directory, plan);
  return finishSuite({ directory, choices, ...(page === undefined ? {} : { page }) });
}

/**
 * Refuses to finish a plan with cells that are not done; removes what killed workers have left in the folder of the plan.
 *
 * @throws `FAILED`, naming them
 */
export async function requireAllDone(directory: string, plan: Plan): Promise<void> {
  const board = new Board(directory, plan);
  const missing = plan.cells.flatMap((_, cell) => (board.isDone(cell) ? [] : [cell]));
  if (missing.length === 0) {
    for (const cell of plan.cells.keys()) await removeLeases(cellFolder(directory, cell));
    // The process of a cell ends shortly after its worker. What it wrote then, the next process of the cell saw as files of a
    // living process.
    await removeAbandoned(directory);
    return;
  }
  const failed = await board.failures(missing);
  if (failed.length > 0) throw failedCells(directory, plan, failed);
  throw failedError({
    where: directory,
    found: `${missing.length} of ${plan.cells.length} cells are not done, as ${entryAt(plan.cells, entryAt(missing, 0)).name}`,
    expected: "all of them",
    todo: `Work on them with kshot ${plan.work.kind} work`,
  });
}

/** The error that names the failed cells and the reasons. */
export function failedCells(directory: string, plan: Plan, failed: readonly FailedCell[]) {
  const shown = failed
    .slice(0, 3)
    .map(({ name, tries, why }) => `${name}${tries === 0 ? "" : ` (${tries} tries)`}: ${why}`);
  const more = failed.length > 3 ? ` And ${failed.length - 3} more` : "";
  return failedError({
    where: directory,
    found: `${failed.length} of ${plan.cells.length} cells failed. ${shown.join(" ")}${more}`,
    todo: "All others are done. To try them again, remove the failures.json of their cells",
  });
}
