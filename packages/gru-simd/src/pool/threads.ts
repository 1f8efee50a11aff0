import type { Worker as NodeWorker } from "node:worker_threads";

/** A thread of Node or of a browser, with one interface for the pool. */
export interface Thread {
  post(message: unknown): void;
  terminate(): void;
  /** Whether the thread keeps the process alive. */
  hold(alive: boolean): void;
}

/** Events of a thread. */
export interface ThreadEvents {
  message(value: unknown): void;
  /** It ended, or it had an uncaught error. */
  end(reason: string): void;
}

/** Makes threads. */
export interface Threads {
  /** The number of cores of this machine. */
  cores(): number;
  /** @throws the runtime's error where it cannot make a worker */
  open(events: ThreadEvents): Thread;
}

/** Makes a worker that runs this package's worker script: a browser's `Worker`, or Node's from `node:worker_threads`. */
export type MakeWorker = () => Worker | NodeWorker;

/**
 * Threads that share memory; undefined if the runtime has none (a page opened from disk, or not isolated across origins).
 *
 * @param make makes each worker; left out: from `worker.js` of this package
 */
export function threadsHere(make?: MakeWorker): Threads | undefined {
  // Imported at run time, so that a bundler for browsers sees no import of a Node module.
  const builtin = globalThis.process?.getBuiltinModule;
  if (builtin !== undefined) {
    // The worker does not get the process's options: --input-type or --eval would stop it.
    const makeHere =
      make ??
      (() => new (builtin("node:worker_threads").Worker)(new URL("../worker.js", import.meta.url), { execArgv: [] }));
    return { cores: () => builtin("node:os").availableParallelism(), open: (events) => thread(makeHere(), events) };
  }
  if (typeof SharedArrayBuffer === "undefined" || typeof Worker === "undefined" || !globalThis.crossOriginIsolated)
    return undefined;
  // In the form that bundlers recognise: they build the worker from this line.
  const makeHere = make ?? (() => new Worker(new URL("../worker.js", import.meta.url), { type: "module" }));
  return { cores: () => globalThis.navigator.hardwareConcurrency, open: (events) => thread(makeHere(), events) };
}

function thread(worker: Worker | NodeWorker, events: ThreadEvents): Thread {
  if ("on" in worker) {
    worker.unref();
    worker.on("message", events.message);
    worker.on("error", (error) => events.end(error.message));
    worker.on("exit", (code) => events.end(`it ended with code ${code}`));
    return {
      post: (message) => worker.postMessage(message),
      terminate: () => void worker.terminate(),
      hold: (alive) => (alive ? worker.ref() : worker.unref()),
    };
  }
  worker.onmessage = ({ data }) => events.message(data);
  worker.onmessageerror = () => events.end("a message to or from it could not be copied");
  // A script that is not found gives an event without a message.
  worker.onerror = ({ message }) => events.end(message || "its script could not be loaded");
  return {
    post: (message) => worker.postMessage(message),
    terminate: () => worker.terminate(),
    hold: () => {},
  };
}
