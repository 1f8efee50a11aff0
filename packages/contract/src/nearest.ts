import { distance } from "fastest-levenshtein";

/**
 * The existing name closest to a typed one, for a suggestion in an error: the one of least edit distance (Levenshtein 1966, case
 * ignored), if at most a third of the typed letters differ.
 *
 * @param typed a name that is not among `names`
 * @param names the names that exist
 * @returns the first of several equally close names; undefined where none is close
 */
export function nearest<const T extends string>(typed: string, names: Iterable<T>): T | undefined {
  const own = typed.toLowerCase();
  let best: T | undefined;
  let least = Math.floor(typed.length / 3) + 1;
  for (const name of names) {
    // The distance is at least the difference in length.
    if (Math.abs(name.length - typed.length) >= least) continue;
    const found = distance(own, name.toLowerCase());
    if (found < least) [least, best] = [found, name];
  }
  return best;
}
