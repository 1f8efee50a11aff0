import { nthGreatest } from "./nth-greatest.js";
import type { SessionIndex, SessionSequences } from "./session-sequences.js";

/** Above the rounding errors of a sum of weights, in proportion. */
const rounding = 1 + 1e-12;

/**
 * Finds the train sessions that are most similar to a history. Its memory is allocated once, `[sessions]`, and used again for each query.
 *
 * Sessions are numbered from the latest. A history is its distinct items, the latest first; age is the place in this list.
 */
export class NeighbourSearch {
  /** Of the sessions found last: the similarity, `[sessions]`. */
  readonly similarity: Float64Array;
  /** 1 for a session that is found. */
  private readonly isFound: Uint8Array;
  private readonly found: Int32Array;
  /** Memory of a selection, one place more as above. */
  private readonly keys: Float64Array;
  private readonly selected: Float64Array;
  /** Age of each item of the history, `[nItems]`; other items have `notKnown`. */
  private readonly ageOf: Int32Array;
  private known: readonly number[] = [];
  private count = 0;

  constructor(
    private readonly index: SessionIndex,
    private readonly sequences: Pick<SessionSequences, "offsets" | "items">,
  ) {
    const nSessions = sequences.offsets.length - 1;
    this.similarity = new Float64Array(nSessions);
    this.isFound = new Uint8Array(nSessions);
    // One place more: a session that is found already is written after the last one.
    this.found = new Int32Array(nSessions + 1);
    this.keys = new Float64Array(nSessions + 1);
    this.selected = new Float64Array(nSessions + 1);
    this.ageOf = new Int32Array(index.offsets.length - 1).fill(notKnown);
  }

  /**
   * The `count` sessions with the greatest Σ weights[age] over the items that they share with the history, as `nearest`.
   *
   * Items are read from the greatest weight on. When `count` sessions are found whose similarity is more than all weights that remain,
   * no other session can be among the nearest; the long lists of frequent items then only add to the sessions found. Turtle & Flood
   * 1995 (MaxScore).
   *
   * @param weights at least 0, by age
   */
  mostSimilar(known: readonly number[], weights: readonly number[], count: number): Int32Array {
    this.begin(known);
    const { offsets } = this.index;
    const ages = known.map((_, age) => age).sort((a, b) => weights[b]! - weights[a]! || a - b);
    let remaining = 0;
    for (const weight of weights) remaining += weight;
    let least = 0;
    for (const age of ages) {
      const item = known[age]!;
      const own = weights[age]!;
      if (Math.fround(remaining * rounding) < least) this.add(offsets[item]!, offsets[item + 1]!, own);
      else {
        this.find(offsets[item]!, offsets[item + 1]!, own);
        // From here on `count` sessions have this weight or more.
        if (least === 0 && this.count >= count) least = Math.fround(own);
      }
      remaining -= own;
    }
    return this.nearest(this.found.subarray(0, this.count), count, least);
  }

  /**
   * The `latest` latest sessions that share an item with the history, with similarity Σ weights[age] over the shared items.
   *
   * The lists of the items are read in parts, all up to one session, until enough sessions are found.
   *
   * @returns in no particular order; valid until the next call
   */
  latestSharing(known: readonly number[], weights: readonly number[], latest: number): Int32Array {
    this.begin(known);
    const { offsets, session } = this.index;
    const nSessions = this.similarity.length;
    const next = known.map((item) => offsets[item]!);
    let entries = 0;
    for (const item of known) entries += offsets[item + 1]! - offsets[item]!;
    let last = 0;
    let before = 0;
    while (last < nSessions && this.count < latest) {
      before = this.count;
      // If sessions and items were spread evenly and no session had two of the items, these would be enough.
      last = entries <= latest ? nSessions : last + Math.ceil(((latest - before) * nSessions) / entries);
      for (let age = 0; age < known.length; age++) {
        const end = firstFrom(session, next[age]!, offsets[known[age]! + 1]!, last);
        this.find(next[age]!, end, weights[age]!);
        next[age] = end;
      }
    }
    if (this.count <= latest) return this.found.subarray(0, this.count);
    // All sessions of the parts before are later than those of the last part.
    const found = this.found.subarray(0, this.count);
    this.forget();
    const ofLastPart = found.subarray(before);
    for (let i = 0; i < ofLastPart.length; i++) this.keys[i] = -ofLastPart[i]!;
    this.keep(ofLastPart, ofLastPart.length, latest - before);
    return found.subarray(0, latest);
  }

  /**
   * The `count` most similar of some sessions; of equals, the later ones. Similarities are rounded to float32, so that rounding errors
   * break no tie; sessions with similarity 0 or less are left out.
   *
   * @param sessions overwritten
   * @param least sessions that are less similar are not among the nearest
   * @returns in no particular order, which depends only on the arguments; valid until the next call
   */
  nearest(sessions: Int32Array, count: number, least = 0): Int32Array {
    this.forget();
    const { similarity, keys } = this;
    const nSessions = similarity.length;
    const lowest = Math.max(leastPositive, Math.min(greatestFloat32, Math.fround(least)));
    let positive = 0;
    for (let i = 0; i < sessions.length; i++) {
      const session = sessions[i]!;
      // A finite number, so that the keys are finite and distinct.
      const own = Math.min(greatestFloat32, Math.fround(similarity[session]!));
      sessions[positive] = session;
      keys[positive] = own * (1 + (nSessions - session) * equalShare);
      positive += Number(own >= lowest);
    }
    const kept = positive > count ? this.keep(sessions, positive, count) : positive;
    for (let i = 0; i < kept; i++) similarity[sessions[i]!] = Math.fround(similarity[sessions[i]!]!);
    return sessions.subarray(0, kept);
  }

  /** Moves the `count` of the first `length` sessions with the greatest `keys`, which are distinct, to the beginning. Returns `count`. */
  private keep(sessions: Int32Array, length: number, count: number): number {
    const { keys } = this;
    const last = nthGreatest(keys, length, count, this.selected);
    let kept = 0;
    for (let i = 0; i < length; i++) {
      sessions[kept] = sessions[i]!;
      kept += Number(keys[i]! >= last);
    }
    return kept;
  }

  /** Where the latest item of the history that the session contains occurs last, as a place in the sequences' `items`. */
  latestShared(session: number): number {
    const { offsets, items } = this.sequences;
    const { ageOf } = this;
    let youngest = notKnown;
    let place = -1;
    for (let i = offsets[session + 1]! - 1; i >= offsets[session]! && youngest > 0; i--) {
      const age = ageOf[items[i]!]!;
      if (age >= youngest) continue;
      youngest = age;
      place = i;
    }
    return place;
  }

  /** Age of an item of the history. */
  age(item: number): number {
    return this.ageOf[item]!;
  }

  private begin(known: readonly number[]): void {
    this.forget();
    for (const item of this.known) this.ageOf[item] = notKnown;
    for (let age = 0; age < known.length; age++) this.ageOf[known[age]!] = age;
    this.known = known;
  }

  private forget(): void {
    for (let i = 0; i < this.count; i++) this.isFound[this.found[i]!] = 0;
    this.count = 0;
  }

  /** Finds the sessions of some entries of the index, and adds to their similarity. No branch depends on the data: none could be predicted. */
  private find(begin: number, end: number, weight: number): void {
    const { similarity, isFound, found } = this;
    const { session } = this.index;
    let { count } = this;
    for (let i = begin; i < end; i++) {
      const s = session[i]!;
      const was = isFound[s]!;
      similarity[s] = similarity[s]! * was + weight;
      found[count] = s;
      count += 1 - was;
      isFound[s] = 1;
    }
    this.count = count;
  }

  /** Adds to the similarity of the sessions of some entries; that of sessions that are not found has no meaning. */
  private add(begin: number, end: number, weight: number): void {
    const { similarity } = this;
    const { session } = this.index;
    for (let i = begin; i < end; i++) {
      const s = session[i]!;
      similarity[s] = similarity[s]! + weight;
    }
  }
}

/** The least positive float32. */
const leastPositive = 2 ** -149;

/** The greatest finite float32. */
const greatestFloat32 = (2 - 2 ** -23) * 2 ** 127;

/**
 * 2⁻⁵²: for n < 2²⁸ the numbers x·(1 + n·2⁻⁵²) of a float32 x are distinct, and less than the next float32. They have the order of x and, of
 * equal x, of n.
 */
const equalShare = 2 ** -52;

/** More than every age. */
const notKnown = 2 ** 30;

/** The first place from `begin` on whose value is `limit` or more, in ascending values; `end` if none is. */
function firstFrom(values: Int32Array, begin: number, end: number, limit: number): number {
  let low = begin;
  let high = end;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (values[middle]! < limit) low = middle + 1;
    else high = middle;
  }
  return low;
}
