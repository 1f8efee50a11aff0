import { usageError } from "@kshot/contract";

/**
 * Item numbers by name, or by title where no item has that name and one item alone has that title; letters' case in a title
 * does not count.
 */
export function itemFinder(items: readonly string[], titles?: readonly string[]): (name: string) => number {
  const byName = new Map(items.map((name, item) => [name, item]));
  const byTitle = new Map<string, number[]>();
  for (const [item, title] of (titles ?? []).entries()) {
    const key = title.toLowerCase();
    byTitle.set(key, [...(byTitle.get(key) ?? []), item]);
  }
  return (name) => {
    const item = byName.get(name);
    if (item !== undefined) return item;
    const titled = byTitle.get(name.toLowerCase()) ?? [];
    if (titled.length === 1) return titled[0]!;
    if (titled.length > 1) {
      throw usageError({
        where: `history item "${name}"`,
        found: `a title of ${titled.length} items: ${titled
          .slice(0, 3)
          .map((i) => items[i])
          .join(", ")}`,
        expected: "the name of one",
      });
    }
    const near = nearest(name, [...items, ...(titles ?? [])]);
    throw usageError({
      where: `history item "${name}"`,
      found: "the model has never seen it",
      expected: `one of its ${items.length} items${near === undefined ? "" : `; did you mean "${near}"?`}`,
    });
  };
}

/** The closest of many names by edit distance, if it is close: at most a third of the letters differ. */
function nearest(name: string, names: readonly string[]): string | undefined {
  let best: string | undefined;
  let least = Math.floor(name.length / 3) + 1;
  for (const other of names) {
    if (Math.abs(other.length - name.length) >= least) continue;
    const distance = editDistance(name.toLowerCase(), other.toLowerCase());
    if (distance < least) [least, best] = [distance, other];
  }
  return best;
}

/** Levenshtein 1966: least number of letters put in, taken out or exchanged. */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      next.push(Math.min(next[j - 1]! + 1, row[j]! + 1, row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1)));
    }
    row = next;
  }
  return row[b.length]!;
}
