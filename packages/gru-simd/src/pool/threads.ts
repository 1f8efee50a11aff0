/** A thread as the pool sees it, Node's or a browser's. */
export interface Thread {
  post(message: unknown): void;
  terminate(): void;
  /** Whether the thread keeps the process alive. */
  hold(alive: boolean): void;
}

export interface ThreadEvents {
  message(value: unknown): void;
  /** It ended, or an error escaped it. */
  end(reason: string): void;
}

export interface Threads {
  readonly cores: number;
  open(start: unknown, events: ThreadEvents): Thread;
}

/** Threads that share memory; undefined where there are none (a page opened from disk, or not isolated across origins). */
export const threads: Threads | undefined = nodeThreads() ?? webThreads();

function nodeThreads(): Threads | undefined {
  // Asked for at run time, so that a bundler for browsers sees no import of a Node module.
  const builtin = globalThis.process?.getBuiltinModule;
  if (builtin === undefined) return undefined;
  const workers = builtin("node:worker_threads");
  return {
    cores: builtin("node:os").availableParallelism(),
    open(start, events) {
      const file = new URL("../worker.js", import.meta.url);
      // The process's own options are not the worker's: --input-type or --eval would stop it.
      const worker = new workers.Worker(file, { workerData: start, execArgv: [] });
      worker.unref();
      worker.on("message", events.message);
      worker.on("error", (error) => events.end(error.message));
      worker.on("exit", (code) => events.end(`it ended with code ${code}`));
      return {
        post: (message) => worker.postMessage(message),
        terminate: () => void worker.terminate(),
        hold: (alive) => (alive ? worker.ref() : worker.unref()),
      };
    },
  };
}

function webThreads(): Threads | undefined {
  if (typeof SharedArrayBuffer === "undefined" || typeof Worker === "undefined" || !globalThis.crossOriginIsolated)
    return undefined;
  return {
    cores: globalThis.navigator.hardwareConcurrency,
    open(start, events) {
      const worker = new Worker(new URL("../worker.js", import.meta.url), { type: "module" });
      worker.onmessage = ({ data }) => events.message(data);
      worker.onerror = ({ message }) => events.end(message);
      worker.postMessage(start);
      return {
        post: (message) => worker.postMessage(message),
        terminate: () => worker.terminate(),
        hold: () => {},
      };
    },
  };
}
