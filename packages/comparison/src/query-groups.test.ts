import { expect, it } from "vitest";
import { lengthGroups, queryGroups } from "./query-groups.js";

const query = { label: 0, seen: false, higher: 0, tied: 0 };

it("history lengths fall into up to four groups that contain each person once", () => {
  const lengths = Array.from({ length: 97 }, (_, i) => 5 + ((i * i) % 40));
  const groups = lengthGroups(lengths);
  expect(groups.length).toBe(4);
  for (const length of lengths) expect(groups.filter(({ counts }) => counts(query, length))).toHaveLength(1);
});

it.each<[string, number[], string[]]>([
  ["all the same: no group", [5, 5, 5], []],
  ["two lengths", [5, 9], ["5 pairs before", "6 to 9 pairs before"]],
  ["quartiles", [5, 6, 7, 8, 9], ["5 to 6 pairs before", "7 pairs before", "8 pairs before", "9 pairs before"]],
  ["nobody", [], []],
])("%s", (_, lengths, names) => expect(lengthGroups(lengths).map(({ name }) => name)).toEqual(names));

it("the first window has no groups by length", () => {
  expect(queryGroups({ window: "first" }, [5, 9]).map(({ name }) => name)).toEqual(["revisits", "new items"]);
  expect(queryGroups({ window: "last" }, [5, 9])).toHaveLength(4);
});
