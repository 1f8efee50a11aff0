import { usageError } from "@kshot/contract";
import { generatorOf, type Randomness } from "@kshot/contract/random";
import { uniformInt } from "pure-rand/distribution/uniformInt";

/** Sums that differ only by rounding count as equal. */
const relativeRounding = 1e-12;

/**
 * Two-sided sign-flip permutation test over people: under the null hypothesis each D_p is as likely as −D_p.
 *
 * T = Σ D_p; p = (1 + #{|T*| ≥ |T|})/(1 + B) over B random sign patterns, so p is never 0 and the test keeps its level.
 * A generator is advanced. Phipson & Smyth 2010 for the 1 +; Good 2005, section 3.1.
 *
 * @param differences D_p, already multiplied by the weights of people
 * @param random a seed, or a generator of `pure-rand`
 * @throws `USAGE` for no people or B < 1
 */
export function signFlipTest(
  differences: readonly number[],
  random: Randomness,
  { permutations = 10000 }: { readonly permutations?: number } = {},
): number {
  if (differences.length === 0 || !Number.isInteger(permutations) || permutations < 1) {
    throw usageError({
      where: "sign-flip test",
      found: `${differences.length} people, ${permutations} permutations`,
      expected: "at least one of each",
    });
  }
  const generator = generatorOf(random);
  const observed = Math.abs(differences.reduce((sum, value) => sum + value, 0));
  const scale = differences.reduce((sum, value) => sum + Math.abs(value), 0);
  const limit = observed - relativeRounding * scale;
  let extreme = 0;
  for (let permutation = 0; permutation < permutations; permutation++) {
    let sum = 0;
    let bits = 0;
    for (let p = 0; p < differences.length; p++) {
      if (p % 31 === 0) bits = uniformInt(generator, 0, 0x7fffffff);
      sum += bits & 1 ? differences[p]! : -differences[p]!;
      bits >>>= 1;
    }
    if (Math.abs(sum) >= limit) extreme++;
  }
  return (1 + extreme) / (1 + permutations);
}
