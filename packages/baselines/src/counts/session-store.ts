import type { PairTable } from "@kshot/contract";
import { type CountModelTensors, integersOf, numbersOf } from "../count-models/count-model.js";
import { type SessionIndex, type SessionSequences, sessionIndex, sessionSequences } from "./session-sequences.js";

/** Train sessions with their inverted index. */
export interface SessionStore extends SessionSequences {
  readonly index: SessionIndex;
  readonly nSessions: number;
  /** Inverse document frequency of each item, `log(sessions/sessions with it)`; 0 for an item in no session. */
  readonly idf: Float64Array;
}

/** The sessions of the train pairs as tensors of a count model. */
export function sessionTensors(train: PairTable): CountModelTensors {
  const { offsets, items, times } = sessionSequences(train);
  return { offsets, items, times };
}

/** Opens the sessions of a count model; the index is built again. */
export function openSessions(tensors: CountModelTensors, nItems: number, name: string): SessionStore {
  const offsets = integersOf(tensors, "offsets", name);
  const items = integersOf(tensors, "items", name);
  const times = numbersOf(tensors, "times", name);
  const nSessions = offsets.length - 1;
  const index = sessionIndex({ offsets, items }, nItems);
  const idf = Float64Array.from({ length: nItems }, (_, item) => {
    const df = index.offsets[item + 1]! - index.offsets[item]!;
    return df === 0 ? 0 : Math.log(nSessions / df);
  });
  return { offsets, items, times, index, nSessions, idf };
}

/** Distinct items of a sequence, the latest occurrence first. */
export function latestFirst(sequence: ArrayLike<number>): number[] {
  const items = new Set<number>();
  for (let i = sequence.length - 1; i >= 0; i--) items.add(sequence[i]!);
  return [...items];
}
