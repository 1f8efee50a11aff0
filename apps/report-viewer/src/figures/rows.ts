import { textWidth } from "./text-width.js";

/** Rows in their order, the muted ones last; `apart` is the index of the first muted row. */
export function ordered<Row>(
  given: readonly Row[],
  isMuted: (row: Row) => boolean,
): { readonly rows: readonly Row[]; readonly apart: number } {
  const first = given.filter((row) => !isMuted(row));
  return { rows: [...first, ...given.filter(isMuted)], apart: first.length };
}

/** Width of the column of names, up to `most` pixels. */
export function labelColumn(names: readonly string[], most: number): number {
  return Math.min(most, Math.max(60, ...names.map((name) => Math.ceil(textWidth(name)) + 20)));
}
