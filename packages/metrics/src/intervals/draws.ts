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
