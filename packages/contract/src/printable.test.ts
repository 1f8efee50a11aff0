import { expect, it } from "vitest";
import { printable } from "./printable.js";

it.each([
  ["plain, naïve, 数学, 🎓, עברית", "plain, naïve, 数学, 🎓, עברית"],
  ["\x1b[2Jgone", "\\u{1b}[2Jgone"],
  ["\x1b]0;title\x07", "\\u{1b}]0;title\\u{7}"],
  ["\u009b2J", "\\u{9b}2J"],
  ["evil\u202etxt.exe", "evil\\u{202e}txt.exe"],
  ["a\u2066b\u2069", "a\\u{2066}b\\u{2069}"],
  ["two\nlines\tand a tab\r", "two\\u{a}lines\\u{9}and a tab\\u{d}"],
])("%j is shown as %s", (text, shown) => {
  expect(printable(text)).toBe(shown);
  // A second conversion changes nothing.
  expect(printable(shown)).toBe(shown);
});

it("text of several lines keeps its lines", () => {
  expect(printable("a\n\tb\x07\r\n", { lines: true })).toBe("a\n\tb\\u{7}\\u{d}\n");
});
