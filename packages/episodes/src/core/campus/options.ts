import { usageError } from "@kshot/contract";

/** Version of the campus: its model and constants. A change of either needs a new version and a page in docs/decisions. */
export const campusVersion = 1;

/** Options of a campus; the same options give the same events, byte for byte. */
export interface CampusOptions {
  /** Number of people. */
  readonly users: number;
  /** Number of courses, assigned to the tracks in turn. */
  readonly items: number;
  /** How much people differ: 1 fully, 0 not at all (the null campus). */
  readonly taste: number;
  readonly dataSeed: number;
}

/** Fills defaults (3,000 people, 96 courses, taste 1) and checks. @throws a `USAGE` error naming the option. */
export function campusOptions(options: Partial<CampusOptions> & { dataSeed: number }): CampusOptions {
  const { users = 3000, items = 96, taste = 1, dataSeed } = options;
  const refuse = (where: string, found: number, expected: string): never => {
    throw usageError({ where, found: String(found), expected });
  };
  if (!Number.isSafeInteger(users) || users < 1) refuse("--users", users, "a whole number of 1 or more");
  if (!Number.isSafeInteger(items) || items < 40 || items > 100_000)
    refuse("--items", items, "a whole number from 40 to 100000");
  if (!(taste >= 0 && taste <= 1)) refuse("--taste", taste, "a number from 0 to 1");
  if (!Number.isSafeInteger(dataSeed) || dataSeed < 0 || dataSeed > 4294967295) {
    refuse("--data-seed", dataSeed, "a whole number from 0 to 4294967295");
  }
  return { users, items, taste, dataSeed };
}
