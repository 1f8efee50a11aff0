import { availableParallelism } from "node:os";

/** Threads where no flag says how many: one a core, at most 8. */
export function workersOfThisMachine(): number {
  return Math.min(availableParallelism(), 8);
}
