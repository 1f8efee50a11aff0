import { type Lease, takeLease } from "@kshot/store";
import { cellFolder } from "../plan/cell-files.js";
import type { Claim, Queue } from "./queue.js";

interface FolderClaim extends Claim {
  readonly lease: Lease;
}

/**
 * The queue of a shared folder: the process that creates a cell's lease holds it; a lease that is not renewed is taken over
 * (`takeLease`).
 *
 * @param directory - folder of the plan, absolute
 * @param seconds - age at which a lease counts as abandoned
 */
export function folderQueue(directory: string, seconds: number): Queue {
  const held = new Set<number>();
  const queue: Queue<FolderClaim> = {
    async claim(ready) {
      for (const cell of ready) {
        if (held.has(cell)) continue;
        held.add(cell);
        const lease = await takeLease(cellFolder(directory, cell), seconds);
        if (lease !== null) return { cell, lease };
        held.delete(cell);
      }
      return null;
    },
    renew: ({ lease }) => lease.renew(),
    async done({ cell, lease }) {
      await lease.release();
      held.delete(cell);
    },
    async fail({ cell, lease }) {
      await lease.release();
      held.delete(cell);
    },
    close: async () => {},
  };
  return queue;
}
