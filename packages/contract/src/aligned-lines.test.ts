import { expect, it } from "vitest";
import { alignedLines } from "./aligned-lines.js";

const rows = [
  ["window", "K", ""],
  ["first", "15", "0.5"],
  ["last", "5"],
];

it("each column is as wide as its widest cell; lines have no blanks at the end", () => {
  expect(alignedLines(rows)).toEqual(["window  K", "first   15  0.5", "last    5"]);
  expect(alignedLines([])).toEqual([]);
});

it("columns of numbers end at the right", () => {
  expect(alignedLines(rows, (column) => column > 0)).toEqual(["window   K", "first   15  0.5", "last     5"]);
});
