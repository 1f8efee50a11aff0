import { uniformFloat64 } from "pure-rand/distribution/uniformFloat64";
import { uniformInt } from "pure-rand/distribution/uniformInt";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import type { RandomGenerator } from "pure-rand/types/RandomGenerator";
import { type Campus, nextDistribution, startDistribution } from "./campus.js";

/** First moment of the campus: 2020-01-01 00:00:00 UTC. */
const opening = 1577836800;
const day = 86400;
/** People arrive over this many days. */
const arrivalDays = 300;
/** Seconds between two clicks of a session: far below the usual limit of 1,800 s. */
const within = [40, 900] as const;
/** Seconds between two sessions: far above that limit. */
const between = [4 * 3600, 6 * day] as const;
/** A session has at least 2 clicks and continues with this probability after each. */
const goesOn = 0.55;
/** Sessions of a person: 1 plus a geometric number with this mean. */
const meanFurtherSessions = 4;
/** Largest number of clicks in a session, and of sessions of a person. */
const mostClicks = 12;
const mostSessions = 40;

/** One person: a type, and sessions of course numbers with their times (epoch seconds). */
export interface Person {
  readonly name: string;
  /** Index into `campus.types`. */
  readonly type: number;
  readonly sessions: readonly { readonly courses: readonly number[]; readonly times: readonly number[] }[];
}

/** The `index`-th person. Each person has a separate generator: people can be made in any order, or only some of them. */
export function person(campus: Campus, index: number, tables = new Map<number, Float64Array>()): Person {
  const random = xoroshiro128plus(mixed(campus.options.dataSeed, index));
  const type = draw(campus.prior, random);
  const count = Math.min(mostSessions, 1 + geometric(random, meanFurtherSessions));
  let time = opening + uniformInt(random, 0, arrivalDays * day);
  const sessions = Array.from({ length: count }, () => {
    time += uniformInt(random, between[0], between[1]);
    const courses: number[] = [];
    const times: number[] = [];
    while (courses.length < 2 || (courses.length < mostClicks && uniformFloat64(random) < goesOn)) {
      const current = courses.length === 0 ? -1 : courses[courses.length - 1]!;
      courses.push(draw(distribution(campus, type, current, tables), random));
      times.push(time);
      time += uniformInt(random, within[0], within[1]);
    }
    return { courses, times };
  });
  return { name: `p${String(index + 1).padStart(7, "0")}`, type, sessions };
}

/** All people, lazily, one after the other. */
export function* campusPeople(campus: Campus): Generator<Person> {
  const tables = new Map<number, Float64Array>();
  for (let index = 0; index < campus.options.users; index++) yield person(campus, index, tables);
}

/** Distributions are computed once per (type, course) while they fit in some tens of megabytes. */
const mostTables = 4096;

function distribution(campus: Campus, type: number, current: number, tables: Map<number, Float64Array>): Float64Array {
  const key = type * (campus.courses.length + 1) + current + 1;
  const known = tables.get(key);
  if (known) return known;
  const who = campus.types[type]!;
  const made = current === -1 ? startDistribution(campus, who) : nextDistribution(campus, current, who);
  if (tables.size < mostTables && campus.courses.length <= 1000) tables.set(key, made);
  return made;
}

/** One draw from probabilities that add up to 1. */
function draw(probabilities: Float64Array, random: RandomGenerator): number {
  let left = uniformFloat64(random);
  let last = 0;
  for (let i = 0; i < probabilities.length; i++) {
    if (probabilities[i] === 0) continue;
    last = i;
    left -= probabilities[i]!;
    if (left < 0) return i;
  }
  return last;
}

/** 0, 1, 2 … with the given mean: P(n) = p(1 − p)ⁿ, p = 1/(mean + 1). */
function geometric(random: RandomGenerator, mean: number): number {
  return Math.floor(Math.log1p(-uniformFloat64(random)) / Math.log(mean / (mean + 1)));
}

/** A generator seed for one person: both numbers through a 32-bit finaliser, so that adjacent people are uncorrelated. */
function mixed(seed: number, index: number): number {
  let hash = Math.imul(seed ^ 0x9e3779b9, 0x85ebca6b) ^ Math.imul(index + 1, 0xc2b2ae35);
  hash = Math.imul(hash ^ (hash >>> 16), 0x7feb352d);
  hash = Math.imul(hash ^ (hash >>> 15), 0x846ca68b);
  return (hash ^ (hash >>> 16)) | 0;
}
