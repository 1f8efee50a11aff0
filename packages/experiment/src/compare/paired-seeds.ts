import { isDeepStrictEqual } from "node:util";
import { usageError } from "@kshot/contract";
import type { Results } from "@kshot/contract/schemas";
import { isNetwork } from "../algorithm-table.js";
import { type EvaluationPlace, fewShotOf } from "../few-shot.js";
import { type Method, seedOf } from "./methods.js";

/** Which results of two methods are compared with each other, as positions in their lists; one alone goes with all of the other. */
export interface PairedSeeds {
  readonly method: readonly number[];
  readonly reference: readonly number[];
  /** The seed of each pair. */
  readonly seeds: readonly number[];
}

/**
 * Pairs two methods' results by their seeds: the same seeds, else those that they have in common. A method that no seed changes (a
 * counting baseline, the ideal observer) goes with every seed of the other.
 *
 * @throws `USAGE`, naming both methods and their seeds, where they have none in common.
 */
export function pairedSeeds(method: Method, reference: Method, place: EvaluationPlace): PairedSeeds {
  const own = method.results.map(seedOf);
  const others = reference.results.map(seedOf);
  const all = (seeds: readonly number[]) => seeds.map((_, i) => i);
  if (isDeepStrictEqual(own, others)) return { method: all(own), reference: all(others), seeds: own };
  if (needsNoSeed(method, place)) return { method: [0], reference: all(others), seeds: others };
  if (needsNoSeed(reference, place)) return { method: all(own), reference: [0], seeds: own };
  const seeds = own.filter((seed) => others.includes(seed));
  if (seeds.length > 0) {
    const at = (list: readonly number[]) => seeds.map((seed) => list.indexOf(seed));
    return { method: at(own), reference: at(others), seeds };
  }
  throw usageError({
    where: `results of ${method.name} and ${reference.name}`,
    found: `${inWords(own)} of the one, ${inWords(others)} of the other`,
    expected: "at least one seed in common: a difference is between trainings of the same seed",
    todo: "Train one of them with a seed of the other (--seed)",
  });
}

/** Whether a method's people fare the same whatever the seed. */
function needsNoSeed({ algorithm, results }: Method, place: EvaluationPlace): boolean {
  const ranks = (result: Results) => fewShotOf(result, place)?.people.queries;
  return !isNetwork(algorithm) && results.every((result) => isDeepStrictEqual(ranks(result), ranks(results[0]!)));
}

function inWords(seeds: readonly number[]): string {
  return `${seeds.length === 1 ? "seed" : "seeds"} ${seeds.join(", ")}`;
}
