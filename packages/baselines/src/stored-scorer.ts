import type { CountModelTensors, EncodedCountModel } from "./count-models/count-model.js";
import type { Scorer } from "./scorer.js";

/** A baseline that can be stored. */
export interface StoredScorer extends Scorer {
  /** The fitted state as plain data; `decodeScorer` opens it. */
  encode(): EncodedCountModel;
}

/**
 * Creates a baseline that can be stored, from its name and the function that computes scores from its tensors.
 *
 * @returns a function that opens the tensors: used after counting, and for a stored baseline
 */
export function defineScorer(name: string, open: (tensors: CountModelTensors, nItems: number) => Scorer["scores"]) {
  return (tensors: CountModelTensors, nItems: number): StoredScorer => ({
    name,
    scores: open(tensors, nItems),
    encode: () => ({ format: "kshot.count-model/1", name, nItems, options: {}, tensors }),
  });
}
