import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

const cellFolder = (plan: string, cell: number) => join(plan, "cells", String(cell).padStart(4, "0"));
const doneFile = (plan: string, cell: number) => join(cellFolder(plan, cell), "done.json");

/** The output of every cell of a plan, by number. */
export function outputsOf(plan: string, cells: number): string[] {
  return Array.from({ length: cells }, (_, cell) =>
    existsSync(doneFile(plan, cell)) ? JSON.parse(readFileSync(doneFile(plan, cell), "utf8")).output : "not done",
  );
}

/** A cell that a process computes. */
interface Computed {
  readonly cell: number;
  readonly pid: number;
}

/**
 * Waits until a cell of a suite is in its middle: its lease is held, it has a checkpoint and no result. Then stops the process that
 * holds it, so that it is still there when the caller kills it.
 *
 * @param plan - folder of the plan
 * @param wanted - whether this cell, of this process, is the one
 */
export async function stoppedInMidCell(plan: string, wanted: (computed: Computed) => boolean): Promise<Computed> {
  const { runs } = JSON.parse(readFileSync(join(plan, "suite.json"), "utf8"));
  const isIn = (cell: number) => !existsSync(doneFile(plan, cell)) && hasCheckpoint(join(plan, runs[cell].run_tag));
  for (let waited = 0; waited < 60_000; waited += 10) {
    for (const computed of held(plan)) {
      if (!wanted(computed) || !isIn(computed.cell)) continue;
      process.kill(computed.pid, "SIGSTOP");
      if (isIn(computed.cell)) return computed;
      process.kill(computed.pid, "SIGCONT");
    }
    await sleep(10);
  }
  throw new Error("no cell was seen in its middle");
}

/** The cells whose lease is held now. */
function held(plan: string): Computed[] {
  const folder = join(plan, "cells");
  return namesIn(folder).flatMap((name) => {
    const lease = namesIn(join(folder, name)).find((file) => file.startsWith("lease."));
    if (lease === undefined) return [];
    const [, pid] = textOf(join(folder, name, lease)).split(" ");
    return pid === undefined ? [] : [{ cell: Number(name), pid: Number(pid) }];
  });
}

function hasCheckpoint(run: string): boolean {
  return namesIn(run, true).some((file) => /checkpoints.*\.safetensors$/.test(file));
}

/** Workers remove files while a test reads. */
function namesIn(folder: string, recursive = false): string[] {
  try {
    return readdirSync(folder, { recursive, encoding: "utf8" });
  } catch {
    return [];
  }
}

function textOf(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}

/** The process that holds the lock of a run's folder. */
export function lockHolder(run: string): number {
  const lock = namesIn(run).find((file) => file.endsWith(".lock"));
  const [, pid] = /(\d+)/.exec(lock === undefined ? "" : textOf(join(run, lock))) ?? [];
  if (pid === undefined) throw new Error(`${run}: no process works in it`);
  return Number(pid);
}
