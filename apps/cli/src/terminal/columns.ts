import { alignedLines } from "@kshot/contract";

/** Rows as lines of text, each column as wide as its widest cell, all to the left. Each line ends with a line break. */
export function inColumns(rows: readonly (readonly string[])[]): string {
  return alignedLines(rows)
    .map((line) => `${line}\n`)
    .join("");
}
