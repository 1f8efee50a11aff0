import { expect, it } from "vitest";
import { inColumns } from "./columns.js";

it("each column is as wide as its widest cell, and no line ends in blanks", () => {
  const rows = [
    ["window", "K", ""],
    ["first", "15", "0.5"],
    ["last", "5"],
  ];
  expect(inColumns(rows)).toBe("window  K\nfirst   15  0.5\nlast    5\n");
  expect(inColumns([])).toBe("");
});
