import { Worker } from "node:worker_threads";
import { exitCodeOf, KshotError, systemCodeOf } from "@kshot/contract";
import { carryOutCell } from "./carry-out-cell.js";
import type { FromCell, ToCell } from "./messages.js";

// The process that computes cells one after the other, while its parent renews their leases.

const send = (message: FromCell) =>
  new Promise<void>((sent) => process.send?.(message, undefined, undefined, () => sent()));

// It ends with its parent: when the channel closes, or, while a computation blocks the event loop, by a thread that checks.
process.on("disconnect", () => process.exit(1));
new Worker(new URL("./parent-watch.js", import.meta.url), { workerData: process.ppid, execArgv: [] }).unref();

// Ctrl-C reaches all processes of the group; the parent decides.
process.on("SIGINT", () => {});
process.on("SIGTERM", () => {});

let stop = new AbortController();
process.on("message", (message: ToCell) => {
  if (message.type === "stop") stop.abort();
  else void run(message);
});

async function run({ request }: Extract<ToCell, { type: "run" }>): Promise<void> {
  stop = new AbortController();
  try {
    const outcome = await carryOutCell(request, (event) => void send({ type: "progress", event }), stop.signal);
    await send({ type: "done", outcome });
  } catch (error) {
    const known = KshotError.isInstance(error);
    const { cause: _, ...parts } = known
      ? error.parts
      : { found: error instanceof Error ? (error.stack ?? error.message) : String(error), cause: undefined };
    await send({ type: "failed", code: known ? error.code : "FAILED", parts, machine: isOfMachine(error) });
    // After an unknown error the state of this process is unknown.
    if (!known && exitCodeOf(error) === 1) process.exit(1);
  }
}

/** System errors that may not occur on another machine. */
const machineCodes = new Set(["ENOSPC", "EDQUOT", "EIO", "EROFS", "EMFILE", "ENFILE", "ENOMEM"]);

function isOfMachine(error: unknown): boolean {
  for (let cause: unknown = error; cause instanceof Error; cause = cause.cause) {
    if (machineCodes.has(systemCodeOf(cause) ?? "")) return true;
  }
  return false;
}
