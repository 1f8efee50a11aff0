import type { Method } from "./methods.js";
import type { ComparableResults } from "./results.js";

/**
 * Seconds of training, from the log: each entry's seconds per iteration times the iterations since the entry before.
 *
 * @returns null if the file has no times.
 */
export function trainingSeconds({ history, volatile }: Pick<ComparableResults, "history" | "volatile">): number | null {
  const { secondsPerIteration } = volatile;
  if (secondsPerIteration.length === 0) return null;
  return secondsPerIteration.reduce((sum, seconds, i) => {
    const [before, at] = [history.iteration[i - 1] ?? 0, history.iteration[i] ?? i + 1];
    return sum + seconds * Math.max(1, at - before);
  }, 0);
}

/** Each seed's seconds of training; null if a file has no times. */
export function trainingSecondsOf({ files }: Pick<Method, "files">): number[] | null {
  const seconds = files.flatMap(({ results }) => trainingSeconds(results) ?? []);
  return seconds.length < files.length ? null : seconds;
}
