import { failedError, KshotError, messageOf, usageError } from "@kshot/contract";
import type { Work } from "../work.js";
import type { WorkerAnswer, WorkerStart } from "./messages.js";
import { cell, collect, SharedBuffers } from "./shared-work.js";
import type { Thread, Threads } from "./threads.js";

/** Seconds in which a worker must load its script. Long, so that workers also load on a busy machine. */
const loadSeconds = 30;

/** A worker did not load: the script was not found or failed, or the runtime has no workers. No unit has run. */
export class WorkersNotLoaded extends Error {
  override readonly name = "WorkersNotLoaded";
}

function disposedDuringCall() {
  return usageError({ where: "SIMD engine", found: "dispose() during a call" });
}

/** Threads that share the units of one call at a time. They start with the first call, and again after one has died. */
export class WorkerPool {
  private readonly control: Int32Array;
  private readonly buffers: SharedBuffers;
  private workers: Thread[] = [];
  /** Handlers of the current call. */
  private onAnswer: (answer: WorkerAnswer) => void = () => {};
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

  /**
   * Runs the units of one call on all workers.
   *
   * @throws the error of a unit; `WorkersNotLoaded`, before any unit, where a worker does not load; `FAILED`, naming the batch or task,
   * for a worker that died
   */
  async execute(work: Work): Promise<void> {
    if (this.workers.length === 0) await this.open();
    const shared = this.buffers.share(work);
    this.control.fill(0, 0, cell.at).fill(-1, cell.at);
    const failures: NonNullable<WorkerAnswer["failure"]>[] = [];
    for (const worker of this.workers) worker.hold(true);
    try {
      await new Promise<void>((resolve, reject) => {
        let busy = this.count;
        this.onAnswer = ({ failure }) => {
          if (failure !== undefined) failures.push(failure);
          if (--busy === 0) resolve();
        };
        this.onEnd = (worker, reason) => reject(this.died(worker, reason, work));
        this.onDispose = () => reject(disposedDuringCall());
        for (const worker of this.workers) worker.post(shared);
      });
    } catch (error) {
      this.dispose();
      throw error;
    } finally {
      this.idle();
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

  /** Starts the workers and waits until each has loaded its script. */
  private async open(): Promise<void> {
    let timer: ReturnType<typeof setTimeout> | undefined;
    try {
      await new Promise<void>((resolve, reject) => {
        let loading = this.count;
        this.onAnswer = () => {
          if (--loading === 0) resolve();
        };
        this.onEnd = (_, reason) => reject(new WorkersNotLoaded(reason));
        this.onDispose = () => reject(disposedDuringCall());
        timer = setTimeout(() => reject(new WorkersNotLoaded(`no answer in ${loadSeconds} s`)), 1000 * loadSeconds);
        for (let worker = 0; worker < this.count; worker++) this.openOne(worker);
      });
    } catch (error) {
      this.onDispose = () => {};
      this.dispose();
      throw error;
    } finally {
      clearTimeout(timer);
      this.idle();
    }
  }

  private openOne(worker: number): void {
    try {
      const thread: Thread = this.threads.open({
        message: (answer) => {
          if (this.workers[worker] === thread) this.onAnswer(answer as WorkerAnswer);
        },
        end: (reason) => {
          if (this.workers[worker] === thread) this.onEnd(worker, reason);
        },
      });
      this.workers.push(thread);
      thread.hold(true);
      thread.post({ ...this.start, worker } satisfies WorkerStart);
    } catch (cause) {
      throw new WorkersNotLoaded(messageOf(cause));
    }
  }

  /** Between calls no worker keeps the process alive, and one that ends is replaced, with all others, at the next call. */
  private idle(): void {
    this.onAnswer = () => {};
    this.onEnd = () => this.dispose();
    this.onDispose = () => {};
    for (const worker of this.workers) worker.hold(false);
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
