import { availableParallelism } from "node:os";

/** Default number of threads: one per core, at most 8. */
export function workersOfThisMachine(): number {
  return Math.min(availableParallelism(), 8);
}
