import { randomUUID } from "node:crypto";
import { availableParallelism } from "node:os";
import { join, resolve } from "node:path";
import { planSchema } from "@kshot/contract/schemas";
import { carryOutSuiteCell, type Progress, type RunCircumstances } from "@kshot/experiment";
import { readJsonFile } from "@kshot/store";
import { planFile } from "../plan/plan-file.js";
import { carryOutShard } from "../population/carry-out-shard.js";
import type { CellOutcome, CellRequest } from "./messages.js";

/**
 * Computes one cell of a plan of any kind. A cell that was done before gives the same output; a stopped cell continues from its
 * checkpoint.
 *
 * @throws as `carryOutSuiteCell` and `carryOutShard`
 */
export async function carryOutCell(
  request: CellRequest,
  progress: Progress,
  signal: AbortSignal,
): Promise<CellOutcome> {
  const { directory, cell, command, resume, threads } = request;
  // The process that claimed the cell has checked the plan's version.
  const { work } = await readJsonFile(join(directory, planFile), planSchema);
  if (work.kind === "population") {
    return carryOutShard({ ...{ directory, work, shard: cell, progress, signal }, threads: threads ?? 1 });
  }
  const output = await carryOutSuiteCell({
    ...{ directory, index: cell, progress, signal },
    project: resolve(directory, work.project),
    choice: work.choices[cell] ?? null,
    circumstances: circumstances(command),
    resumeCommand: () => resume,
    ...(threads === undefined ? {} : { workers: threads }),
  });
  return { output, figures: {} };
}

/** The clock and machine of this process, and the command line of its parent. */
function circumstances(command: string): RunCircumstances {
  return {
    now: () => new Date(),
    seconds: () => performance.now() / 1000,
    newId: () => randomUUID().replaceAll("-", ""),
    command,
    host: {
      node: process.versions.node,
      platform: process.platform,
      arch: process.arch,
      cores: availableParallelism(),
    },
  };
}
