import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import { shuffle } from "../shuffle.js";
import { type Course, courses, tracks } from "./courses.js";
import type { CampusOptions } from "./options.js";

/** Styles of moving within a track: courses forward per click (negative: back), and the share of people with that style. */
export const styles = [
  { name: "stepper", move: 1, share: 0.4 },
  { name: "skipper", move: 2, share: 0.3 },
  { name: "returner", move: -1, share: 0.3 },
] as const;

/** Sources of the next click in a session; the three shares add up to 1. */
export const clickShares = { move: 0.72, favourite: 0.2, anywhere: 0.08 } as const;
/** Sources of a session's first click. */
export const startShares = { favourite: 0.7, anywhere: 0.3 } as const;
/** Popularity of the course ranked r (from 0) is proportional to 1/(r + 3): skewed, the first about a dozen times the median. */
const popularityOffset = 3;

/** The fixed traits of a person. */
export interface PersonType {
  /** Favourite track. */
  readonly track: number;
  /** Index into `styles`. */
  readonly style: number;
}

/** The static world: courses, their popularity, and the types of people with their shares. */
export interface Campus {
  readonly options: CampusOptions;
  readonly courses: readonly Course[];
  /** Popularity over all courses; adds up to 1. */
  readonly popularity: Float64Array;
  /** Popularity inside each course's own track; adds up to 1 per track. */
  readonly popularityInTrack: Float64Array;
  /** Course numbers of each track, in its order. */
  readonly byTrack: readonly Int32Array[];
  readonly types: readonly PersonType[];
  /** Share of each type among people; adds up to 1. */
  readonly prior: Float64Array;
}

/** Builds the campus from its options; people are drawn later, one by one. */
export function createCampus(options: CampusOptions): Campus {
  const all = courses(options.items);
  const ranks = shuffle(
    Int32Array.from({ length: options.items }, (_, i) => i),
    xoroshiro128plus(options.dataSeed | 0),
  );
  const popularity = normalised(Float64Array.from(ranks, (rank) => 1 / (rank + popularityOffset)));
  const byTrack = tracks.map((_, track) =>
    Int32Array.from(all.flatMap((course, i) => (course.track === track ? [i] : []))),
  );
  const popularityInTrack = new Float64Array(options.items);
  for (const members of byTrack) {
    const total = members.reduce((sum, course) => sum + popularity[course]!, 0);
    for (const course of members) popularityInTrack[course] = popularity[course]! / total;
  }
  const types = tracks.flatMap((_, track) => styles.map((_, style) => ({ track, style })));
  const prior = Float64Array.from(types, ({ style }) => styles[style]!.share / tracks.length);
  return { options, courses: all, popularity, popularityInTrack, byTrack, types, prior };
}

/**
 * P(first course of a session | type), `[items]`: with probability .7 a course of the favourite track by popularity, otherwise
 * any course by popularity. With taste t, the favourite is the person's own with weight t, and the population's with 1 − t.
 */
export function startDistribution(
  campus: Campus,
  type: PersonType,
  out = new Float64Array(campus.courses.length),
): Float64Array {
  const { favourite, anywhere } = startShares;
  for (let next = 0; next < out.length; next++) {
    out[next] = favourite * favouriteShare(campus, type, next) + anywhere * campus.popularity[next]!;
  }
  return out;
}

/**
 * P(next course | current course, type), `[items]`: move by the person's style inside the current track (around its end), or to a
 * course of the favourite track, or anywhere. The current course has probability 0; its share goes to the others in
 * proportion. With taste t, style and favourite are the person's own with weight t and the population's with 1 − t: at t = 0 all
 * types have the same distribution.
 */
export function nextDistribution(
  campus: Campus,
  current: number,
  type: PersonType,
  out = new Float64Array(campus.courses.length),
): Float64Array {
  const { favourite, anywhere, move } = clickShares;
  const { taste } = campus.options;
  for (let next = 0; next < out.length; next++) {
    out[next] = favourite * favouriteShare(campus, type, next) + anywhere * campus.popularity[next]!;
  }
  styles.forEach((style, index) => {
    const weight = (index === type.style ? taste : 0) + (1 - taste) * style.share;
    out[movedFrom(campus, current, style.move)]! += move * weight;
  });
  out[current] = 0;
  return normalised(out);
}

/** The course `move` positions on in the current course's track, around its end. */
function movedFrom(campus: Campus, current: number, move: number): number {
  const { track, position } = campus.courses[current]!;
  const members = campus.byTrack[track]!;
  return members[(position + move + members.length) % members.length]!;
}

/** P(course | drawn from a favourite track): the person's own with weight taste, the population's (uniform) with the rest. */
function favouriteShare({ options, courses, popularityInTrack }: Campus, type: PersonType, course: number): number {
  const own = courses[course]!.track === type.track ? 1 : 0;
  return (options.taste * own + (1 - options.taste) / tracks.length) * popularityInTrack[course]!;
}

function normalised(values: Float64Array): Float64Array {
  let total = 0;
  for (const value of values) total += value;
  for (let i = 0; i < values.length; i++) values[i]! /= total;
  return values;
}
