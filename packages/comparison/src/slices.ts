/** A part of a long computation: when it is over, and how many steps it has done. */
export interface Slice {
  /** Whether its time is used up. */
  readonly over: () => boolean;
  steps: number;
}

/** The end of a slice inside a computation that is not finished. */
const ended = Symbol("slice ended");

let current: Slice | null = null;

/**
 * Runs a computation until the slice is over. A computation that is not finished is called again in the next slice: it finds the
 * steps that it has done, and continues after them. Each slice does one step at least, so it comes to its end.
 *
 * @param slice - with a clock, which this package does not have.
 * @returns null if the computation is not finished.
 */
export function inSlice<T>(slice: Slice, compute: () => T): { readonly value: T } | null {
  const outer = current;
  current = slice;
  try {
    return { value: compute() };
  } catch (error) {
    if (error === ended) return null;
    throw error;
  } finally {
    current = outer;
  }
}

/**
 * One step of a computation that may run in slices. The caller keeps its result, so that it is computed once.
 *
 * Outside of `inSlice` it is the plain call.
 */
export function step<T>(compute: () => T): T {
  const slice = current;
  if (slice === null) return compute();
  if (slice.steps > 0 && slice.over()) throw ended;
  const value = compute();
  slice.steps++;
  return value;
}

interface Unfinished {
  readonly steps: Generator<void, unknown>;
  readonly isOf: (asked: unknown) => boolean;
}

/** Computations that stopped in the middle, the oldest first. */
const unfinished = new Map<string, Unfinished>();
const mostUnfinished = 8;

/**
 * Runs a computation in steps; after the end of a slice the next call with the same key continues it.
 *
 * @param key - different for different computations; `isOf` decides.
 * @param isOf - whether the unfinished computation is of the same input.
 */
export function resumed<Asked, T>(
  key: string,
  asked: Asked,
  isOf: (a: Asked, b: Asked) => boolean,
  start: () => Generator<void, T>,
): T {
  const found = unfinished.get(key);
  const steps = found?.isOf(asked) ? (found.steps as Generator<void, T>) : start();
  unfinished.delete(key);
  unfinished.set(key, { steps, isOf: (other) => isOf(asked, other as Asked) });
  const [oldest] = unfinished.keys();
  if (unfinished.size > mostUnfinished && oldest !== undefined) unfinished.delete(oldest);
  for (;;) {
    const { done, value } = step(() => steps.next());
    if (!done) continue;
    unfinished.delete(key);
    return value;
  }
}
