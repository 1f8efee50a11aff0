import { createHash } from "node:crypto";
import { readFileSync, readlinkSync } from "node:fs";
import { hostname } from "node:os";
import { systemCodeOf } from "@kshot/contract";

/** Identifies a process, also after the system has reused its number. */
export interface ProcessIdentity {
  readonly pid: number;
  /** Eight hexadecimal digits: the boot of the machine and the space of process numbers (a container has its own). */
  readonly machine: string;
  /** Its start time in clock ticks since the boot; "0" if the system does not report it. */
  readonly started: string;
}

let own: ProcessIdentity | undefined;

/** The identity of this process. */
export function thisProcess(): ProcessIdentity {
  own ??= { pid: process.pid, machine: machineHere(), started: startOf(process.pid)?.ticks ?? "0" };
  return own;
}

/**
 * Whether a process is alive: true or false if this machine can check it; undefined if only time can show it (another machine or
 * container, or a system that does not report start times).
 */
export function isAlive({ pid, machine, started }: ProcessIdentity): boolean | undefined {
  const here = thisProcess();
  if (machine !== here.machine) return undefined;
  if (!hasProcess(pid)) return false;
  if (started === "0") return undefined;
  const found = startOf(pid);
  return found !== undefined && !found.ended && found.ticks === started;
}

/** Whether a process with this number exists. */
export function hasProcess(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (cause) {
    return systemCodeOf(cause) !== "ESRCH";
  }
}

/** Seconds since a process started; undefined if the system does not report it or the process has ended. */
export function secondsSinceStart(pid: number): number | undefined {
  const found = startOf(pid);
  if (found === undefined || found.ended) return undefined;
  try {
    return Number(readFileSync("/proc/uptime", "utf8").split(" ")[0]) - Number(found.ticks) / ticksPerSecond;
  } catch {
    return undefined;
  }
}

/** The value on Linux, on every processor that Node runs on. */
const ticksPerSecond = 100;

/** Field 22 of `/proc/<pid>/stat`; `ended` for a process that has ended but that its parent has not collected yet. */
function startOf(pid: number): { readonly ticks: string; readonly ended: boolean } | undefined {
  try {
    // The name in parentheses may contain any character, including parentheses and blanks.
    const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ").at(-1)?.split(" ") ?? [];
    const [state, ticks] = [fields[0], fields[19]];
    return ticks === undefined ? undefined : { ticks, ended: state === "Z" || state === "X" };
  } catch {
    return undefined;
  }
}

function machineHere(): string {
  let text: string;
  try {
    text = `${readFileSync("/proc/sys/kernel/random/boot_id", "utf8")} ${readlinkSync("/proc/self/ns/pid")}`;
  } catch {
    text = `host ${hostname()}`;
  }
  return createHash("sha256").update(text).digest("hex").slice(0, 8);
}
