import { expect, it } from "vitest";
import { noDroppedRows } from "./dropped-rows.js";
import { requirePrefixes } from "./require-prefixes.js";
import { sessionsOfEvents } from "./sessions.js";

/** Person `a` has 3 events, `b` has 5, each in one session: 1 + 2 and 1 + 2 + 3 + 4 items. */
const sessions = sessionsOfEvents(
  {
    users: ["a", "b"],
    items: ["x", "y"],
    userOffsets: Int32Array.of(0, 3, 8),
    item: Int32Array.of(0, 1, 0, 0, 1, 0, 1, 0),
    time: Float64Array.of(1, 2, 3, 1, 2, 3, 4, 5),
    row: Int32Array.from({ length: 8 }, (_, i) => i),
  },
  null,
  noDroppedRows().repeat,
);
const options = { ties: "drop", where: "e.csv" } as const;

it("prefixes beyond the limit name the person who has the most", () => {
  expect(() => requirePrefixes(sessions, { ...options, maxPrefix: 0, most: 13 })).not.toThrow();
  expect(() => requirePrefixes(sessions, { ...options, maxPrefix: 0, most: 12 })).toThrow(
    /^e\.csv: prefixes of 13 items in total; 10 of them are of the person "b", who has 5 events\. Expected at most 12\. .*--max-prefix/,
  );
  // Cut to 2: 1 + 2 and 1 + 2 + 2 + 2.
  expect(() => requirePrefixes(sessions, { ...options, maxPrefix: 2, most: 10 })).not.toThrow();
  expect(() => requirePrefixes(sessions, { ...options, maxPrefix: 2, most: 9 })).toThrow(/prefixes of 10 items/);
});
