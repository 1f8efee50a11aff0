import { failedError, KshotError, messageOf, usageError } from "@kshot/contract";
import type { UnitExecutor } from "../unit-executor.js";
import type { Work } from "../work.js";
import { failureOf } from "./failure-of.js";
import type { WorkerAnswer, WorkerStart } from "./messages.js";
import { othersDone, Share, serveHere, stop } from "./serve.js";
import { cell, collect, SharedBuffers, type SharedWork } from "./shared-work.js";
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
  private control: Int32Array;
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
    this.buffers = new SharedBuffers(count);
    this.control = this.buffers.start();
  }

  /**
   * Runs the units of one call on all workers.
   *
   * @param caller computes units on the calling thread, in place of one worker; left out: only workers compute
   * @throws the error of a unit; `WorkersNotLoaded`, before any unit, where a worker does not load; `FAILED`, naming the batch or task,
   * for a worker that died
   */
  async execute(work: Work, caller?: UnitExecutor): Promise<void> {
    // Without slots for early results the calling thread would wait for others, and could not notice that one died.
    const here =
      work.ordered && this.buffers.slotCountFor(work) < Math.min(this.count, work.units.length - 1)
        ? undefined
        : caller;
    const threads = here === undefined ? this.count : this.count - 1;
    if (this.workers.length < threads) await this.open(threads);
    const workers = this.workers.slice(0, threads);
    const shared = this.buffers.share(work);
    this.control = this.buffers.start();
    this.control[cell.left] = threads;
    const failures: NonNullable<WorkerAnswer["failure"]>[] = [];
    for (const worker of workers) worker.hold(true);
    try {
      const others = new Promise<void>((resolve, reject) => {
        let busy = threads;
        this.onAnswer = ({ call, failure }) => {
          // An answer to the call before, which was known to be done.
          if (call !== shared.call) return;
          if (failure !== undefined) failures.push(failure);
          if (--busy === 0) resolve();
        };
        this.onEnd = (worker, reason) => {
          stop(this.control);
          reject(this.died(worker, reason, work));
        };
        this.onDispose = () => {
          stop(this.control);
          reject(disposedDuringCall());
        };
        for (const worker of workers) worker.post(shared);
      });
      if (here === undefined) await others;
      else {
        // A rejection is handled when this thread's part has ended.
        others.catch(() => {});
        await this.partHere(here, shared, failures);
        if (!othersDone(this.control)) await others;
      }
    } catch (error) {
      this.buffers.forgetSlots();
      this.dispose();
      throw error;
    } finally {
      this.idle();
    }
    if (failures.length > 0) {
      this.buffers.forgetSlots();
      const [{ code, parts }] = failures.sort((a, b) => a.at - b.at);
      throw new KshotError(code, parts);
    }
    collect(shared, work);
  }

  private async partHere(
    executor: UnitExecutor,
    shared: SharedWork,
    failures: NonNullable<WorkerAnswer["failure"]>[],
  ): Promise<void> {
    const worker = this.count - 1;
    try {
      await serveHere(new Share(executor, shared, worker), this.count);
    } catch (error) {
      stop(this.control);
      failures.push(failureOf(error, this.control[cell.at + worker], worker));
    }
  }

  /** Ends all threads. */
  dispose(): void {
    const workers = this.workers;
    this.workers = [];
    for (const worker of workers) worker.terminate();
    this.onDispose();
  }

  /** Starts workers, up to this number, and waits until each has loaded its script. */
  private async open(threads: number): Promise<void> {
    let timer: ReturnType<typeof setTimeout> | undefined;
    try {
      await new Promise<void>((resolve, reject) => {
        const first = this.workers.length;
        let loading = threads - first;
        this.onAnswer = ({ loaded }) => {
          if (loaded && --loading === 0) resolve();
        };
        this.onEnd = (_, reason) => reject(new WorkersNotLoaded(reason));
        this.onDispose = () => reject(disposedDuringCall());
        timer = setTimeout(() => reject(new WorkersNotLoaded(`no answer in ${loadSeconds} s`)), 1000 * loadSeconds);
        for (let worker = first; worker < threads; worker++) this.openOne(worker);
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
