import { usageError } from "@kshot/contract";
import { bullMqQueue } from "./bullmq-queue.js";
import { onPostgres, onRedis } from "./bullmq-servers.js";
import { folderQueue } from "./folder-queue.js";
import type { Queue, QueuedPlan } from "./queue.js";

/**
 * The queue of `--queue`.
 *
 * @param where - `folder`, `redis://…`, `rediss://…`, `postgres://…`
 * @throws `USAGE` for anything else, and for a missing optional package; `FAILED` for a server that cannot be reached.
 */
export async function openQueue(where: string, { directory, plan }: QueuedPlan): Promise<Queue> {
  if (where === "folder") return folderQueue(directory, plan.lease);
  if (/^rediss?:\/\/./.test(where)) {
    return bullMqQueue({ directory, plan }, (name, lockMs) => onRedis(where, name, lockMs));
  }
  if (/^postgres(ql)?:\/\/./.test(where)) {
    return bullMqQueue({ directory, plan }, (name, lockMs) => onPostgres(where, name, lockMs));
  }
  throw usageError({
    where: `--queue ${where}`,
    found: "an unknown kind of queue",
    expected: "folder, redis://HOST:PORT or postgres://USER@HOST:PORT/DATABASE",
  });
}
