import { usageError } from "@kshot/contract";

const most = 10_000;
const fewest = 2000;
/** Upper limit of people × draws: the time of a comparison is constant from 400 to 2,000 people. */
const peopleDrawn = 4_000_000;

/** Default number of sign flips for so many people: 10,000 up to 400 people, at least 2,000. */
export function drawsFor(people: number): number {
  return Math.max(fewest, Math.min(most, Math.floor(peopleDrawn / Math.max(1, people))));
}

/** @throws `USAGE` for an invalid number of draws or an invalid level. */
export function checkDraws(where: string, draws: number, level: number): void {
  if (!Number.isInteger(draws) || draws < 1) {
    throw usageError({ where: `${where}, resamples: ${draws}`, found: `${draws}`, expected: "a positive integer" });
  }
  if (!(level > 0 && level < 1)) {
    throw usageError({
      where: `${where}, level: ${level}`,
      found: `${level}`,
      expected: "a number above 0 and below 1",
    });
  }
}

/** Values drawn before the samples read them: as many as stay in the cache. */
const valuesPerBlock = 16_384;

/**
 * Draws of so many people in blocks, the first one the largest. A sample's loop over a block is long, and the block stays in the cache.
 *
 * @returns the number of each block's first draw, and how many draws it has
 */
export function drawBlocks(draws: number, people: number): { readonly first: number; readonly count: number }[] {
  const most = Math.max(1, Math.min(draws, Math.floor(valuesPerBlock / Math.max(1, people))));
  return Array.from({ length: Math.ceil(draws / most) }, (_, block) => ({
    first: block * most,
    count: Math.min(most, draws - block * most),
  }));
}
