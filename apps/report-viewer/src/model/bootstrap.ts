/** An estimate with its 95 % interval. */
export interface Interval {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

const resamples = 2000;

/**
 * Weighted mean over people with a percentile interval from 2,000 resamplings of the people. Seeded and always the same draws for the
 * same number of people, so that intervals are comparable and a page shows the same figures every time it is opened.
 */
export function meanInterval(values: Float64Array, weights: Float64Array): Interval {
  const n = values.length;
  const draws = drawsFor(n);
  const weighted = values.map((value, p) => value * weights[p]!);
  const means = new Float64Array(resamples);
  const estimate = ratio(sumOf(weighted), sumOf(weights), 0);
  for (let r = 0; r < resamples; r++) {
    let sum = 0;
    let weight = 0;
    for (let i = r * n; i < (r + 1) * n; i++) {
      const person = draws[i]!;
      sum += weighted[person]!;
      weight += weights[person]!;
    }
    means[r] = ratio(sum, weight, estimate);
  }
  means.sort();
  return { value: estimate, low: quantile(means, 0.025), high: quantile(means, 0.975) };
}

const known = new Map<number, Uint16Array | Uint32Array>();

function drawsFor(people: number): Uint16Array | Uint32Array {
  let draws = known.get(people);
  if (draws === undefined) {
    draws = people < 65536 ? new Uint16Array(resamples * people) : new Uint32Array(resamples * people);
    // Marsaglia's xorshift: plenty for drawing people.
    let state = 2463534242;
    for (let i = 0; i < draws.length; i++) {
      state ^= state << 13;
      state ^= state >>> 17;
      state ^= state << 5;
      draws[i] = Math.floor(((state >>> 0) / 4294967296) * people);
    }
    known.set(people, draws);
  }
  return draws;
}

function sumOf(values: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i]!;
  return sum;
}

function ratio(sum: number, weight: number, otherwise: number): number {
  return weight > 0 ? sum / weight : otherwise;
}

function quantile(sorted: Float64Array, p: number): number {
  const place = p * (sorted.length - 1);
  const below = Math.floor(place);
  const low = sorted[below]!;
  return low + (place - below) * (sorted[Math.min(below + 1, sorted.length - 1)]! - low);
}
