import { distance } from "fastest-levenshtein";

/**
 * The existing names closest to a typed one, for a suggestion in an error: those of least edit distance (Levenshtein 1966, case
 * ignored), of which at most a third of the typed letters differ.
 *
 * @param typed - a name that is not among `names`
 * @param names - the names that exist, some perhaps several times
 * @param most - how many names are wanted, ≥ 1
 * @returns nearest first, equally close ones in their order; empty if none is close
 */
export function nearestNames<const T extends string>(typed: string, names: Iterable<T>, most: number): T[] {
  const own = typed.toLowerCase();
  const edits = Math.floor(typed.length / 3);
  const near = new Map<T, number>();
  for (const name of names) {
    // The distance is at least the difference in length.
    if (Math.abs(name.length - typed.length) > edits || near.has(name)) continue;
    const found = distance(own, name.toLowerCase());
    if (found <= edits) near.set(name, found);
  }
  const sorted = [...near].sort(([, a], [, b]) => a - b);
  return sorted.slice(0, most).map(([name]) => name);
}

/**
 * The existing name closest to a typed one, as `nearestNames`.
 *
 * @returns the first of several equally close names; undefined if none is close
 */
export function nearest<const T extends string>(typed: string, names: Iterable<T>): T | undefined {
  return nearestNames(typed, names, 1)[0];
}
