import { entryAt } from "@kshot/contract";
import { scaleLinear, scaleSqrt } from "d3-scale";
import { line as pathOf } from "d3-shape";
import { neighbourRuns, type Series, valuesRange, xRange } from "./line-series.js";

/** Options of the axes that several curves share. */
interface AxesOptions {
  /** Whether points are measurements, drawn as dots. */
  readonly dots: boolean;
  /** Whether the vertical axis begins at 0. */
  readonly zero: boolean;
  /** Whether a curve's limits are drawn. */
  readonly spread: (one: Series) => boolean;
}

/** The box of the axes in pixels. */
interface Box {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
  /** The approximate number of ticks of the vertical axis. */
  readonly ticks: number;
}

/** Positions of the values in a box. */
export interface Scales {
  readonly x: ReturnType<typeof scaleLinear<number, number>>;
  readonly y: ReturnType<typeof scaleLinear<number, number>>;
}

/** The axes of curves: one figure has them once, small figures once each. */
export function lineAxes(series: readonly Series[], { dots, zero, spread }: AxesOptions) {
  const [from, to] = xRange(series);
  const range = valuesRange(series, { zero, spread });
  // On a linear axis up to 50 the labels 0, 1 and 5 would overlap.
  const root = dots && from >= 0 && to > 10;
  return {
    to,
    root,
    integers: series.every((one) => one.x.every(Number.isInteger)),
    /** The x that were measured, ascending; empty for curves without dots. */
    measured: [...new Set(series.flatMap((one) => (dots ? one.x : [])))].sort((a, b) => a - b),
    scales: ({ left, right, top, bottom, ticks }: Box): Scales => {
      const inset = dots ? 8 : 0;
      return {
        x: (root ? scaleSqrt() : scaleLinear()).domain([from, to]).range([left + inset, right - inset]),
        y: scaleLinear().domain(range).nice(ticks).range([bottom, top]),
      };
    },
  };
}

/** The points of a curve that are drawn: at most about so many, and the last. */
export function drawnPoints({ x }: Series, most: number): number[] {
  const every = Math.max(1, Math.ceil(x.length / most));
  return x.map((_, at) => at).filter((at) => at % every === 0 || at === x.length - 1);
}

/** The path of values at points; with `neighbours`, only points at adjacent x are joined. */
export function curvePath(
  xs: readonly number[],
  values: readonly number[],
  { points, x, y, neighbours = false }: Scales & { readonly points: readonly number[]; readonly neighbours?: boolean },
  aside = 0,
): string {
  const drawn = pathOf<number>(
    (at) => x(entryAt(xs, at)) + aside,
    (at) => y(entryAt(values, at)),
  ).digits(1);
  const runs = neighbours ? neighbourRuns(points, xs) : [points];
  return runs.flatMap((run) => (run.length > 1 ? [drawn(run) ?? ""] : [])).join("");
}
