/** Signals that stop a run as Ctrl-C does. A closed terminal sends the last signal, also on Windows. */
const stopping = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** Handles every signal that stops a run; returns a function that ends the handling. */
function onStop(handler: () => void): () => void {
  for (const signal of stopping) process.on(signal, handler);
  return () => {
    for (const signal of stopping) process.off(signal, handler);
  };
}

/**
 * Ctrl-C as a signal: after the first press the current step finishes, the second press ends the program at once.
 */
export function interruptSignal(said = "Stopping after this iteration; press Ctrl-C again to stop at once."): {
  signal: AbortSignal;
  release: () => void;
} {
  const controller = new AbortController();
  const release = onStop(() => {
    if (controller.signal.aborted) process.exit(130);
    controller.abort();
    process.stderr.write(`\n${said}\n`);
  });
  return { signal: controller.signal, release };
}

/**
 * Ctrl-C for work that writes one folder, completely or not at all: the unfinished folder is removed and the program ends.
 *
 * @param removeUnfinished removes the unfinished folder, at once
 * @param work             while it runs, the signals are handled
 */
export async function removingUnfinished<T>(removeUnfinished: () => void, work: () => Promise<T>): Promise<T> {
  const release = onStop(() => {
    removeUnfinished();
    process.stderr.write("\nStopped; nothing was written.\n");
    process.exit(130);
  });
  try {
    return await work();
  } finally {
    release();
  }
}
