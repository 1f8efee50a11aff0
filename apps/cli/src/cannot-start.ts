import { readFileSync } from "node:fs";

/** Whether a failure to load was reported: Node may then report the same error again, as uncaught. */
let reported = false;

/**
 * The reason why the program, or one of its commands, could not be loaded. A limit of the machine is recognised, because Node
 * reports only a file that it could not open.
 */
export function cannotStart(cause: unknown): string {
  reported = true;
  const message = cause instanceof Error ? cause.message : String(cause);
  return `kshot: the program could not be loaded: ${limitBehind(cause, message) ?? `${message.replace(/\.$/, "")}.`}\n`;
}

/** The text for an uncaught error; empty if the error was reported as a failure to load. */
export function uncaught(cause: unknown, debug: boolean): string {
  if (reported) return "";
  if (debug && cause instanceof Error) return `kshot: ${cause.stack}\n`;
  return `kshot: ${unexpected(cause)}\n`;
}

/** The text for an error that is not one of kshot: a limit of the machine, or a fault of the program. */
export function unexpected(cause: unknown): string {
  const message = cause instanceof Error ? cause.message : String(cause);
  return (
    limitBehind(cause, message) ??
    `${message.replace(/\.$/, "")}. This is a fault of kshot: please report it with the output of --debug.`
  );
}

/** The limit of the machine that caused an error; undefined if there is none. */
function limitBehind(cause: unknown, message: string): string | undefined {
  if (/out of memory|cannot allocate|allocation failed/i.test(message)) {
    return `not enough memory is available (${message.replace(/\.$/, "")}). Expected about 4 GB of address space. Close other programs, or raise the limit (ulimit -v).`;
  }
  const { code } = cause as NodeJS.ErrnoException;
  const missing = code === "ERR_MODULE_NOT_FOUND" || code === "MODULE_NOT_FOUND";
  const limit = mostOpenFiles();
  if (code !== "EMFILE" && code !== "ENFILE" && !(missing && limit < enoughOpenFiles)) return undefined;
  const allowed = Number.isFinite(limit) && limit > 0 ? `${limit} are allowed` : "no more are allowed";
  return `too many open files: ${allowed}. Expected at least ${enoughOpenFiles}. Raise the limit: ulimit -n 1024.`;
}

/** Number of open files that is enough to load any command. */
const enoughOpenFiles = 256;

/** The limit of open files of this process; infinite if the system does not report it, 0 if none can be opened. */
function mostOpenFiles(): number {
  try {
    const [, soft] = /^Max open files\s+(\d+)/m.exec(readFileSync("/proc/self/limits", "utf8")) ?? [];
    return soft === undefined ? Number.POSITIVE_INFINITY : Number(soft);
  } catch (cause) {
    return (cause as NodeJS.ErrnoException).code === "EMFILE" ? 0 : Number.POSITIVE_INFINITY;
  }
}
