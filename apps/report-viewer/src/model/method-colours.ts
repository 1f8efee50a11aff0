import type { Method } from "@kshot/comparison";
import { algorithmNames } from "@kshot/contract";

/** Algorithms that often appear together; each has one of the seven hues. */
const first = ["meta-sgd", "gru", "maml", "hybrid", "gru-finetuned", "mixture", "ideal"];
const order: readonly string[] = [...first, ...algorithmNames.filter((name) => !first.includes(name))];

/**
 * The colour of each method by its id: fixed by the algorithm, so that it does not depend on the order of files. Further methods
 * of one algorithm, in the order of their titles, take the first free colours.
 *
 * @returns indices for `seriesColour` and `seriesDash`
 */
export function methodColours(methods: readonly Method[]): ReadonlyMap<string, number> {
  const taken = new Set<number>();
  const colours = new Map<string, number>();
  const sorted = [...methods].sort((a, b) => (a.title < b.title ? -1 : 1));
  const further = sorted.filter(({ id, algorithm }) => {
    const own = order.indexOf(algorithm);
    if (own === -1 || taken.has(own)) return true;
    taken.add(own);
    colours.set(id, own);
    return false;
  });
  for (const { id } of further) {
    let free = 0;
    while (taken.has(free)) free++;
    taken.add(free);
    colours.set(id, free);
  }
  return colours;
}
