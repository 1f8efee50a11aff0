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
 * @example
 * ```js
 * import { mkdtempSync } from "node:fs";
 * import { tmpdir } from "node:os";
 * import { join } from "node:path";
 * import { folderQueue } from "@kshot/fleet";
 *
 * // Two workers and two cells in one folder: each cell goes to one worker.
 * const folder = mkdtempSync(join(tmpdir(), "plan-"));
 * const [one, other] = [folderQueue(folder, 60), folderQueue(folder, 60)];
 * const [first, second] = [await one.claim([0, 1]), await other.claim([0, 1])];
 * console.log(first.cell, second.cell); // 0 1
 * await one.done(first);
 * await other.done(second);
 * ```
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
    settled: async () => {},
    close: async () => {},
  };
  return queue;
}
