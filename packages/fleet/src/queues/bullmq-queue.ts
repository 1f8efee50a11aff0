import { type Lease, takeLease } from "@kshot/store";
import { cellFolder } from "../plan/cell-files.js";
import { type BullMq, type BullMqJob, inTime } from "./bullmq-servers.js";
import type { Claim, Queue, QueuedPlan } from "./queue.js";

interface JobClaim extends Claim {
  readonly job: BullMqJob;
  readonly lease: Lease;
}

/**
 * The queue of BullMQ: one job for each cell that can be computed. A worker claims a job with a lock and renews it; BullMQ
 * returns the job if its worker stops renewing. The folders of the cells record which cells are done, and each claim also takes
 * the folder's lease, which decides who computes the cell: the state is visible in the folder, workers with other queues can take
 * part, and clocks do not matter.
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
          await ignoringLostLock(job.moveToCompleted(null, token, false));
          continue;
        }
        const lease = await takeLease(cellFolder(directory, cell), plan.lease);
        if (lease !== null) return { cell, job, lease };
        // It is offered again later. BullMQ's own delay depends on the clocks of the machines.
        await ignoringLostLock(job.moveToCompleted(null, token, false));
        offered.delete(cell);
        return null;
      }
    },
    async renew({ job, lease }) {
      if (!(await lease.renew())) return false;
      // The lease decides. If the lock is lost, as with a server that was away, another worker gets the job and finds the lease.
      await inTime(job.extendLock(token, lockMs), lockMs / 4).catch(() => {});
      return true;
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
    async settled() {
      // Jobs of cells that workers with other queues have done. Every worker ends with this, so that the last one removes them.
      await queue.obliterate({ force: true }).catch(() => {});
    },
    close,
  };
}

/**
 * The folder records that the cell is done or returned. A job whose lock is lost is ended by its new worker; that of a server which
 * does not answer is offered again by the server.
 */
async function ignoringLostLock(ended: Promise<unknown>): Promise<void> {
  await inTime(ended).catch(() => {});
}
