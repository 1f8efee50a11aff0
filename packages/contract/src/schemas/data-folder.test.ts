import { describe, expect, test } from "vitest";
import { parseFile, summarySchema, vocabularySchema } from "./index.js";

describe("vocabulary", () => {
  test.each(["{}", '{"a":0}', '{"b":1,"a":0,"c":2}', '{"constructor":1,"__proto__":0}'])("%s is one", (text) => {
    const vocabulary = JSON.parse(text);
    const read = parseFile(vocabularySchema, vocabulary, "course2id.json");
    expect(read).toEqual(new Map(Object.entries(vocabulary)));
  });

  test.each<[string, unknown, RegExp]>([
    ["an id beyond the end", { a: 0, b: 2 }, /b: id 2, expected 0 to 1/],
    ["an id twice", { a: 0, b: 1, c: 1 }, /c: id 1, which "b" has already/],
    ["a negative id", { a: -1 }, /a: /],
    ["a fraction", { a: 0.5 }, /a: /],
    ["text", { a: "0" }, /a: /],
    ["a list", ["a"], /course2id\.json: /],
  ])("%s is refused", (_, value, message) => {
    expect(() => parseFile(vocabularySchema, value, "course2id.json")).toThrow(
      expect.objectContaining({ code: "DATA", message: expect.stringMatching(message) }),
    );
  });
});

test("summary: counts are counts, the fingerprint is a SHA-256", () => {
  const counts = { users: 1, pairs: 15, episodes: 1, episodeUsers: 1 };
  const summary = {
    items: 4,
    users: 3,
    pairs: 45,
    train: counts,
    val: counts,
    test: counts,
    firstWindow: { val: 1, test: 1 },
    fingerprint: "0123456789abcdef".repeat(4),
    options: { "session-gap": 1800 },
  };
  expect(summarySchema.parse(summary)).toEqual(summary);
  expect(() => parseFile(summarySchema, { ...summary, fingerprint: "abc" }, "s.json")).toThrow(/fingerprint: 64 hex/);
  expect(() => parseFile(summarySchema, { ...summary, pairs: -1 }, "s.json")).toThrow(/pairs: /);
  expect(() => parseFile(summarySchema, { ...summary, people: 3 }, "s.json")).toThrow(/people/);
});
