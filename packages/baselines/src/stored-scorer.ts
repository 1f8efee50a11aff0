import type { EncodedRival, RivalTensors } from "./rivals/rival.js";
import type { Scorer } from "./scorer.js";

/** A baseline that can be stored. */
export interface StoredScorer extends Scorer {
  /** The fitted state as plain data; `decodeScorer` opens it. */
  encode(): EncodedRival;
}

/**
 * Makes a baseline that can be stored of its name and of the function that scores by its tensors alone.
 *
 * @returns a function that opens the tensors: after counting, and when a stored one is read
 */
export function defineScorer(name: string, open: (tensors: RivalTensors, nItems: number) => Scorer["scores"]) {
  return (tensors: RivalTensors, nItems: number): StoredScorer => ({
    name,
    scores: open(tensors, nItems),
    encode: () => ({ format: "kshot.rival/1", name, nItems, options: {}, tensors }),
  });
}
