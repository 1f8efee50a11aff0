import type { EventAccount } from "@kshot/contract/schemas";
import { expect, test } from "vitest";
import { accountInWords } from "./account-in-words.js";

const none = { count: 0 };
const rows = (changes: Partial<EventAccount["rows"]> = {}): EventAccount["rows"] => ({
  read: 1200,
  files: [{ file: "events.csv", read: 1200 }],
  dropped: {
    ...{ noUser: none, noItem: none, noTime: none, badRow: none, filtered: none },
    ...{ repeat: none, tiedTime: none, sessionOfOne: none },
  },
  sessionStarts: 200,
  pairs: { kept: 1000, possible: 1000 },
  peopleWithoutPair: none,
  ...changes,
});

test("an account without losses", () => {
  expect(accountInWords({ rows: rows() }, 40)).toEqual([
    ["Rows read", "1,200 (events.csv 1,200)"],
    ["Rows without a pair", "none"],
    ["Rows that begin a session", "200"],
    ["Pairs", "1,000 of 1,000 possible (100.0 %)"],
  ]);
});

test("each reason has its count and its first row, in the order of the checks", () => {
  const { dropped } = rows();
  const losses = rows({
    dropped: {
      ...dropped,
      repeat: { count: 3, first: { file: "b.csv", row: 1500 } },
      noUser: { count: 1, first: { file: "a.csv", row: 0 } },
    },
    peopleWithoutPair: { count: 2, first: { file: "a.csv", row: 7 } },
  });
  const lines = new Map(accountInWords({ rows: losses }, 40));
  expect(lines.get("Rows without a pair")).toBe(
    "4: 1 without a person (first: a.csv, row 0); 3 repeats of the item before (first: b.csv, row 1,500)",
  );
  expect(lines.get("People without a pair")).toBe("2 (first: a.csv, row 7)");
});

test("five files are listed, further ones counted", () => {
  const files = Array.from({ length: 7 }, (_, i) => ({ file: `${i}.csv`, read: 10 }));
  const [[, text] = []] = accountInWords({ rows: rows({ read: 70, files }) }, 40);
  expect(text).toBe("70 (0.csv 10, 1.csv 10, 2.csv 10, 3.csv 10, 4.csv 10, and 2 more files)");
});

test("no possible pair has no share", () => {
  const lines = new Map(accountInWords({ rows: rows({ pairs: { kept: 0, possible: 0 } }) }, 0));
  expect(lines.get("Pairs")).toBe("0 of 0 possible");
});

test("whom each K and Q serves, and the shares that none reaches", () => {
  const served = [
    { k: 5, q: 10, people: 10 },
    { k: 1, q: 1, people: 30 },
  ];
  const lines = new Map(accountInWords({ rows: rows(), served }, 40));
  expect(lines.get("K = 5, Q = 10")).toBe("serves 10 of 40 people (25.0 %)");
  expect(lines.get("K = 1, Q = 1")).toBe("would serve 30 of 40 people (75.0 %)");
  expect(lines.get("Not possible")).toBe("no K and Q serve 80.0 % or 95.0 % of the people: the others have one pair");
});

test("a split by time names its two moments and the people between the parts", () => {
  const splitTime = { moments: [1_600_000_000, 1_700_000_000], events: 1234, people: 5 } as const;
  const lines = new Map(
    accountInWords({ rows: rows(), splitTime: { ...splitTime, moments: [...splitTime.moments] } }, 40),
  );
  expect(lines.get("Split by time")).toMatch(
    /^validation begins at 2020-09-13T12:26:40\.000Z, test at 2023-11-14T22:13:20\.000Z; 1,234 events of 5 people/,
  );
});
