/** Which items may be ranked. */
export interface Candidates {
  /** Item numbers that may be listed; undefined: all. */
  readonly among: ReadonlySet<number> | undefined;
  /** Item numbers that are excluded. */
  readonly without: ReadonlySet<number>;
}

/** An item number with its score. */
export interface ScoredItem {
  readonly item: number;
  readonly score: number;
}

/** Every item. */
const everything: Candidates = { among: undefined, without: new Set() };

/**
 * The `top` candidates of the highest scores, best first; of equal scores the lower item number first. O(n log top) time, O(top) memory.
 *
 * @param scores by item number, `[nItems]`
 * @param top number of items, at least 1
 * @param candidates which items may be listed; default all
 */
export function rankedItems(
  scores: ArrayLike<number>,
  top: number,
  { among, without }: Candidates = everything,
): ScoredItem[] {
  // A heap whose root is the worst of the best so far.
  const heap: ScoredItem[] = [];
  const consider = (item: number) => {
    if (without.has(item)) return;
    const entry = { item, score: scores[item]! };
    if (heap.length < top) {
      heap.push(entry);
      siftUp(heap);
    } else if (isBetter(entry, heap[0]!)) {
      heap[0] = entry;
      siftDown(heap);
    }
  };
  if (among === undefined) for (let item = 0; item < scores.length; item++) consider(item);
  else for (const item of among) consider(item);
  return heap.sort((a, b) => b.score - a.score || a.item - b.item);
}

/** The rank of each of some items among the candidates: 1 + the number of candidates that come before it. */
export function ranksOf(
  items: readonly number[],
  scores: ArrayLike<number>,
  { among, without }: Candidates,
): readonly number[] {
  const ranks = items.map(() => 1);
  const compare = (item: number) => {
    if (without.has(item)) return;
    const entry = { item, score: scores[item]! };
    items.forEach((other, i) => {
      if (isBetter(entry, { item: other, score: scores[other]! })) ranks[i] = ranks[i]! + 1;
    });
  };
  if (among === undefined) for (let item = 0; item < scores.length; item++) compare(item);
  else for (const item of among) compare(item);
  return ranks;
}

/** log Σ exp(score), computed without overflow. */
export function logSumExp(scores: ArrayLike<number>): number {
  let most = -Infinity;
  for (let i = 0; i < scores.length; i++) most = Math.max(most, scores[i]!);
  let sum = 0;
  for (let i = 0; i < scores.length; i++) sum += Math.exp(scores[i]! - most);
  return most + Math.log(sum);
}

function isBetter(a: ScoredItem, b: ScoredItem): boolean {
  return a.score > b.score || (a.score === b.score && a.item < b.item);
}

function siftUp(heap: ScoredItem[]): void {
  let at = heap.length - 1;
  const entry = heap[at]!;
  while (at > 0) {
    const parent = (at - 1) >> 1;
    if (!isBetter(heap[parent]!, entry)) break;
    heap[at] = heap[parent]!;
    at = parent;
  }
  heap[at] = entry;
}

function siftDown(heap: ScoredItem[]): void {
  const entry = heap[0]!;
  let at = 0;
  for (;;) {
    let child = 2 * at + 1;
    if (child >= heap.length) break;
    if (child + 1 < heap.length && isBetter(heap[child]!, heap[child + 1]!)) child += 1;
    if (!isBetter(entry, heap[child]!)) break;
    heap[at] = heap[child]!;
    at = child;
  }
  heap[at] = entry;
}
