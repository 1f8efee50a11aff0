import type { SessionSequences } from "./session-sequences.js";

/** The distinct items of each session, in the order of their last occurrences. */
export interface DistinctItems {
  /** `[sessions + 1]` offsets into the others. */
  readonly offsets: Int32Array;
  /** The items. */
  readonly row: Int32Array;
  /** Where each occurs last, as a place in the sessions' `items`. */
  readonly places: Int32Array;
}

/** The distinct items of sessions. */
export function distinctItems(
  { offsets, items }: Pick<SessionSequences, "offsets" | "items">,
  nItems: number,
): DistinctItems {
  const own = new Int32Array(items.length);
  const places = new Int32Array(items.length);
  const ends = new Int32Array(offsets.length);
  const seenIn = new Int32Array(nItems).fill(-1);
  let count = 0;
  for (let session = 0; session + 1 < offsets.length; session++) {
    const begin = count;
    for (let i = offsets[session + 1]! - 1; i >= offsets[session]!; i--) {
      const item = items[i]!;
      if (seenIn[item] === session) continue;
      seenIn[item] = session;
      own[count] = item;
      places[count++] = i;
    }
    own.subarray(begin, count).reverse();
    places.subarray(begin, count).reverse();
    ends[session + 1] = count;
  }
  return { offsets: ends, row: own.slice(0, count), places: places.slice(0, count) };
}
