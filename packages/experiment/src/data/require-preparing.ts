import { whole } from "@kshot/contract";
import { type MachineResources, requireSpace, sizeInWords } from "../config/index.js";
import type { NeededForPreparing } from "./needed-for-preparing.js";

/** What `prepare` needs, in a sentence. */
export function preparingInWords({ events, memory, disk }: NeededForPreparing): string {
  return `The files have about ${roundEvents(events)} events: about ${sizeInWords(memory)} of memory and ${sizeInWords(disk)} of disk are needed.`;
}

/** Two digits, because the number is an estimate. */
function roundEvents(events: number): string {
  const unit = 10 ** Math.max(0, Math.floor(Math.log10(Math.max(1, events))) - 1);
  return whole(Math.round(events / unit) * unit);
}

/**
 * Refuses to prepare what clearly does not fit, before the files are read.
 *
 * @param directory the data folder
 * @throws `FAILED`, with the needed and the available size.
 */
export function requirePreparing(
  { events, leastMemory, leastDisk }: NeededForPreparing,
  machine: MachineResources,
  directory: string,
): void {
  const forEvents = `are needed for about ${roundEvents(events)} events`;
  const todo = "Prepare a part of them, as with --where or fewer files";
  requireSpace(
    {
      bytes: leastMemory,
      where: "Memory for prepare",
      found: `at least ${sizeInWords(leastMemory)} ${forEvents}`,
      todo,
    },
    {
      bytes: leastDisk,
      where: directory,
      found: `at least ${sizeInWords(leastDisk)} ${forEvents}`,
      todo: `Free disk space, or choose another --out. ${todo}`,
    },
    machine,
  );
}
