import { type Cell, cellOr } from "./figure.js";
import { type Markup, svg } from "./svg.js";

/** A short upright line for each seed's own value; none for a single seed. */
export function seedMarks(
  bySeed: readonly number[] | undefined,
  { x, y, colour, height = 9 }: { x: (value: number) => number; y: number; colour: string; height?: number },
): Markup | null {
  if (bySeed === undefined || bySeed.length < 2) return null;
  return svg`<g class="seeds" opacity="0.75">${bySeed.map(
    (value) =>
      svg`<line x1="${x(value)}" x2="${x(value)}" y1="${y - height / 2}" y2="${y + height / 2}" stroke="${colour}" stroke-width="1.2"/>`,
  )}</g>`;
}

/** Each seed's value in a tip; empty for a single seed. */
export function seedWords(bySeed: readonly number[] | undefined, show: (value: number) => string): string {
  return bySeed === undefined || bySeed.length < 2 ? "" : `; each seed ${bySeed.map(show).join(", ")}`;
}

/** The seeds of all rows as columns of a file, one value a cell: `seed 1`, `seed 2`, … */
export function seedColumns<Row>(
  rows: readonly Row[],
  of: (row: Row) => readonly number[] | undefined,
): { readonly head: string[]; readonly cells: (row: Row) => Cell[] } {
  const most = Math.max(0, ...rows.map((row) => of(row)?.length ?? 0));
  const places = Array.from({ length: most }, (_, seed) => seed);
  return {
    head: places.map((seed) => `seed ${seed + 1}`),
    cells: (row) => places.map((seed) => cellOr(of(row)?.[seed], String)),
  };
}
