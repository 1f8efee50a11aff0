import type { PairTable } from "@kshot/contract";
import { type CountModelTensors, integersOf, numbersOf } from "../count-models/count-model.js";
import { type DistinctItems, distinctItems } from "./distinct-items.js";
import { NeighbourSearch } from "./neighbour-search.js";
import { type SessionIndex, type SessionSequences, sessionIndex, sessionSequences } from "./session-sequences.js";

/** Train sessions with their inverted index. */
export interface SessionStore extends SessionSequences {
  readonly index: SessionIndex;
  readonly nSessions: number;
  /** Inverse document frequency of each item, `log(sessions/sessions with it)`; 0 for an item in no session. */
  readonly idf: Float64Array;
  readonly distinct: DistinctItems;
  /** Finds neighbours; all methods that read these sessions share it. */
  readonly search: NeighbourSearch;
}

/** The sessions of train pairs, so that the methods of a mixture share them. */
const tensorsOf = new WeakMap<PairTable, CountModelTensors>();
/** Opened sessions, by their items. */
const opened = new WeakMap<Int32Array, SessionStore>();

/** The sessions of the train pairs as tensors of a count model; the same ones for the same pairs. */
export function sessionTensors(train: PairTable): CountModelTensors {
  const known = tensorsOf.get(train);
  if (known !== undefined) return known;
  const { offsets, items, times } = sessionSequences(train);
  const tensors = { offsets, items, times };
  tensorsOf.set(train, tensors);
  return tensors;
}

/** Opens the sessions of a count model; the index is built again, once for methods with the same tensors. */
export function openSessions(tensors: CountModelTensors, nItems: number, name: string): SessionStore {
  const offsets = integersOf(tensors, "offsets", name);
  const items = integersOf(tensors, "items", name);
  const times = numbersOf(tensors, "times", name);
  const known = opened.get(items);
  if (known?.offsets === offsets && known.times === times && known.idf.length === nItems) return known;
  const nSessions = offsets.length - 1;
  const index = sessionIndex({ offsets, items }, nItems);
  const idf = Float64Array.from({ length: nItems }, (_, item) => {
    const df = index.offsets[item + 1]! - index.offsets[item]!;
    return df === 0 ? 0 : Math.log(nSessions / df);
  });
  const search = new NeighbourSearch(index, { offsets, items });
  const store = {
    offsets,
    items,
    times,
    index,
    nSessions,
    idf,
    distinct: distinctItems({ offsets, items }, nItems),
    search,
  };
  opened.set(items, store);
  return store;
}

/** Items of the longest session. */
export function longestOf(offsets: Int32Array): number {
  let most = 0;
  for (let session = 0; session + 1 < offsets.length; session++) {
    most = Math.max(most, offsets[session + 1]! - offsets[session]!);
  }
  return most;
}

/** Distinct items of a sequence, the latest occurrence first. */
export function latestFirst(sequence: ArrayLike<number>): number[] {
  const items = new Set<number>();
  for (let i = sequence.length - 1; i >= 0; i--) items.add(sequence[i]!);
  return [...items];
}
