import { KshotError, messageOf } from "@kshot/contract";
import { type Lease, takeLease } from "@kshot/store";
import { cellFolder } from "../plan/cell-files.js";
import type { BullMq, BullMqJob } from "./bullmq-servers.js";
import type { Claim, Queue, QueuedPlan } from "./queue.js";

interface JobClaim extends Claim {
  readonly job: BullMqJob;
  readonly lease: Lease;
}

/** Milliseconds until a cell is offered again whose lease another worker still holds. */
const heldPause = 1000;

/**
 * The queue of BullMQ: one job for each cell that can be computed. A worker claims a job with a lock and renews it; BullMQ
 * returns the job if its worker stops renewing. The folders of the cells record which cells are done, and each claim also takes
 * the folder's lease: the state is visible in the folder, and workers with other queues can take part.
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
        // The id prevents that a cell is queued twice. The job is removed at its end, so that the cell can be queued again.
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
          // A server that lost its data gets the jobs again.
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
        // If the lock is missing, another worker has it. Every other error means that the server cannot be reached now.
        if (/lock/i.test(messageOf(error))) return false;
        throw error;
      }
    },
    async done({ job, lease }) {
      await lease.release();
      await ignoringLostLock(job.moveToCompleted(null, token, false));
    },
    async fail({ job, cell, lease }) {
      await lease.release();
      // Removes the job; a worker that finds the cell ready queues it again.
      await ignoringLostLock(job.moveToCompleted(null, token, false));
      offered.delete(cell);
    },
    close,
  };
}

/** The folder records that the cell is done or returned. A job whose lock is lost is ended by its new worker. */
async function ignoringLostLock(ended: Promise<unknown>): Promise<void> {
  try {
    await ended;
  } catch (error) {
    if (KshotError.isInstance(error)) throw error;
  }
}
