/**
 * Intervals and tests over people and seeds, written from docs/intervals.md alone: it imports nothing of the program that it
 * checks, has separate random numbers, and keeps every resampled list of people instead of running sums.
 */

/** Differences `[seeds][people]` and the people's weights. */
export interface Drawn {
  readonly values: readonly (readonly number[])[];
  readonly weights: readonly number[];
}

interface Estimate {
  readonly mean: number;
  readonly ofPeople: number;
  readonly ofSeeds: number;
}

/** Uniform numbers in [0, 1): the 48-bit generator of drand48, with the seed as its start. */
export function drand48(seed: number): () => number {
  let state = (BigInt(seed) << 16n) + 0x330en;
  return () => {
    state = (state * 0x5deece66dn + 0xbn) & 0xffffffffffffn;
    return Number(state >> 16n) / 2 ** 32;
  };
}

/** A standard normal number by the polar method. */
function gaussian(uniform: () => number): number {
  for (;;) {
    const x = 2 * uniform() - 1;
    const y = 2 * uniform() - 1;
    const square = x * x + y * y;
    if (square > 0 && square < 1) return x * Math.sqrt((-2 * Math.log(square)) / square);
  }
}

/** Mean, and its squared standard errors from people and from seeds. */
export function estimate({ values, weights }: Drawn): Estimate {
  const seedMeans = values.map((seed) => weightedMean(seed, weights));
  const persons = weights.map((_, p) => average(values.map((seed) => seed[p]!)));
  return {
    ...peopleOf(persons, weights),
    ofSeeds: values.length < 2 ? 0 : unbiased(seedMeans) / values.length,
  };
}

function peopleOf(persons: readonly number[], weights: readonly number[]) {
  const mean = weightedMean(persons, weights);
  const people = weights.filter((weight) => weight > 0).length;
  const total = weights.reduce((a, b) => a + b, 0);
  const shares = weights.map((weight) => weight / total);
  const spread = persons.map((value, p) => shares[p]! ** 2 * (value - mean) ** 2).reduce((a, b) => a + b, 0);
  return { mean, ofPeople: people < 2 ? 0 : (spread * people) / (people - 1) };
}

/** t* of one draw: the people drawn, and how the trainings moved (their mean and variance in units of the observed variance). */
function tOf(drawn: Drawn, chosen: readonly number[], moved: { mean: number; variance: number }): number {
  const whole = estimate(drawn);
  const people = drawn.weights.filter((weight) => weight > 0).length;
  const persons = drawn.weights.map((_, p) => average(drawn.values.map((seed) => seed[p]!)));
  const weights = chosen.map((p) => drawn.weights[p]!);
  if (weights.every((weight) => weight === 0)) return 0;
  const values = chosen.map((p) => persons[p]!);
  const mean = weightedMean(values, weights);
  const total = weights.reduce((a, b) => a + b, 0);
  const spread = values.map((value, i) => (weights[i]! / total) ** 2 * (value - mean) ** 2).reduce((a, b) => a + b, 0);
  const own = people < 2 ? 0 : (spread * people) / (people - 1);
  // One person more, of the observed spread.
  const smoothed = (people * own + whole.ofPeople) / (people + 1);
  const shift = mean - whole.mean + Math.sqrt(whole.ofSeeds * drawn.values.length) * moved.mean;
  const error = Math.sqrt(smoothed + whole.ofSeeds * moved.variance);
  return error === 0 ? 0 : shift / error;
}

/** The interval by all nⁿ draws of n people; one seed alone. */
export function exactInterval(drawn: Drawn, level = 0.95): [low: number, high: number] {
  const n = drawn.weights.length;
  const ts: number[] = [];
  for (let code = 0; code < n ** n; code++) {
    const chosen = Array.from({ length: n }, (_, place) => Math.floor(code / n ** place) % n);
    ts.push(tOf(drawn, chosen, { mean: 0, variance: 0 }));
  }
  return around(drawn, ts, level);
}

/** The interval by so many random draws. */
export function sampledInterval(drawn: Drawn, draws: number, seed: number, level = 0.95): [low: number, high: number] {
  const uniform = drand48(seed);
  const n = drawn.weights.length;
  const ts = Array.from({ length: draws }, () => {
    const chosen = Array.from({ length: n }, () => Math.floor(n * uniform()));
    return tOf(drawn, chosen, trainings(drawn.values.length, uniform));
  });
  return around(drawn, ts, level);
}

/** p by all 2ⁿ patterns of signs; one seed alone. */
export function exactP(drawn: Drawn): number {
  const [values] = drawn.values;
  const weighted = drawn.weights.map((weight, p) => weight * values![p]!);
  const observed = Math.abs(weighted.reduce((a, b) => a + b, 0));
  let extreme = 0;
  for (let code = 0; code < 2 ** weighted.length; code++) {
    const sum = weighted.reduce((total, value, p) => total + (Math.floor(code / 2 ** p) % 2 ? value : -value), 0);
    if (Math.abs(sum) >= observed - 1e-9) extreme++;
  }
  return extreme / 2 ** weighted.length;
}

/** p by so many random flips and trainings; equal weights. */
export function sampledP({ values }: Drawn, draws: number, seed: number): number {
  const uniform = drand48(seed);
  const persons = values[0]!.map((_, p) => average(values.map((own) => own[p]!)));
  const ofSeeds = values.length < 2 ? 0 : unbiased(values.map(average)) / values.length;
  const t = (list: readonly number[], moved: { mean: number; variance: number }) =>
    Math.abs(average(list) + Math.sqrt(ofSeeds * values.length) * moved.mean) /
    Math.sqrt(unbiased(list) / list.length + ofSeeds * moved.variance);
  const observed = t(persons, { mean: 0, variance: 1 });
  let extreme = 0;
  for (let draw = 0; draw < draws; draw++) {
    const flipped = persons.map((value) => (uniform() < 0.5 ? value : -value));
    if (t(flipped, trainings(values.length, uniform)) >= observed) extreme++;
  }
  return extreme / draws;
}

function trainings(seeds: number, uniform: () => number) {
  if (seeds < 2) return { mean: 0, variance: 0 };
  const drawn = Array.from({ length: seeds }, () => gaussian(uniform));
  return { mean: average(drawn), variance: unbiased(drawn) };
}

function around(drawn: Drawn, ts: number[], level: number): [number, number] {
  const { mean, ofPeople, ofSeeds } = estimate(drawn);
  const error = Math.sqrt(ofPeople + ofSeeds);
  ts.sort((a, b) => a - b);
  const at = (share: number) => {
    const place = share * (ts.length - 1);
    const below = ts[Math.floor(place)]!;
    return below + (place - Math.floor(place)) * (ts[Math.ceil(place)]! - below);
  };
  return [mean - at((1 + level) / 2) * error, mean - at((1 - level) / 2) * error];
}

function weightedMean(values: readonly number[], weights: readonly number[]): number {
  return values.reduce((sum, value, i) => sum + weights[i]! * value, 0) / weights.reduce((a, b) => a + b, 0);
}

function average(values: readonly number[]): number {
  return values.reduce((a, b) => a + b, 0) / values.length;
}

function unbiased(values: readonly number[]): number {
  const mean = average(values);
  return values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1);
}
