/** The state of a run whose page is written before its end. */
export interface RunOfPage {
  /** `stopped`: an interruption or an error ended it. */
  readonly state: "running" | "stopped";
  /** `<name>/<tag>`. */
  readonly run: string;
  /** Title of the algorithm in training; null between two. */
  readonly algorithm: string | null;
  /** Its iterations or optimiser steps, and the largest possible number; null if unknown. */
  readonly done: number | null;
  readonly total: number | null;
  /** Largest number of seconds that it still needs; null if unknown. */
  readonly secondsLeft: number | null;
  /** Titles of the algorithms that are finished, and of those that follow. */
  readonly finished: readonly string[];
  readonly waiting: readonly string[];
  /** Time of writing, ISO 8601. */
  readonly writtenAt: string;
  /** Seconds to the next version of the page, about. */
  readonly every: number;
  /** The command that continues the run; null if unknown. */
  readonly resume: string | null;
}
