import { type Markup, svg } from "./svg.js";
import { fit, inTwoLines, textWidth } from "./text-width.js";

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

/** The name of a row, ending at x; in two lines if it is wider than its column. */
export function rowName(
  name: string,
  { x, y, width, muted }: { readonly x: number; readonly y: number; readonly width: number; readonly muted: boolean },
): Markup {
  const lines = inTwoLines(name, width);
  const [first, line] = lines.length === 1 ? [y + 4, 0] : [y - 2, 12];
  return svg`${lines.map(
    (text, i) =>
      svg`<text x="${x}" y="${first + i * line}" text-anchor="end" fill="${muted ? "var(--muted)" : "var(--text)"}">${text}</text>`,
  )}`;
}

/** A heading above rows, on the page's colour, so that no line crosses it. */
export function rowHeading(name: string, { y, width }: { readonly y: number; readonly width: number }): Markup {
  const text = fit(name, width - 20);
  // Semi-bold letters are wider.
  return svg`<rect x="4" y="${y - 13}" width="${Math.ceil(1.1 * textWidth(text)) + 12}" height="18" fill="var(--page)"/><text x="10" y="${y}" font-weight="600" fill="var(--text)">${text}</text>`;
}
