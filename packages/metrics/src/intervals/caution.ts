/**
 * From how many people on, and from how many of them that differ, a 95 % interval covers 93 to 97 % of the time. The bounds are those of
 * the coverage table (docs/intervals.md, which a simulation writes); a test holds them to it.
 */
export const safeInterval = { people: 30, differing: 30 } as const;

/** With fewer people an interval is too short. */
export const fewPeople: number = safeInterval.people;

/**
 * What must stand beside an interval that the simulation does not find safe; null where it does.
 *
 * @param of - the people that the figure is of, and how many of them have another value than the most frequent one
 * @returns a sentence without its full stop
 */
export function intervalCaution(of: { readonly people: number; readonly differing: number }): string | null {
  const { people, differing } = of;
  if (people < safeInterval.people) return fewPeopleWarning(people);
  if (differing >= safeInterval.differing) return null;
  if (differing === 0)
    return `All ${people} people have the same value: the interval says nothing of people who were not drawn`;
  return `Only ${differing} of ${people} people differ: the interval is too short (safe from ${safeInterval.differing} on, docs/intervals.md)`;
}

/** What a table of so many people must say beside its intervals; null where nothing. */
export function fewPeopleWarning(people: number): string | null {
  if (people >= safeInterval.people) return null;
  return `Only ${people} ${people === 1 ? "person" : "people"}: the intervals are too short (safe from ${safeInterval.people} people on, docs/intervals.md)`;
}
