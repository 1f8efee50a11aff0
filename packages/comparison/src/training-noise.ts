import { isSeeded } from "./algorithms.js";
import type { Method } from "./methods.js";

/** Whether an interval includes the variation between trainings of the same method. */
export type TrainingNoise =
  /** The interval is over people and seeds. */
  | "included"
  /** One training of a method that depends on a seed: another training may be outside the interval. */
  | "left out"
  /** No method depends on a seed. */
  | "none";

/** The training noise of a figure, from the numbers of seeds of its methods. */
export function trainingNoiseOf(methods: readonly Pick<Method, "algorithm">[], seeds: number): TrainingNoise {
  if (!methods.some(({ algorithm }) => isSeeded(algorithm))) return "none";
  return seeds > 1 ? "included" : "left out";
}

/** The sentence of a table about its intervals; null if none is needed. */
export function trainingNoiseInWords(noise: TrainingNoise): string | null {
  if (noise === "left out")
    return "Each method was trained once: the intervals do not include training noise. Another seed may give a figure outside them. Train several seeds (--suite) to include the noise.";
  return noise === "included"
    ? "Intervals are over people and seeds, so they include the differences between trainings."
    : null;
}
