import { usageError } from "@kshot/contract";
import type { Plan } from "@kshot/contract/schemas";
import { folderQueue } from "./folder-queue.js";
import type { Queue } from "./queue.js";

/** A plan that a queue is opened for. */
export interface QueuedPlan {
  /** Folder of the plan, absolute. */
  readonly directory: string;
  readonly plan: Plan;
}

/**
 * The queue of `--queue`.
 *
 * @param where - `folder`, `redis://…`, `rediss://…`, `postgres://…`
 * @throws `USAGE` for anything else, and for a missing optional package; `FAILED` for a server that cannot be reached.
 */
export async function openQueue(where: string, { directory, plan }: QueuedPlan): Promise<Queue> {
  if (where === "folder") return folderQueue(directory, plan.lease);
  throw usageError({
    where: `--queue ${where}`,
    found: "no queue of this kind",
    expected: "folder, redis://HOST:PORT or postgres://USER@HOST:PORT/DATABASE",
  });
}
