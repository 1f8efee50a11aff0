import type { AdamState } from "./adam.js";

/** Moments that can grow apart from the original's. */
export function copyMoments({ step, firstMoment, secondMoment }: AdamState): AdamState {
  return { step, firstMoment: firstMoment.slice(), secondMoment: secondMoment.slice() };
}
