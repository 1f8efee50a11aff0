/** Milliseconds that current work has to end after the signal. */
const patience = 500;

/**
 * Waits for work, but no longer than half a second after `signal` fires, because an iteration may take minutes. Abandoned work
 * continues, and its result is not used.
 *
 * @returns the result in a list of one; undefined if the work was abandoned
 * @throws what `work` throws
 */
export async function orAborted<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<[T] | undefined> {
  if (signal === undefined) return [await work];
  let stop = () => {};
  const aborted = new Promise<undefined>((resolve) => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const onAbort = () => {
      timer = setTimeout(() => resolve(undefined), patience);
    };
    stop = () => {
      clearTimeout(timer);
      signal.removeEventListener("abort", onAbort);
    };
    if (signal.aborted) onAbort();
    else signal.addEventListener("abort", onAbort);
  });
  try {
    // An error of abandoned work is ignored.
    work.catch(() => {});
    return await Promise.race([work.then((result): [T] => [result]), aborted]);
  } finally {
    stop();
  }
}
