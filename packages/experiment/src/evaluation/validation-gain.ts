import { entryAt } from "@kshot/contract";
import { personMetrics, randomStream, signFlipTest } from "@kshot/metrics";
import type { RankedPeople } from "./ranked-people.js";

/**
 * Level of each of the two tests that let a recipe take steps: of the best fine-tuning, and of Meta-SGD against its start. Together they
 * pass in at most one of twenty runs on data without an effect (Bonferroni).
 */
export const stepTestLevel = 0.025;

/**
 * Whether a gain on the validation people is significant for the number of looks at them: by sign flips of people, one-sided,
 * Bonferroni's `stepTestLevel`/looks. If there is no true gain, at most one of forty trainings reports one at any look.
 *
 * @param after - each person's figure with the tested change
 * @param before - the same without it
 * @param looks - number of looks, at least 1
 */
export function isConvincing(
  after: readonly number[],
  before: readonly number[],
  { looks, seed }: { readonly looks: number; readonly seed: number },
): boolean {
  const differences = gainsOf(after, before);
  if (!(differences.reduce((sum, value) => sum + value, 0) > 0)) return false;
  const permutations = Math.max(10_000, 100 * looks);
  return (
    signFlipTest(differences, randomStream(seed, "validation gain"), { permutations }) / 2 <= stepTestLevel / looks
  );
}

/** Each person's gain: their figure after a change minus that before. */
export function gainsOf(after: ArrayLike<number>, before: ArrayLike<number>): number[] {
  return Array.from(after, (value, p) => value - entryAt(before, p));
}

/** Each person's mean reciprocal rank. */
export function personalMrr({ queries }: RankedPeople, nItems: number): number[] {
  return queries.map((own) => personMetrics(own, nItems).mrr);
}
