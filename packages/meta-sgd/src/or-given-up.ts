/** Milliseconds that work under way has to end by itself once a run is told to stop. */
const patience = 500;

/**
 * Waits for work, but no longer than half a second once `signal` fires: an iteration may take minutes. What is given up goes on by itself
 * and its result is not used.
 *
 * @returns the result in a list of one; undefined where the work was given up
 * @throws what `work` throws
 */
export async function orGivenUp<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<[T] | undefined> {
  if (signal === undefined) return [await work];
  let stop = () => {};
  const givenUp = new Promise<undefined>((resolve) => {
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
    // An error of work that was given up is nobody's.
    work.catch(() => {});
    return await Promise.race([work.then((result): [T] => [result]), givenUp]);
  } finally {
    stop();
  }
}
