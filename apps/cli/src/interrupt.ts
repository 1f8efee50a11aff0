/**
 * Ctrl-C as a signal: after the first press the current step finishes, the second press ends the program at once.
 */
export function interruptSignal(said = "Stopping after this iteration; press Ctrl-C again to stop at once."): {
  signal: AbortSignal;
  release: () => void;
} {
  const controller = new AbortController();
  const onInterrupt = () => {
    if (controller.signal.aborted) process.exit(130);
    process.stderr.write(`\n${said}\n`);
    controller.abort();
  };
  process.on("SIGINT", onInterrupt);
  process.on("SIGTERM", onInterrupt);
  return {
    signal: controller.signal,
    release: () => {
      process.off("SIGINT", onInterrupt);
      process.off("SIGTERM", onInterrupt);
    },
  };
}

/**
 * Ctrl-C for work that writes one folder, completely or not at all: the unfinished folder is removed and the program ends.
 *
 * @param removeUnfinished removes the unfinished folder, at once
 * @param work             while it runs, the signals are handled
 */
export async function removingUnfinished<T>(removeUnfinished: () => void, work: () => Promise<T>): Promise<T> {
  const onInterrupt = () => {
    removeUnfinished();
    process.stderr.write("\nStopped; nothing was written.\n");
    process.exit(130);
  };
  process.on("SIGINT", onInterrupt);
  process.on("SIGTERM", onInterrupt);
  try {
    return await work();
  } finally {
    process.off("SIGINT", onInterrupt);
    process.off("SIGTERM", onInterrupt);
  }
}
