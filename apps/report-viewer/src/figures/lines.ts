import { whole } from "@kshot/comparison";
import { scaleLinear, scaleSqrt } from "d3-scale";
import { area, line as pathOf } from "d3-shape";
import { axisBelow, axisLeft } from "./axis.js";
import { cell, type Figure, figureOf } from "./figure.js";
import { hoverColumns, nearest } from "./hover-columns.js";
import { legendOf } from "./legend.js";
import { endNumbers } from "./line-ends.js";
import { figureSvg, seriesColour, seriesDash, svg } from "./svg.js";

/** A curve, with a band around it for several seeds or an interval. */
export interface Series {
  readonly title: string;
  /** Ascending. */
  readonly x: readonly number[];
  readonly y: readonly number[];
  readonly low?: readonly number[];
  readonly high?: readonly number[];
  /**
   * Index of its colour and dashes: the method's index among all, so that it looks the same in every figure. Default: its index
   * here.
   */
  readonly colour?: number;
  /** Values before smoothing, drawn faintly behind the curve. */
  readonly faint?: readonly number[];
  /** Best iterations, one x per seed. */
  readonly kept?: readonly number[];
}

/** Largest number of points drawn per curve; more are not visible. */
const most = 600;

/** With more curves no bands are drawn, because they would overlap; tips and table have their limits. */
export const mostBands = 3;

/** With more curves each has a number at its end: colours and dashes no longer distinguish them. */
const mostUnnumbered = 6;

/** Curves over a common axis. The tip shows all values at the x under the pointer. */
export function linesFigure(
  series: readonly Series[],
  {
    x: xLabel,
    y: yLabel,
    width = 720,
    height = 260,
    format,
    zero = false,
    dots = false,
    neighbours = false,
    band = dots ? "95 %" : "",
    keptBy = "",
  }: {
    x: string;
    y: string;
    width?: number;
    height?: number;
    /** Format of a value in tips and table. */
    format: (value: number) => string;
    /** Whether the vertical axis starts at 0. */
    zero?: boolean;
    /** Whether points are drawn, with bars for their intervals: for curves with few points. */
    dots?: boolean;
    /** Whether only points at adjacent whole numbers are joined: for curves without measurements between others. */
    neighbours?: boolean;
    /** The meaning of low and high, for example "95 %". */
    band?: string;
    /** The criterion of the best iteration, for example "highest MRR". */
    keptBy?: string;
  },
): Figure {
  const numbered = series.length > mostUnnumbered;
  const banded = !dots && series.length <= mostBands;
  const looks = series.map((one, i) => ({
    colour: seriesColour(one.colour ?? i),
    dash: series.length > 1 ? seriesDash(one.colour ?? i) : "",
  }));
  const kept = series.map((one) => one.kept ?? []);
  const legend = legendOf(
    series.map((one, i) => ({
      ...looks[i]!,
      text: `${numbered ? `${i + 1} ` : ""}${one.title}${keptWords(kept[i]!, keptBy)}`,
    })),
    { left: 8, width: width - 16 },
  );
  const [left, right] = [54, numbered ? 34 : 16];
  const top = 30 + legend.height;
  const bottom = top + height - 70;

  const spread = (one: Series) => (dots || banded) && one.low && one.high;
  const all = series.flatMap((one) => [one.y, one.faint ?? [], ...(spread(one) ? [one.low!, one.high!] : [])]);
  let [least, greatest] = zero ? [0, Number.NEGATIVE_INFINITY] : [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const list of all) {
    for (const value of list) {
      if (value < least) least = value;
      if (value > greatest) greatest = value;
    }
  }
  if (!Number.isFinite(least)) least = 0;
  if (!(greatest > least)) [least, greatest] = [least - 0.5, least + 0.5];

  const ends = series.flatMap((one) => [one.x[0] ?? 0, one.x.at(-1) ?? 1]);
  const [from, to] = [Math.min(...ends), Math.max(...ends, Math.min(...ends) + 1)];
  const measured = [...new Set(series.flatMap((one) => (dots ? one.x : [])))].sort((a, b) => a - b);
  // On a linear axis up to 50 the labels 0, 1 and 5 would overlap.
  const root = dots && from >= 0 && to > 10;
  const inset = dots ? 8 : 0;
  const x = (root ? scaleSqrt() : scaleLinear()).domain([from, to]).range([left + inset, width - right - inset]);
  const y = scaleLinear().domain([least, greatest]).nice(5).range([bottom, top]);
  const integers = series.every((one) => one.x.every(Number.isInteger));
  // Bars of several methods at the same x are drawn next to each other.
  const aside = (i: number) => (dots ? Math.max(-7, Math.min(7, (i - (series.length - 1) / 2) * 3)) : 0);

  const curves = series.map((one, i) => {
    const { colour, dash } = looks[i]!;
    const every = Math.max(1, Math.ceil(one.x.length / most));
    const points = one.x.map((_, at) => at).filter((at) => at % every === 0 || at === one.x.length - 1);
    const atX = (at: number) => x(one.x[at]!) + aside(i);
    const draw = (values: readonly number[], list: readonly number[]) =>
      pathOf<number>(atX, (at) => y(values[at]!)).digits(1)(list) ?? "";
    const joined = neighbours ? neighbourRuns(points, one.x) : [points];
    const ground =
      banded && one.low && one.high
        ? (area<number>(
            atX,
            (at) => y(one.low![at]!),
            (at) => y(one.high![at]!),
          ).digits(1)(points) ?? "")
        : "";
    return svg`${ground === "" ? null : svg`<path d="${ground}" fill="${colour}" opacity="0.18"/>`}${
      one.faint
        ? svg`<path d="${draw(one.faint, points)}" fill="none" stroke="${colour}" stroke-width="1" opacity="0.35"/>`
        : null
    }<path d="${joined
      .filter((run) => run.length > 1)
      .map((run) => draw(one.y, run))
      .join("")}" fill="none" stroke="${colour}" stroke-width="2" stroke-linejoin="round" stroke-dasharray="${dash}"/>${
      dots
        ? points.map(
            (at) =>
              svg`${one.low && one.high ? svg`<line x1="${atX(at)}" x2="${atX(at)}" y1="${y(one.low[at]!)}" y2="${y(one.high[at]!)}" stroke="${colour}" stroke-width="1.5" opacity="0.7"/>` : null}<circle cx="${atX(at)}" cy="${y(one.y[at]!)}" r="3.5" fill="${colour}"/>`,
          )
        : null
    }`;
  });
  const marks = series.map((one, i) =>
    kept[i]!.map((at) => {
      const near = nearest(one.x, at);
      if (near === undefined) return null;
      const [cx, cy] = [x(one.x[near]!), y(one.y[near]!)];
      return kept[i]!.length === 1
        ? svg`<circle class="kept" cx="${cx}" cy="${cy}" r="5.5" fill="var(--page)" stroke="${looks[i]!.colour}" stroke-width="2.5"/>`
        : svg`<line class="kept" x1="${cx}" x2="${cx}" y1="${cy - 8}" y2="${cy + 8}" stroke="${looks[i]!.colour}" stroke-width="2.5"/>`;
    }),
  );
  const columns = hoverColumns(
    series.map((one) => one.x),
    {
      x,
      top,
      bottom,
      left,
      right: width - right,
      tip: (at, points, [low, high]) =>
        [
          `${xLabel.replace(/ \(.*/, "")} ${whole(at)}`,
          ...series.flatMap((one, i) => {
            const point = points[i];
            if (point === undefined) return [];
            const bounds =
              one.low && one.high
                ? ` (${band === "" ? "" : `${band} `}${format(one.low[point]!)} to ${format(one.high[point]!)})`
                : "";
            const elsewhere = one.x[point] === at ? "" : `, at ${whole(one.x[point]!)}`;
            const marked = kept[i]!.filter((mark) => mark >= low && mark < high);
            const words = marked.length === 0 ? "" : `, kept at ${marked.map(whole).join(" and ")}`;
            return [`${one.title}: ${format(one.y[point]!)}${bounds}${elsewhere}${words}`];
          }),
        ].join("\n"),
    },
  );
  const bars = series.some((one) => one.low);
  return figureOf(
    figureSvg(
      width,
      bottom + 42,
      `${yLabel} by ${xLabel}`,
      svg`${legend.markup}${axisLeft(y, { x: left, right: width - right, ticks: 5, label: yLabel })}
    ${axisBelow(x, { y: bottom, top: bottom, ticks: dots ? measured : width < 520 ? 5 : 8, integers, label: root ? `${xLabel}, square-root axis` : xLabel })}
    ${curves}${marks}${
      numbered
        ? endNumbers(
            series
              .map((one, i) => ({
                text: String(i + 1),
                y: y(one.y.at(-1) ?? least),
                x: x(one.x.at(-1) ?? to),
                colour: looks[i]!.colour,
              }))
              .filter((_, i) => series[i]!.y.length > 0),
            { x: width - right + 8, top, bottom },
          )
        : null
    }${columns}`,
    ),
    () => ({
      head: [
        "series",
        xLabel,
        yLabel,
        ...(bars ? ["low", "high"] : []),
        ...(series.some((one) => one.faint) ? ["unsmoothed"] : []),
      ],
      rows: series.flatMap((one) =>
        one.x.map((value, at) => [
          one.title,
          cell(value, whole),
          cell(one.y[at]!, format),
          ...(bars ? [one.low, one.high].map((list) => (list ? cell(list[at]!, format) : null)) : []),
          ...(series.some((other) => other.faint) ? [one.faint ? cell(one.faint[at]!, format) : null] : []),
        ]),
      ),
    }),
  );
}

function keptWords(kept: readonly number[], by: string): string {
  if (kept.length === 0) return "";
  const [least, greatest] = [Math.min(...kept), Math.max(...kept)];
  return `: kept at ${whole(least)}${greatest > least ? ` to ${whole(greatest)}` : ""}${by === "" ? "" : ` (${by})`}`;
}

/** Runs of points whose x differ by one. */
function neighbourRuns(points: readonly number[], x: readonly number[]): number[][] {
  const runs: number[][] = [];
  for (const at of points) {
    const run = runs.at(-1);
    if (run && x[at]! - x[run.at(-1)!]! <= 1) run.push(at);
    else runs.push([at]);
  }
  return runs;
}
