import { setTimeout as sleep } from "node:timers/promises";
import { entryAt, usageError } from "@kshot/contract";
import type { Plan } from "@kshot/contract/schemas";
import {
  failedCells,
  folderQueue,
  openQueue,
  type PlanKind,
  planStatus,
  readPlan,
  requireKind,
  work,
} from "@kshot/fleet";
import { circumstances } from "../circumstances.js";
import { quoted } from "../flags/as-typed.js";
import type { CellFlags, StatusFlags, WorkFlags } from "../flags/fleet.js";
import { interruptSignal } from "../interrupt.js";
import { shownPath, typedPath } from "../paths.js";
import { asCalled, version } from "../program.js";
import { jsonProgress, textProgress } from "../terminal/progress.js";
import { statusText } from "./status-text.js";
import { workersOfThisMachine } from "./workers.js";

async function planOf(kind: PlanKind, directory: string): Promise<Plan> {
  const plan = await readPlan(directory, version);
  requireKind(plan, kind, directory);
  return plan;
}

function progressOf({ log }: Pick<WorkFlags, "log">) {
  return log === "json" ? jsonProgress(process.stderr) : textProgress(process.stderr, () => performance.now());
}

/** `kshot suite work`, `kshot population work`. */
export function runWork(kind: PlanKind) {
  return async (flags: WorkFlags, dir: string): Promise<void> => {
    const directory = typedPath(dir);
    const plan = await planOf(kind, directory);
    const queue = await openQueue(flags.queue, { directory, plan });
    const interrupt = interruptSignal("Stopping after the current work; press Ctrl-C again to stop at once.");
    try {
      const { done, failed } = await work({
        ...{ directory, plan, queue, progress: progressOf(flags), signal: interrupt.signal },
        atOnce: Math.min(flags.workers ?? workersOfThisMachine(), plan.cells.length),
        threads: flags.threads ?? 1,
        command: circumstances().command,
        resume: `${asCalled()} ${kind} work ${quoted(shownPath(directory))}`,
      });
      if (failed.length > 0) throw failedCells(directory, plan, failed);
      process.stdout.write(
        `All ${plan.cells.length} cells are done, ${done} of them here.\n\nNext:\n    ${asCalled()} ${kind} finish ${quoted(shownPath(directory))}\n`,
      );
    } finally {
      interrupt.release();
      await queue.close();
    }
  };
}

/** `kshot suite cell`, `kshot population cell`. */
export function runCell(kind: PlanKind) {
  return async (flags: CellFlags, dir: string): Promise<void> => {
    const directory = typedPath(dir);
    const plan = await planOf(kind, directory);
    const index = flags.index ?? indexOfTask(plan);
    if (index >= plan.cells.length) {
      throw usageError({
        where: "--index",
        found: String(index),
        expected: `0 to ${plan.cells.length - 1}: the plan has ${plan.cells.length} cells`,
      });
    }
    const queue = folderQueue(directory, plan.lease);
    const interrupt = interruptSignal("Stopping after the current work; press Ctrl-C again to stop at once.");
    try {
      const { failed } = await work({
        ...{ directory, plan, queue, progress: progressOf(flags), signal: interrupt.signal },
        ...{ atOnce: 1, cells: withNeeds(plan, index), endAfterFailure: true },
        threads: flags.threads ?? workersOfThisMachine(),
        command: circumstances().command,
        resume: `${asCalled()} ${kind} cell ${quoted(shownPath(directory))} --index ${index}`,
      });
      if (failed.length > 0) throw failedCells(directory, plan, failed);
    } finally {
      interrupt.release();
      await queue.close();
    }
  };
}

/**
 * A cell and all that it needs, in the order of the plan. A needed cell that no worker computes is computed here: if its task
 * was killed and waits in the cluster's queue, this task would otherwise keep its place and wait for it.
 */
function withNeeds(plan: Plan, index: number): number[] {
  const found = new Set<number>();
  const add = (cell: number) => {
    if (found.has(cell)) return;
    found.add(cell);
    for (const need of entryAt(plan.cells, cell).needs) add(need);
  };
  add(index);
  return [...found].sort((a, b) => a - b);
}

/** The number that Slurm or Kubernetes gives to a task. */
function indexOfTask(plan: Plan): number {
  const text = process.env.SLURM_ARRAY_TASK_ID ?? process.env.JOB_COMPLETION_INDEX;
  if (text !== undefined && /^\d+$/.test(text)) return Number(text);
  throw usageError({
    where: "--index",
    found:
      text === undefined ? "no --index, SLURM_ARRAY_TASK_ID or JOB_COMPLETION_INDEX" : `"${text}" in the environment`,
    expected: `the number of a cell, 0 to ${plan.cells.length - 1}`,
  });
}

/** `kshot suite status`, `kshot population status`. */
export function runStatus(kind: PlanKind) {
  return async ({ watch, json }: StatusFlags, dir: string): Promise<void> => {
    const directory = typedPath(dir);
    const plan = await planOf(kind, directory);
    for (;;) {
      const status = await planStatus(directory, plan);
      if (watch && process.stdout.isTTY && !json) process.stdout.write("\x1b[2J\x1b[H");
      process.stdout.write(json ? `${JSON.stringify(status)}\n` : statusText(status, process.stdout.rows));
      if (!watch || status.waiting + status.working === 0) return;
      await sleep(2000);
    }
  };
}
