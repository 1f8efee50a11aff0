import type { EncodedRival, RivalTensors } from "./rivals/rival.js";
import type { Scorer } from "./scorer.js";

/** A baseline that can be stored. */
export interface StoredScorer extends Scorer {
  /** The fitted state as plain data; `decodeScorer` opens it. */
  encode(): EncodedRival;
}

/**
 * Creates a baseline that can be stored, from its name and the function that computes scores from its tensors.
 *
 * @returns a function that opens the tensors: used after counting, and for a stored baseline
 */
export function defineScorer(name: string, open: (tensors: RivalTensors, nItems: number) => Scorer["scores"]) {
  return (tensors: RivalTensors, nItems: number): StoredScorer => ({
    name,
    scores: open(tensors, nItems),
    encode: () => ({ format: "kshot.rival/1", name, nItems, options: {}, tensors }),
  });
}
