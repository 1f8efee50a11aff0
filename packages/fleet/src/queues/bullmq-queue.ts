import { KshotError } from "@kshot/contract";
import { type Lease, takeLease } from "@kshot/store";
import { cellFolder } from "../plan/cell-files.js";
import type { BullMq, BullMqJob } from "./bullmq-servers.js";
import type { Claim, Queue, QueuedPlan } from "./queue.js";

interface JobClaim extends Claim {
  readonly job: BullMqJob;
  readonly lease: Lease;
}

/** Milliseconds after which a cell is offered again whose lease somebody else still holds. */
const heldPause = 1000;

/**
 * The queue of BullMQ: a job for each cell that may be worked at, claimed with a lock that is renewed, given back by BullMQ where its
 * worker fell silent. What is done stands in the cells' folders, and each claim also takes the lease of the folder: so the state can be
 * seen, and workers with other queues may help.
 *
 * @param open - connects to the server
 * @throws what `open` throws
 */
export async function bullMqQueue(
  { directory, plan }: QueuedPlan,
  open: (name: string, lockMs: number) => Promise<BullMq>,
): Promise<Queue<JobClaim>> {
  const lockMs = 1000 * plan.lease;
  const name = `kshot-${plan.id}`;
  const { queue, worker, close } = await open(name, lockMs);
  const offered = new Set<number>();
  const token = `${process.pid}-${Math.random().toString(36).slice(2)}`;
  const offer = async (ready: readonly number[]) => {
    const fresh = ready.filter((cell) => !offered.has(cell));
    if (fresh.length === 0) return;
    await queue.addBulk(
      fresh.map((cell) => ({
        name: "cell",
        data: { cell },
        // The id keeps a cell from being offered twice; nothing stays behind, so that it can be offered again.
        opts: { jobId: `cell-${cell}`, removeOnComplete: true, removeOnFail: true },
      })),
    );
    for (const cell of fresh) offered.add(cell);
  };
  return {
    async claim(ready) {
      await offer(ready);
      for (;;) {
        const job = await worker.getNextJob(token, { block: false });
        if (!job) {
          // A server that lost its memory is told again.
          offered.clear();
          return null;
        }
        const { cell } = job.data;
        if (!ready.includes(cell)) {
          await job.moveToCompleted(null, token, false);
          continue;
        }
        const lease = await takeLease(cellFolder(directory, cell), plan.lease);
        if (lease !== null) return { cell, job, lease };
        await job.moveToDelayed(Date.now() + heldPause, token);
        return null;
      }
    },
    async renew({ job, lease }) {
      if (!(await lease.renew())) return false;
      try {
        await job.extendLock(token, lockMs);
        return true;
      } catch (error) {
        // A lock that is gone is somebody else's; anything else is a server that cannot be reached now.
        if (/lock/i.test(error instanceof Error ? error.message : "")) return false;
        throw error;
      }
    },
    async done({ job, lease }) {
      await lease.release();
      await ignoringLostLock(job.moveToCompleted(null, token, false));
    },
    async fail({ job, cell, lease }) {
      await lease.release();
      // Away with it: whoever finds the cell ready offers it again.
      await ignoringLostLock(job.moveToCompleted(null, token, false));
      offered.delete(cell);
    },
    close,
  };
}

/** What is done or given back stands in the folder; a job whose lock is lost is another worker's to end. */
async function ignoringLostLock(ended: Promise<unknown>): Promise<void> {
  try {
    await ended;
  } catch (error) {
    if (KshotError.isInstance(error)) throw error;
  }
}
