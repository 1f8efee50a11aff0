/**
 * One figure of people and seeds, prepared for resampling: each person's mean over the seeds, the people's weights, and the
 * variance between the seeds.
 */
export interface Sample {
  /** D_p: each person's mean over the seeds, `[people]`. */
  readonly byPerson: Float64Array;
  /** w_p ≥ 0, divided by the mean of those above 0; `[people]`. */
  readonly weights: Float64Array;
  /** Each seed's weighted mean over the people, `[seeds]`. */
  readonly bySeed: readonly number[];
  /** Σ w_p D_p / Σ w_p. */
  readonly value: number;
  /**
   * Squared standard error from people: Σ w_p² (D_p − value)² / (Σ w_p)² · n/(n − 1), n people with a weight above 0; 0 for one
   * person.
   */
  readonly peopleVariance: number;
  /**
   * Unbiased variance of `bySeed`; 0 for one seed. Divided by the number of seeds it is the squared standard error from training.
   */
  readonly seedVariance: number;
  /** People of weight above 0. */
  readonly people: number;
  /** Number of these people whose value differs from the most frequent one. */
  readonly differing: number;
  /** Number of these people whose value is not 0. */
  readonly unequal: number;
}

/** Values closer than this count as equal: sums over seeds have rounding errors. */
const sameValue = 1e-12;

/**
 * The sample of a figure.
 *
 * @param values - `[seeds][people]`, at least one of each
 * @param weights - `[people]`, at least one above 0; if omitted, equal weights
 */
export function sampleOf(values: readonly ArrayLike<number>[], weights?: ArrayLike<number>): Sample {
  const count = values[0]?.length ?? 0;
  const given = Float64Array.from({ length: count }, (_, p) => weights?.[p] ?? 1);
  const weighing = given.reduce((n, weight) => n + (weight > 0 ? 1 : 0), 0);
  const total = given.reduce((sum, weight) => sum + weight, 0);
  const own = given.map((weight) => (weight * weighing) / total);
  const byPerson = Float64Array.from(
    { length: count },
    (_, p) => values.reduce((sum, seed) => sum + (seed[p] ?? 0), 0) / values.length,
  );
  const mean = (of: ArrayLike<number>) => given.reduce((sum, weight, p) => sum + weight * (of[p] ?? 0), 0) / total;
  const bySeed = values.map(mean);
  const value = mean(byPerson);
  const squares = own.reduce((sum, weight, p) => sum + (weight * ((byPerson[p] ?? 0) - value)) ** 2, 0);
  return {
    ...{ byPerson, weights: own, bySeed, value, people: weighing },
    peopleVariance: weighing < 2 ? 0 : squares / (weighing * (weighing - 1)),
    seedVariance: variance(bySeed),
    unequal: byPerson.reduce((n, one, p) => n + ((own[p] ?? 0) > 0 && Math.abs(one) > sameValue ? 1 : 0), 0),
    differing: weighing - mostFrequent(byPerson.filter((_, p) => (own[p] ?? 0) > 0)),
  };
}

/** Unbiased variance; 0 for one value. */
export function variance(values: readonly number[]): number {
  if (values.length < 2) return 0;
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1);
}

/** Number of occurrences of the most frequent value. */
function mostFrequent(values: Float64Array): number {
  const sorted = values.slice().sort();
  let most = 0;
  let start = 0;
  for (let i = 1; i <= sorted.length; i++) {
    if (i < sorted.length && sorted[i]! - sorted[i - 1]! <= sameValue) continue;
    most = Math.max(most, i - start);
    start = i;
  }
  return most;
}
