import { whole } from "@kshot/comparison";
import { entryAt } from "@kshot/contract";
import { type Cell, cell } from "./figure.js";
import { seriesColour, seriesDash } from "./svg.js";

/** A curve, with a band around it for several seeds or an interval. */
export interface Series {
  readonly title: string;
  /** Ascending. */
  readonly x: readonly number[];
  readonly y: readonly number[];
  readonly low?: readonly number[];
  readonly high?: readonly number[];
  /** Index of its colour and dashes: the method's, so that it looks the same in every figure. Default: its index here. */
  readonly colour?: number;
  /** Values before smoothing, drawn faintly behind the curve. */
  readonly faint?: readonly number[];
  /** Best iterations, one x per seed. */
  readonly kept?: readonly number[];
}

/** Axes and words of a figure of curves. */
export interface LinesOptions {
  readonly x: string;
  readonly y: string;
  readonly width?: number;
  readonly height?: number;
  /** Format of a value in tips and table. */
  readonly format: (value: number) => string;
  /** Whether the vertical axis starts at 0. */
  readonly zero?: boolean;
  /** Whether points are drawn, with bars for their intervals: for curves with few points. */
  readonly dots?: boolean;
  /** Whether only points at adjacent whole numbers are joined: for curves without measurements between others. */
  readonly neighbours?: boolean;
  /** The meaning of low and high, for example "95 %". */
  readonly band?: string;
  /** The criterion of the best iteration, for example "highest MRR". */
  readonly keptBy?: string;
  /** Names of curves that are not drawn. */
  readonly hidden?: ReadonlySet<string>;
}

/** A curve with its colour, its dashes and its number, from 1. */
export interface DrawnSeries extends Series {
  readonly number: number;
  readonly stroke: string;
  readonly dash: string;
  readonly isHidden: boolean;
}

/** The curves with their looks, hidden ones included. */
export function drawnSeries(series: readonly Series[], hidden: ReadonlySet<string> = new Set()): DrawnSeries[] {
  return series.map((one, i) => ({
    ...one,
    number: i + 1,
    stroke: seriesColour(one.colour ?? i),
    dash: series.length > 1 ? seriesDash(one.colour ?? i) : "",
    isHidden: hidden.has(one.title),
  }));
}

/** Smallest and greatest value of the drawn curves; a constant gets one unit of height. */
export function valuesRange(
  series: readonly Series[],
  { zero = false, spread }: { zero?: boolean; spread: (one: Series) => boolean },
): [least: number, greatest: number] {
  const all = series.flatMap((one) => [
    one.y,
    one.faint ?? [],
    ...(spread(one) ? [one.low ?? [], one.high ?? []] : []),
  ]);
  let [least, greatest] = zero ? [0, Number.NEGATIVE_INFINITY] : [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const list of all) {
    for (const value of list) {
      if (value < least) least = value;
      if (value > greatest) greatest = value;
    }
  }
  if (!Number.isFinite(least)) least = 0;
  return greatest > least ? [least, greatest] : [least - 0.5, least + 0.5];
}

/** The range of x of all curves, at least one wide. */
export function xRange(series: readonly Series[]): [from: number, to: number] {
  const ends = series.flatMap((one) => [one.x[0] ?? 0, one.x.at(-1) ?? 1]);
  return [Math.min(...ends), Math.max(...ends, Math.min(...ends) + 1)];
}

/** The value of one curve in a tip, with its bounds. */
export function tipOfPoint(one: Series, point: number, { format, band = "" }: LinesOptions): string {
  const bounds =
    one.low && one.high
      ? ` (${band === "" ? "" : `${band} `}${format(entryAt(one.low, point))} to ${format(entryAt(one.high, point))})`
      : "";
  return `${one.title}: ${format(entryAt(one.y, point))}${bounds}`;
}

/** The table of all curves. */
export function tableOfLines(
  series: readonly Series[],
  { x: xLabel, y: yLabel, format }: LinesOptions,
): { readonly head: readonly string[]; readonly rows: readonly (readonly Cell[])[] } {
  const bars = series.some((one) => one.low);
  const faint = series.some((one) => one.faint);
  return {
    head: ["series", xLabel, yLabel, ...(bars ? ["low", "high"] : []), ...(faint ? ["unsmoothed"] : [])],
    rows: series.flatMap((one) =>
      one.x.map((value, at) => [
        one.title,
        cell(value, whole),
        cell(entryAt(one.y, at), format),
        ...(bars ? [one.low, one.high].map((list) => (list ? cell(entryAt(list, at), format) : null)) : []),
        ...(faint ? [one.faint ? cell(entryAt(one.faint, at), format) : null] : []),
      ]),
    ),
  };
}

/** Runs of points whose x differ by one. */
export function neighbourRuns(points: readonly number[], x: readonly number[]): number[][] {
  const runs: number[][] = [];
  for (const at of points) {
    const run = runs.at(-1);
    const before = run?.at(-1);
    if (run && before !== undefined && entryAt(x, at) - entryAt(x, before) <= 1) run.push(at);
    else runs.push([at]);
  }
  return runs;
}
