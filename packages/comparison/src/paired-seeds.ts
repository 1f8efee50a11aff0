import { isSeeded } from "./algorithms.js";
import { fewShotOf, sameQueries } from "./evaluations.js";
import { type Method, seedsOf } from "./methods.js";
import type { Place } from "./results.js";

/**
 * The pairs of two methods' results, as positions in their lists; a single result is paired with all results of the other method.
 */
export interface PairedSeeds {
  readonly method: readonly number[];
  readonly reference: readonly number[];
  /** The seed of each pair. */
  readonly seeds: readonly number[];
}

/**
 * Pairs two methods' results by their seeds: the same seeds, otherwise those in common. A method that does not depend on the seed
 * (a counting baseline, the ideal observer) is paired with every seed of the other.
 *
 * @returns null if two trained methods have no seed in common.
 */
export function pairedSeeds(method: Method, reference: Method, place: Place): PairedSeeds | null {
  const own = seedsOf(method);
  const others = seedsOf(reference);
  const all = (seeds: readonly number[]) => seeds.map((_, i) => i);
  if (own.length === others.length && own.every((seed, i) => seed === others[i])) {
    return { method: all(own), reference: all(others), seeds: own };
  }
  if (needsNoSeed(method, place)) return { method: [0], reference: all(others), seeds: others };
  if (needsNoSeed(reference, place)) return { method: all(own), reference: [0], seeds: own };
  const seeds = own.filter((seed) => others.includes(seed));
  if (seeds.length === 0) return null;
  const at = (list: readonly number[]) => seeds.map((seed) => list.indexOf(seed));
  return { method: at(own), reference: at(others), seeds };
}

/** Whether a method's ranks are the same for every seed. */
function needsNoSeed({ algorithm, files }: Method, place: Place): boolean {
  if (isSeeded(algorithm)) return false;
  const first = fewShotOf(files[0].results, place);
  return files.every(({ results }) => {
    const own = fewShotOf(results, place);
    return own !== undefined && first !== undefined && sameQueries(own, first);
  });
}
