import { isNetwork } from "./algorithms.js";
import type { Method } from "./methods.js";

/** Whether an interval holds what another training of the same method would change. */
export type TrainingNoise =
  /** It is over people and seeds. */
  | "included"
  /** One training of a network: another one may lie outside. */
  | "left out"
  /** Nothing is trained with a seed. */
  | "none";

/** The training noise of a figure of methods that have so many seeds between them. */
export function trainingNoiseOf(methods: readonly Pick<Method, "algorithm">[], seeds: number): TrainingNoise {
  if (!methods.some(({ algorithm }) => isNetwork(algorithm))) return "none";
  return seeds > 1 ? "included" : "left out";
}

/** What a table says of its intervals; null where nothing. */
export function trainingNoiseInWords(noise: TrainingNoise): string | null {
  if (noise === "left out")
    return "One training each: the intervals leave training noise out. Another seed may give a figure outside them; train several (--suite) to include it.";
  return noise === "included"
    ? "Intervals are over people and seeds: they hold what another training would change."
    : null;
}
