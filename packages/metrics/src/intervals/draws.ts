import { usageError } from "@kshot/contract";

const most = 10_000;
const fewest = 2000;
/** People drawn in all, where there are many: the time of a comparison stays the same from 400 to 2,000 people. */
const peopleDrawn = 4_000_000;

/** How often the signs of so many people are flipped, where nothing is asked: 10,000 times up to 400 people, at least 2,000. */
export function drawsFor(people: number): number {
  return Math.max(fewest, Math.min(most, Math.floor(peopleDrawn / Math.max(1, people))));
}

/** @throws `USAGE` for a number of draws or a level that makes no interval. */
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
