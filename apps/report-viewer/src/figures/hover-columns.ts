import { entryAt } from "@kshot/contract";
import { bisectCenter } from "d3-array";
import type { ScaleContinuousNumeric } from "d3-scale";
import { type Markup, svg } from "./svg.js";

/** Least width of a column in pixels; narrower ones are hard to point at and slow to draw. */
const least = 8;

/** Index of the value nearest to `wanted` in an ascending list; undefined in an empty one. */
export function nearest(values: readonly number[], wanted: number): number | undefined {
  return values.length === 0 ? undefined : bisectCenter(values as number[], wanted);
}

/**
 * Transparent columns over curves, one per x (or per 8 pixels if there are more). The column under the pointer shows a vertical
 * line and a tip with the value of every curve.
 */
export function hoverColumns(
  xs: readonly (readonly number[])[],
  {
    x,
    top,
    bottom,
    left,
    right,
    tip,
  }: {
    x: ScaleContinuousNumeric<number, number>;
    top: number;
    bottom: number;
    left: number;
    right: number;
    /** From the column's x: each curve's point (undefined if it has none nearby), and the range of x that the column covers. */
    tip: (at: number, points: readonly (number | undefined)[], range: readonly [low: number, high: number]) => string;
  },
): Markup {
  const places: number[] = [];
  for (const value of [...new Set(xs.flat())].sort((a, b) => a - b)) {
    const before = places.at(-1);
    if (before === undefined || x(value) - x(before) >= least) places.push(value);
  }
  return svg`${places.map((at, i) => {
    const [before, after] = [places[i - 1], places[i + 1]];
    const from = before === undefined ? left : (x(before) + x(at)) / 2;
    const to = after === undefined ? right : (x(after) + x(at)) / 2;
    const points = xs.map((list) => {
      const point = nearest(list, at);
      return point !== undefined && Math.abs(x(entryAt(list, point)) - x(at)) <= Math.max(least, (to - from) / 2)
        ? point
        : undefined;
    });
    const range = [
      before === undefined ? Number.NEGATIVE_INFINITY : x.invert(from),
      after === undefined ? Number.POSITIVE_INFINITY : x.invert(to),
    ] as const;
    return svg`<g class="column" data-tip="${tip(at, points, range)}"><rect x="${from}" y="${top}" width="${Math.max(0, to - from)}" height="${bottom - top}" fill="transparent"/><line class="cross" opacity="0" x1="${x(at)}" x2="${x(at)}" y1="${top}" y2="${bottom}" stroke="var(--text)"/></g>`;
  })}`;
}
