import { hostname } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import { entryAt, failedError, interruptedError, KshotError, messageOf } from "@kshot/contract";
import type { Plan } from "@kshot/contract/schemas";
import type { Progress } from "@kshot/experiment";
import { Board, type FailedCell } from "./plan/board.js";
import { addFailure, writeDone } from "./plan/cell-files.js";
import { requirePlannedInputs } from "./plan/planned-inputs.js";
import { CellError, CellRunner } from "./process/cell-runner.js";
import type { Claim, Queue } from "./queues/queue.js";

/** Options of a worker. */
export interface WorkOptions {
  /** Folder of the plan, absolute. */
  readonly directory: string;
  readonly plan: Plan;
  readonly queue: Queue;
  /** The cells to work on; if omitted, all. */
  readonly cells?: readonly number[];
  /** Number of cells computed at the same time on this machine, each in a separate process, ≥ 1. */
  readonly atOnce: number;
  /** Threads of each cell; if omitted, as the plan says. Does not change results. */
  readonly threads?: number;
  readonly progress: Progress;
  /** When it is aborted, the current cells are stopped with a checkpoint and returned. */
  readonly signal: AbortSignal;
  /** The command line, for results, and the command that continues the work. */
  readonly command: string;
  readonly resume: string;
  /** Whether this worker ends with the error of the first failed try; if omitted, it continues with other cells. */
  readonly endAfterFailure?: boolean;
}

/** The result of a worker. */
export interface WorkOutcome {
  /** Cells that this worker has done. */
  readonly done: number;
  /** Cells that will not be done, by index. */
  readonly failed: readonly FailedCell[];
}

/** Milliseconds between two checks for a free cell: first and longest value. */
const firstPause = 50;
const longestPause = 1000;

/**
 * Works on a plan until every cell is done or has failed on any machine: claims a cell, computes it in a child process, renews
 * the claim during the computation, and writes `done.json`. A cell whose worker stopped renewing is taken over and continues from
 * its checkpoint.
 *
 * @throws `INTERRUPTED` when the signal is aborted; `DATA` if this machine has other data or another model than planned; `FAILED` if this machine cannot continue (its disk is full): the cell is
 * returned and the try is not counted; with `endAfterFailure` the error of the first cell that failed.
 */
export async function work(options: WorkOptions): Promise<WorkOutcome> {
  const { directory, plan, atOnce, signal } = options;
  const cells = options.cells ?? plan.cells.map((_, i) => i);
  const board = new Board(directory, plan);
  const ended = new AbortController();
  const stop = AbortSignal.any([signal, ended.signal]);
  for (const cell of cells) {
    if (board.isDone(cell)) options.progress({ type: "note", text: `${labelOf(plan, cell)} is finished already.` });
  }
  if (!options.endAfterFailure && cells.some((cell) => !board.isDone(cell)))
    await requirePlannedInputs(directory, plan);
  let done = 0;
  const lane = async () => {
    const runner = new CellRunner();
    let pause = firstPause;
    let waiting = false;
    try {
      while (!stop.aborted) {
        const { ready, settled } = await board.open(cells);
        if (settled) return;
        const claim = ready.length === 0 ? null : await options.queue.claim(ready);
        if (claim === null) {
          if (!waiting && atOnce === 1)
            options.progress({ type: "note", text: "Waiting: other workers compute the remaining cells." });
          waiting = true;
          await sleep(pause, undefined, { signal: stop }).catch(() => {});
          pause = Math.min(2 * pause, longestPause);
          continue;
        }
        waiting = false;
        pause = firstPause;
        if (board.isDone(claim.cell)) await options.queue.done(claim);
        else if (await carryOut(claim, runner, options, stop)) done++;
      }
    } catch (error) {
      ended.abort();
      throw error;
    } finally {
      runner.kill();
    }
  };
  const lanes = await Promise.allSettled(Array.from({ length: atOnce }, lane));
  const broken = lanes.find((one) => one.status === "rejected");
  if (broken !== undefined) throw broken.reason;
  if (signal.aborted) {
    throw interruptedError({
      found: "Stopped. The current cells have a checkpoint and are returned to the queue",
      todo: "To continue:",
      command: options.resume,
    });
  }
  if (options.cells === undefined) await options.queue.settled();
  return { done, failed: await board.failures(cells) };
}

/** Computes a claimed cell; returns whether it is done. */
async function carryOut(claim: Claim, runner: CellRunner, options: WorkOptions, stop: AbortSignal): Promise<boolean> {
  const { directory, plan, queue, atOnce, command, resume, threads } = options;
  const { cell } = claim;
  const { name } = entryAt(plan.cells, cell);
  const label = labelOf(plan, cell);
  const progress = labelled(options.progress, label, atOnce === 1);
  const startedAt = new Date();
  const begun = performance.now();
  if (atOnce > 1) options.progress({ type: "note", text: `${label}: begun.` });
  const beat = heartbeat(queue, claim, plan.lease, () => runner.kill());
  try {
    const request = { directory, cell, command, resume, ...(threads === undefined ? {} : { threads }) };
    const { output, figures } = await runner.run(request, progress, stop);
    const seconds = (performance.now() - begun) / 1000;
    if (beat.lost()) return false;
    const volatile = { host: hostname(), pid: process.pid, startedAt: startedAt.toISOString(), seconds };
    await writeDone(directory, cell, { name, output, figures: { ...figures }, volatile });
    beat.end();
    await queue.done(claim);
    if (atOnce > 1) options.progress({ type: "note", text: `${label}: done in ${seconds.toFixed(1)} s.` });
    return true;
  } catch (cause) {
    beat.end();
    if (beat.lost()) {
      options.progress({ type: "note", text: `${label}: taken over by another worker.` });
      await queue.fail(claim);
      return false;
    }
    const error = cause instanceof CellError ? cause.error : cause;
    if (KshotError.isInstance(error) && error.code === "INTERRUPTED") {
      await queue.fail(claim);
      return false;
    }
    if (cause instanceof CellError && cause.machine) {
      await queue.fail(claim).catch(() => {});
      throw failedError({
        where: `${hostname()}, ${name}`,
        found: `This machine cannot continue, and the cell is returned to the queue. ${cause.error.message}`,
        cause,
      });
    }
    await addFailure(directory, cell, error);
    await queue.fail(claim);
    options.progress({
      type: "note",
      text: `${label}: failed. ${messageOf(error)}`,
    });
    if (options.endAfterFailure) throw error;
    return false;
  } finally {
    beat.end();
  }
}

function labelOf({ cells }: Plan, cell: number): string {
  return `[${cell + 1}/${cells.length}] ${entryAt(cells, cell).name}`;
}

/** Renews a claim four times per lease; calls `onLost` if the claim is lost, or could not be renewed for a whole lease. */
function heartbeat(queue: Queue, claim: Claim, lease: number, onLost: () => void) {
  let lost = false;
  let last = performance.now();
  let busy = false;
  const timer = setInterval(async () => {
    if (busy) return;
    busy = true;
    // A queue that cannot be reached may be reachable again before the lease ends.
    const held = await queue.renew(claim).catch(() => null);
    busy = false;
    if (held === true) last = performance.now();
    if (held === false || performance.now() - last > 1000 * lease) {
      lost = true;
      clearInterval(timer);
      onLost();
    }
  }, 250 * lease);
  return { lost: () => lost, end: () => clearInterval(timer) };
}

/**
 * Progress of one cell of many: every stage names its cell. If several cells run at the same time, only completed stages and
 * notes are shown.
 */
function labelled(progress: Progress, label: string, alone: boolean): Progress {
  return (event) => {
    if (event.type === "note") progress({ ...event, text: `${label}: ${event.text}` });
    else if (alone || event.type === "done") progress({ ...event, stage: `${label} · ${event.stage}` });
  };
}
