import type { SessionIndex } from "./session-sequences.js";

/**
 * Finds the train sessions that are most similar to a history. Its memory is allocated once, `[sessions]`, and used again for each query.
 *
 * Sessions are numbered from the latest.
 */
export class NeighbourSearch {
  /** Of the sessions found: the similarity. */
  readonly similarity: Float64Array;
  /** Of the sessions found: age of the latest item of the history that the session contains, and its last position in the session. */
  readonly age: Int32Array;
  readonly position: Int32Array;
  /** The last query that found each session. */
  private readonly foundBy: Int32Array;
  private readonly found: Int32Array;
  private readonly values: Float64Array;
  private query = 0;
  private count = 0;

  constructor(
    private readonly index: SessionIndex,
    nSessions: number,
  ) {
    this.similarity = new Float64Array(nSessions);
    this.age = new Int32Array(nSessions);
    this.position = new Int32Array(nSessions);
    this.foundBy = new Int32Array(nSessions);
    this.found = new Int32Array(nSessions);
    this.values = new Float64Array(nSessions);
  }

  /**
   * Finds all sessions that contain an item of the history: similarity Σ weight(item, age).
   *
   * @param known distinct items of the history, the latest first; age is the place in this list
   */
  search(known: readonly number[], weight: (item: number, age: number) => number): void {
    const { similarity, age, position, foundBy, found } = this;
    const { offsets, session, position: positions } = this.index;
    const query = ++this.query;
    let count = 0;
    for (let place = 0; place < known.length; place++) {
      const item = known[place]!;
      const own = weight(item, place);
      const end = offsets[item + 1]!;
      for (let i = offsets[item]!; i < end; i++) {
        const s = session[i]!;
        if (foundBy[s] === query) {
          similarity[s] = similarity[s]! + own;
          continue;
        }
        foundBy[s] = query;
        found[count++] = s;
        similarity[s] = own;
        age[s] = place;
        position[s] = positions[i]!;
      }
    }
    this.count = count;
  }

  /** Keeps only the latest `count` of the sessions found. */
  keepLatest(count: number): void {
    const { found, foundBy, query } = this;
    if (this.count <= count) return;
    if (foundBy.length > 8 * this.count) found.subarray(0, this.count).sort();
    else {
      let kept = 0;
      for (let session = 0; kept < count; session++) if (foundBy[session] === query) found[kept++] = session;
    }
    this.count = count;
  }

  /**
   * The `count` most similar of the sessions found, the most similar first; of equals, the later session. Similarities are rounded to float32,
   * so that rounding errors break no tie; sessions with similarity 0 or less are left out.
   *
   * @param scale changes the similarity of each session first
   */
  nearest(count: number, scale?: (session: number, similarity: number) => number): Int32Array {
    const { similarity, found, values } = this;
    let positive = 0;
    for (let i = 0; i < this.count; i++) {
      const session = found[i]!;
      const value = similarity[session]!;
      const rounded = Math.fround(scale === undefined ? value : scale(session, value));
      similarity[session] = rounded;
      if (rounded <= 0) continue;
      values[positive] = rounded;
      found[positive++] = session;
    }
    const wanted = Math.min(count, positive);
    const least = wanted < positive ? selectGreatest(values.subarray(0, positive), wanted) : 0;
    const nearest = new Int32Array(wanted);
    let kept = 0;
    for (let i = 0; i < positive; i++) if (similarity[found[i]!]! > least) nearest[kept++] = found[i]!;
    if (kept < wanted) {
      let equal = 0;
      for (let i = 0; i < positive; i++) if (similarity[found[i]!] === least) found[equal++] = found[i]!;
      nearest.set(
        found
          .subarray(0, equal)
          .sort()
          .subarray(0, wanted - kept),
        kept,
      );
    }
    return mostSimilarFirst(nearest, similarity);
  }
}

/** The sessions by falling similarity; of equals, the smaller number first. Without a comparison function, which would be slow. */
function mostSimilarFirst(sessions: Int32Array, similarity: Float64Array): Int32Array {
  const ascending = new Float64Array(sessions.length);
  for (let i = 0; i < sessions.length; i++) ascending[i] = similarity[sessions[i]!]!;
  ascending.sort();
  const taken = new Int32Array(sessions.length);
  const ordered = new Int32Array(sessions.length);
  for (const session of sessions.sort()) {
    const value = similarity[session]!;
    // The number of values that are greater.
    let low = 0;
    let high = ascending.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (ascending[middle]! <= value) low = middle + 1;
      else high = middle;
    }
    const first = ascending.length - low;
    ordered[first + taken[first]!] = session;
    taken[first] = taken[first]! + 1;
  }
  return ordered;
}

/** The `count`-th greatest of the values, which are reordered (Hoare's selection: expected time proportional to their number). */
function selectGreatest(values: Float64Array, count: number): number {
  let low = 0;
  let high = values.length - 1;
  while (low < high) {
    const pivot = values[(low + high) >> 1]!;
    let left = low;
    let right = high;
    while (left <= right) {
      while (values[left]! > pivot) left++;
      while (values[right]! < pivot) right--;
      if (left > right) break;
      const moved = values[left]!;
      values[left++] = values[right]!;
      values[right--] = moved;
    }
    if (count - 1 <= right) high = right;
    else if (count - 1 >= left) low = left;
    else break;
  }
  return values[count - 1]!;
}

/** Calls back once for each distinct item of a session, with its last position, the last item first. Memory is used again. */
export class DistinctItems {
  private readonly seenBy: Int32Array;
  private visit = 0;

  constructor(nItems: number) {
    this.seenBy = new Int32Array(nItems);
  }

  /** @param position counts from the beginning of the session, from 0 */
  each(items: Int32Array, begin: number, end: number, callback: (item: number, position: number) => void): void {
    const { seenBy } = this;
    const visit = ++this.visit;
    for (let i = end - 1; i >= begin; i--) {
      const item = items[i]!;
      if (seenBy[item] === visit) continue;
      seenBy[item] = visit;
      callback(item, i - begin);
    }
  }
}
