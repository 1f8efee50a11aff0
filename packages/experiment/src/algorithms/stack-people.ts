import { type DataSet, entryAt, type Pairs } from "@kshot/contract";
import { episodeQuery, episodeSupport, pairsAt, rowsByPerson } from "@kshot/episodes";
import { evenlySpaced } from "../evaluation/index.js";

/** A validation person whose queries a stack is fitted on. */
export interface StackPerson {
  readonly support: Pairs;
  readonly query: Pairs;
}

/** Largest number of validation pairs for fitting a stack's weights: a dozen weights need no more. */
const mostPairs = 4000;

/** Largest number of values in the rows of a fit, single precision: 128 MB. */
const mostNumbers = 2 ** 25;

/**
 * The validation people of a stack: for each the first K pairs and at most Q pairs after them, as when it is used. For a person
 * with fewer pairs, all pairs except the last are support, at most K. People with one pair are excluded; from many people, evenly
 * spaced ones are taken.
 */
export function stackPeople({ val, k, q }: Pick<DataSet, "val" | "k" | "q">): StackPerson[] {
  const { pairs, windows } = val;
  const episodes = windows.first;
  const whole = Array.from({ length: episodes.length }, (_, e) => ({
    support: episodeSupport(pairs, episodes, e),
    query: episodeQuery(pairs, episodes, e),
  }));
  const known = new Set(episodes.user);
  const others = rowsByPerson(pairs).flatMap((rows, user): StackPerson[] => {
    if (rows.length < 2 || known.has(user)) return [];
    const supported = Math.min(k, rows.length - 1);
    const query = rows.subarray(supported, supported + q);
    return [{ support: pairsAt(pairs, rows.subarray(0, supported)), query: pairsAt(pairs, query) }];
  });
  return spread([...whole, ...others]);
}

/**
 * Number of items per query that enter the normaliser one by one, 200 to 4,000, limited by the memory of a fit.
 *
 * @param people those of `stackPeople`
 * @param experts number of experts
 */
export function mostItems(people: readonly StackPerson[], experts: number): number {
  const queries = people.reduce((sum, { query }) => sum + query.sequences.length, 0);
  const fit = Math.floor(mostNumbers / Math.max(1, queries * (experts + 3)));
  return Math.max(200, Math.min(4000, fit));
}

/** All people, or an evenly spaced subset with `mostPairs` queries. */
function spread(people: readonly StackPerson[]): StackPerson[] {
  const queries = people.reduce((sum, { query }) => sum + query.sequences.length, 0);
  if (queries <= mostPairs) return [...people];
  const most = Math.floor((people.length * mostPairs) / queries);
  return evenlySpaced(people.length, most).map((i) => entryAt(people, i));
}
