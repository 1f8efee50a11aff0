/**
 * A 95 % interval covers 93 to 97 % of the time if at least this number of people, and of differing people, is given. The limits
 * come from the coverage table (docs/intervals.md, written by a simulation); a test compares them with it.
 */
export const safeInterval = { people: 30, differing: 30 } as const;

/**
 * With fewer people whose difference is not 0, no difference is clear: the two-sided test by sign flips has p ≥ 2^(1 − people), .0625 for
 * five, .031 for six.
 */
export const fewestUnequal = 6;

/** With fewer people an interval is too short. */
export const fewPeople: number = safeInterval.people;

/**
 * The warning for an interval that is not safe by the simulation; null for a safe interval.
 *
 * @param of - the number of people of the figure, and the number of people whose value differs from the most frequent one
 * @returns a sentence without its full stop
 */
export function intervalCaution(of: { readonly people: number; readonly differing: number }): string | null {
  const { people, differing } = of;
  if (people < safeInterval.people) return fewPeopleWarning(people);
  if (differing >= safeInterval.differing) return null;
  if (differing === 0)
    return `All ${people} people have the same value: the interval gives no information about other people`;
  return `Only ${differing} of ${people} people differ: the interval is too short (safe from ${safeInterval.differing} on, docs/intervals.md)`;
}

/** The warning for a table of so many people; null if its intervals are safe. */
export function fewPeopleWarning(people: number): string | null {
  if (people >= safeInterval.people) return null;
  return `Only ${people} ${people === 1 ? "person" : "people"}: the intervals are too short (safe from ${safeInterval.people} people on, docs/intervals.md)`;
}
