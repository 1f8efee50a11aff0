import { Worker } from "node:worker_threads";
import { KshotError, type KshotErrorCode } from "@kshot/contract";
import type { Answer } from "@kshot/recommend";
import type { Job, JobResult, ThreadMessage, ThreadStart } from "./jobs.js";

/** Largest number of people in one message to a thread: with more, the first of them wait longer and nothing is saved. */
const mostPeopleAtOnce = 32;

/** A request that cannot be answered now; the client can try again. */
export class OverloadedError extends Error {
  override readonly name = "OverloadedError";
  constructor(
    readonly code: "OVERLOADED" | "TIMEOUT" | "STOPPING",
    message: string,
  ) {
    super(message);
  }
}

interface Waiting {
  readonly job: Job;
  readonly resolve: (answers: readonly Answer[]) => void;
  readonly reject: (error: unknown) => void;
}

interface PoolThread {
  readonly worker: Worker;
  busy: Map<number, Waiting>;
  ready: boolean;
}

/** Options of a pool. */
export interface ThreadPoolOptions {
  readonly threads: number;
  /** Requests that may wait; further requests are refused at once. */
  readonly queue: number;
  readonly start: ThreadStart;
  /** Called when a thread has ended unexpectedly and is replaced. */
  readonly onThreadEnd?: (reason: string) => void;
}

/** Threads that recommend, and the queue of waiting requests. */
export class ThreadPool {
  readonly #options: ThreadPoolOptions;
  readonly #threads = new Set<PoolThread>();
  readonly #waiting: Waiting[] = [];
  #next = 0;
  #closed = false;

  private constructor(options: ThreadPoolOptions) {
    this.#options = options;
  }

  /**
   * Starts the threads; resolves when each has opened every model and has answered once. @throws the error of a model that cannot
   * be opened.
   */
  static async start(options: ThreadPoolOptions): Promise<ThreadPool> {
    const pool = new ThreadPool(options);
    try {
      await Promise.all(Array.from({ length: options.threads }, () => pool.#open()));
    } catch (error) {
      await pool.close();
      throw error;
    }
    return pool;
  }

  /** Requests that wait for a thread. */
  get waiting(): number {
    return this.#waiting.length;
  }

  /** Whether every thread has opened every model. */
  get ready(): boolean {
    const threads = [...this.#threads];
    return threads.length === this.#options.threads && threads.every((thread) => thread.ready);
  }

  /**
   * Answers one request.
   *
   * @param signal removes a waiting request; a request that a thread works on is finished and its answer is dropped
   * @throws `OverloadedError` if the queue is full; the thread's error for a wrong argument.
   */
  recommend(job: Omit<Job, "id">, signal?: AbortSignal): Promise<readonly Answer[]> {
    if (this.#waiting.length >= this.#options.queue) {
      throw new OverloadedError("OVERLOADED", `${this.#waiting.length} requests are waiting already; try again later.`);
    }
    return new Promise((resolve, reject) => {
      const waiting: Waiting = { job: { ...job, id: this.#next++ }, resolve, reject };
      signal?.addEventListener(
        "abort",
        () => {
          const at = this.#waiting.indexOf(waiting);
          if (at >= 0) this.#waiting.splice(at, 1);
          reject(signal.reason);
        },
        { once: true },
      );
      this.#waiting.push(waiting);
      this.#dispatch();
    });
  }

  /** Ends the threads. Unanswered requests fail. */
  async close(): Promise<void> {
    this.#closed = true;
    const threads = [...this.#threads];
    this.#threads.clear();
    const unanswered = [...this.#waiting.splice(0), ...threads.flatMap(({ busy }) => [...busy.values()])];
    for (const { reject } of unanswered) reject(new OverloadedError("STOPPING", "The server stops."));
    await Promise.all(threads.map(({ worker }) => worker.terminate()));
  }

  #open(): Promise<void> {
    const worker = new Worker(new URL("./thread.js", import.meta.url), { workerData: this.#options.start });
    const thread: PoolThread = { worker, busy: new Map(), ready: false };
    this.#threads.add(thread);
    return new Promise((resolve, reject) => {
      const end = (reason: string) => {
        if (!this.#threads.delete(thread)) return;
        const error = new KshotError("FAILED", { where: "a thread of the server", found: reason });
        for (const waiting of thread.busy.values()) waiting.reject(error);
        if (!thread.ready || this.#closed) reject(error);
        else {
          this.#options.onThreadEnd?.(reason);
          this.#open().catch((cause: Error) => this.#options.onThreadEnd?.(cause.message));
        }
      };
      worker.on("error", (error) => end(error.message));
      worker.on("exit", (code) => end(`it ended with code ${code}`));
      worker.on("message", (message: ThreadMessage) => {
        if (message.type === "ready") {
          thread.ready = true;
          resolve();
        } else if (message.type === "failed") {
          reject(new KshotError(message.code as KshotErrorCode, { found: message.message }));
        } else {
          for (const result of message.results) this.#settle(thread, result);
        }
        this.#dispatch();
      });
    });
  }

  #settle({ busy }: PoolThread, result: JobResult): void {
    const waiting = busy.get(result.id);
    busy.delete(result.id);
    if ("answers" in result) waiting?.resolve(result.answers);
    else waiting?.reject(new KshotError(result.error.code as KshotErrorCode, { found: result.error.message }));
  }

  /** Sends waiting requests to idle threads in equal shares, so that one thread does not take all. */
  #dispatch(): void {
    const idle = [...this.#threads].filter(({ ready, busy }) => ready && busy.size === 0);
    for (const [i, thread] of idle.entries()) {
      const share = Math.ceil(this.#waiting.length / (idle.length - i));
      const taken: Waiting[] = [];
      let people = 0;
      while (taken.length < share && people < mostPeopleAtOnce) {
        const waiting = this.#waiting.shift();
        if (waiting === undefined) break;
        taken.push(waiting);
        people += waiting.job.histories.length;
      }
      if (taken.length === 0) return;
      thread.busy = new Map(taken.map((waiting) => [waiting.job.id, waiting]));
      thread.worker.postMessage(taken.map(({ job }) => job));
    }
  }
}
