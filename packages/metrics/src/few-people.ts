/** With fewer people a percentile interval undercovers. */
export const fewPeople = 30;

/** What a table of so many people must say beside its intervals; null where nothing. */
export function fewPeopleWarning(people: number): string | null {
  if (people >= fewPeople) return null;
  return `Only ${people} ${people === 1 ? "person" : "people"}: the intervals are too short (at 20 people a 95 % interval covers about 91 %)`;
}
