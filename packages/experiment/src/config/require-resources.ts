import { existsSync } from "node:fs";
import { statfs } from "node:fs/promises";
import { totalmem } from "node:os";
import { dirname, resolve } from "node:path";
import { failedError, whole } from "@kshot/contract";
import type { NeededResources } from "./needed-resources.js";

/** The memory and disk of this machine, in bytes. */
export interface MachineResources {
  /** All of its memory, or the limit of this process's container. */
  readonly memory: number;
  /** Free disk below the project folder; undefined if the system does not report it. */
  readonly disk: number | undefined;
}

/** Memory and free disk of this machine, for a folder that may not exist yet. */
export async function machineResources(folder: string): Promise<MachineResources> {
  const limit = process.constrainedMemory();
  let existing = resolve(folder);
  while (!existsSync(existing) && dirname(existing) !== existing) existing = dirname(existing);
  const disk = await statfs(existing).then(
    ({ bavail, bsize }) => bavail * bsize,
    () => undefined,
  );
  return { memory: limit > 0 ? Math.min(limit, totalmem()) : totalmem(), disk };
}

const ofNewRun = {
  memory: "Use smaller --hidden-dim, --embedding-dim, --layers or --meta-batch, or fewer items (prepare --top-items)",
  disk: "Use a larger --checkpoint-interval, free disk space, or choose another --out",
};

/**
 * Refuses a run that does not fit: before its first write, not after hours.
 *
 * @param advice what to do without enough memory, and without enough disk: a begun run keeps its settings
 * @throws `FAILED`, with the needed and the available size.
 */
export function requireResources(
  needed: Pick<NeededResources, "leastMemory" | "disk" | "checkpoints">,
  machine: MachineResources,
  folder: string,
  advice: { readonly memory: string; readonly disk: string } = ofNewRun,
): void {
  requireSpace(
    {
      bytes: needed.leastMemory,
      where: "Memory for this run",
      found: `at least ${sizeInWords(needed.leastMemory)} are needed`,
      todo: advice.memory,
    },
    {
      bytes: needed.disk,
      where: folder,
      found: `about ${sizeInWords(needed.disk)} are needed, for ${needed.checkpoints} checkpoints and the models`,
      todo: advice.disk,
    },
    machine,
  );
}

/** A need of memory or disk, and the error's words if it is not met. */
export interface Need {
  readonly bytes: number;
  readonly where: string;
  readonly found: string;
  readonly todo: string;
}

/** Refuses work whose memory or disk is not there. @throws `FAILED`, with the needed and the available size. */
export function requireSpace(memory: Need, disk: Need, machine: MachineResources): void {
  if (memory.bytes > machine.memory) {
    const { where, found, todo } = memory;
    const expected = `at most ${sizeInWords(machine.memory)}, what this machine or its container has`;
    throw failedError({ where, found, expected, todo });
  }
  if (machine.disk === undefined || disk.bytes <= machine.disk) return;
  const { where, found, todo } = disk;
  throw failedError({
    ...{ where, found, todo },
    expected: `at most ${sizeInWords(machine.disk)}, what is free on the disk`,
    // As of a write to the full disk: another machine may have space, so a worker of a suite does not count a failed try.
    cause: Object.assign(new Error("no space is left on the disk"), { code: "ENOSPC" }),
  });
}

const units = ["bytes", "kB", "MB", "GB", "TB", "PB"] as const;

/** A number of bytes with two digits: `1.2 GB`. */
export function sizeInWords(bytes: number): string {
  const power = Math.max(0, Math.min(units.length - 1, Math.floor(Math.log10(Math.max(1, bytes)) / 3)));
  const value = bytes / 1000 ** power;
  const text = value < 9.95 && power > 0 ? value.toFixed(1) : whole(value);
  return `${text} ${units[power]}`;
}
