import { dataError, whole } from "@kshot/contract";
import { isLabel, type Sessions, type Ties } from "./sessions.js";

/**
 * Largest number of items in the prefixes of all pairs together: they take 400 MB of memory, and writing them takes several times
 * that.
 */
export const mostPrefixItems = 100_000_000;

/**
 * Refuses data whose prefixes would not fit in memory. Without a limit of the prefix (`maxPrefix` 0) a session of n events has
 * about n²/2 items in its prefixes, so one person can have more than all others.
 *
 * @param sessions the events of all people
 * @param options `maxPrefix`: number of items that a prefix keeps, 0: all; `where` names the events in the error; `most` is for
 * tests
 * @throws `DATA` that names the person with the most
 */
export function requirePrefixes(
  sessions: Sessions,
  { ties, maxPrefix, where, most = mostPrefixItems }: { ties: Ties; maxPrefix: number; where: string; most?: number },
): void {
  const { users, userOffsets, start } = sessions;
  let all = 0;
  let largest = { person: 0, items: 0 };
  for (let person = 0; person < users.length; person++) {
    let items = 0;
    for (let step = userOffsets[person]!; step < userOffsets[person + 1]!; step++) {
      if (!isLabel(sessions, step, ties)) continue;
      const length = step - start[step]!;
      items += maxPrefix === 0 ? length : Math.min(length, maxPrefix);
    }
    all += items;
    if (items > largest.items) largest = { person, items };
  }
  if (all <= most) return;
  throw dataError({
    where,
    found: `prefixes of ${whole(all)} items in total; ${whole(largest.items)} of them are of the person "${users[largest.person]}", who has ${whole(userOffsets[largest.person + 1]! - userOffsets[largest.person]!)} events`,
    expected: `at most ${whole(most)}`,
    todo: "Cut prefixes with --max-prefix, as 50, or sessions with --session-gap",
  });
}
