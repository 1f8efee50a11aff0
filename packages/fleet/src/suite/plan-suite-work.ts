import { relative } from "node:path";
import { defaultLease, defaultTries } from "@kshot/contract";
import type { Plan } from "@kshot/contract/schemas";
import { planSuite, type SuiteCells, type SuiteOptions } from "@kshot/experiment";
import { writePlan } from "../plan/plan-file.js";

/** Options of the work on a plan. */
export interface PlanSettings {
  /** Version of this program; only this version works on the plan. */
  readonly version: string;
  /** Number of failures after which a cell is not tried again. Default 3. */
  readonly tries?: number;
  /** Seconds without renewal after which a cell is taken over. Default 60. */
  readonly lease?: number;
}

/**
 * Plans a suite: one cell for each of its runs, and `plan.json`. Any number of machines can then work on it.
 *
 * @returns the plan
 * @throws as `planSuite`; `USAGE` if the folder holds another plan.
 */
export async function planSuiteWork(options: SuiteOptions & PlanSettings): Promise<Plan> {
  const { directory, project, dataDir } = options;
  const { cells } = await planSuite(options);
  const plan = suitePlan(options, cells, {
    project: relativeTo(directory, project),
    data: relativeTo(directory, dataDir),
  });
  return writePlan(directory, plan);
}

function suitePlan(
  { version, tries = defaultTries, lease = defaultLease }: PlanSettings,
  cells: SuiteCells["cells"],
  places: { readonly project: string; readonly data: string },
): Omit<Plan, "format" | "id"> {
  return {
    ...{ version, tries, lease },
    cells: cells.map(({ name, needs }) => ({ name, needs: [...needs] })),
    work: { kind: "suite", ...places, choices: cells.map(({ choice }) => choice) },
  };
}

function relativeTo(directory: string, path: string): string {
  return relative(directory, path).replaceAll("\\", "/") || ".";
}
