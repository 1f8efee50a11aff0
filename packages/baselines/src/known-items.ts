import type { Pairs } from "@kshot/contract";

/** All known items of a person at a query: distinct items of the query's prefix and of the support pairs, the latest first. */
export function knownItems(query: ArrayLike<number>, support: Pairs | null): number[] {
  const known = new Set<number>();
  const addBackwards = (sequence: ArrayLike<number>) => {
    for (let i = sequence.length - 1; i >= 0; i--) known.add(sequence[i]!);
  };
  addBackwards(query);
  for (let pair = (support?.sequences.length ?? 0) - 1; pair >= 0; pair--) {
    known.add(support!.labels[pair]!);
    addBackwards(support!.sequences[pair]!);
  }
  return [...known];
}
