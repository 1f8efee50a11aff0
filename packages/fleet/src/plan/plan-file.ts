import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { dataError, usageError } from "@kshot/contract";
import { type Plan, planSchema } from "@kshot/contract/schemas";
import { readJsonFile, writeJsonFile } from "@kshot/store";

/** Name of a plan, in the folder of its cells. */
export const planFile = "plan.json";

/**
 * Writes a plan. It is the last file that planning writes: a folder without it is not planned.
 *
 * @returns the plan in the folder
 * @throws `USAGE` if the folder holds another plan.
 */
export async function writePlan(directory: string, plan: Omit<Plan, "format" | "id">): Promise<Plan> {
  const file = join(directory, planFile);
  if (existsSync(file)) {
    const known = await readJsonFile(file, planSchema);
    // Lease time and number of tries are not part of the work.
    const { format: _, id: __, tries: ___, lease: ____, ...work } = known;
    const { tries: _____, lease: ______, ...asked } = plan;
    if (isDeepStrictEqual(work, asked)) return known;
    throw usageError({
      where: directory,
      found: `another plan, of ${known.cells.length} cells${known.version === plan.version ? "" : ` and of kshot ${known.version}`}`,
      expected: "a folder without a plan, or with this one",
      todo: "Give another --out",
    });
  }
  const whole: Plan = { format: "kshot.plan/1", id: randomBytes(8).toString("hex"), ...plan };
  await writeJsonFile(file, planSchema, whole);
  return whole;
}

/**
 * Reads a plan to work on it.
 *
 * @param version - of this program
 * @throws `DATA` if there is no plan, or if another version made it.
 */
export async function readPlan(directory: string, version: string): Promise<Plan> {
  const file = join(directory, planFile);
  if (!existsSync(file)) {
    throw dataError({
      where: directory,
      found: "no plan.json",
      expected: "a folder that kshot suite plan or kshot population plan has made",
    });
  }
  const plan = await readJsonFile(file, planSchema);
  if (plan.version === version) return plan;
  throw dataError({
    where: file,
    found: `a plan of kshot ${plan.version}`,
    expected: `one of ${version}, the version of this program: one version must compute all cells`,
    todo: `Install kshot ${plan.version} on this machine, or plan again in another folder`,
  });
}
