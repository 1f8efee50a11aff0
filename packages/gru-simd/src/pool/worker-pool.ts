import { failedError, KshotError, usageError } from "@kshot/contract";
import type { Work } from "../work.js";
import type { WorkerAnswer, WorkerStart } from "./messages.js";
import { cell, collect, SharedBuffers } from "./shared-work.js";
import type { Thread, Threads } from "./threads.js";

/** Threads that share the units of one call at a time. They start with the first call, and again after one has died. */
export class WorkerPool {
  private readonly control: Int32Array;
  private readonly buffers: SharedBuffers;
  private workers: Thread[] = [];
  /** What the call at hand waits for. */
  private onAnswer: (worker: number, answer: WorkerAnswer) => void = () => {};
  private onEnd: (worker: number, reason: string) => void = () => {};
  private onDispose: () => void = () => {};

  constructor(
    private readonly threads: Threads,
    private readonly start: Omit<WorkerStart, "worker">,
    private readonly count: number,
  ) {
    const control = new SharedArrayBuffer(4 * (cell.at + count));
    this.control = new Int32Array(control);
    this.buffers = new SharedBuffers(control);
  }

  /** @throws what a unit threw; `FAILED`, naming the batch or task, for a worker that died. */
  async perform(work: Work): Promise<void> {
    if (this.workers.length === 0) this.open();
    const shared = this.buffers.share(work);
    this.control.fill(0, 0, cell.at).fill(-1, cell.at);
    const failures: NonNullable<WorkerAnswer["failure"]>[] = [];
    for (const worker of this.workers) worker.hold(true);
    try {
      await new Promise<void>((resolve, reject) => {
        let busy = this.count;
        this.onAnswer = (_, { failure }) => {
          if (failure !== undefined) failures.push(failure);
          if (--busy === 0) resolve();
        };
        this.onEnd = (worker, reason) => reject(this.died(worker, reason, work));
        this.onDispose = () => reject(usageError({ where: "SIMD engine", found: "dispose() during a call" }));
        for (const worker of this.workers) worker.post(shared);
      });
    } catch (error) {
      this.dispose();
      throw error;
    } finally {
      this.onAnswer = () => {};
      this.onEnd = () => this.dispose();
      this.onDispose = () => {};
      for (const worker of this.workers) worker.hold(false);
    }
    if (failures.length > 0) {
      const [{ code, parts }] = failures.sort((a, b) => a.at - b.at);
      throw new KshotError(code, parts);
    }
    collect(shared, work);
  }

  /** Ends all threads. */
  dispose(): void {
    const workers = this.workers;
    this.workers = [];
    for (const worker of workers) worker.terminate();
    this.onDispose();
  }

  private open(): void {
    this.workers = Array.from({ length: this.count }, (_, worker) => {
      const thread: Thread = this.threads.open({ ...this.start, worker } satisfies WorkerStart, {
        message: (answer) => {
          if (this.workers[worker] === thread) this.onAnswer(worker, answer as WorkerAnswer);
        },
        end: (reason) => {
          if (this.workers[worker] === thread) this.onEnd(worker, reason);
        },
      });
      return thread;
    });
  }

  private died(worker: number, reason: string, { kind }: Work) {
    const at = this.control[cell.at + worker];
    const what = kind === "metaGradient" ? "task" : "batch";
    return failedError({
      where: at < 0 ? `worker ${worker}, before its first ${what}` : `${what} ${at}`,
      found: `its worker died: ${reason}`,
      expected: "a worker that lives until the engine is disposed",
      todo: "Resume from the last checkpoint; if it happens again, use fewer workers",
    });
  }
}
