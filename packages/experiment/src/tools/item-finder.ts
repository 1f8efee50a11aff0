import { nearest, usageError } from "@kshot/contract";

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
