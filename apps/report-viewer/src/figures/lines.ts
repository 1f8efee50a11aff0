import { whole } from "@kshot/comparison";
import { entryAt } from "@kshot/contract";
import { area } from "d3-shape";
import { axisBelow, axisLeft } from "./axis.js";
import { type Figure, figureOf, withLegend } from "./figure.js";
import { hoverColumns, nearest } from "./hover-columns.js";
import { legendOf } from "./legend.js";
import { curvePath, drawnPoints, lineAxes } from "./line-axes.js";
import { endNumbers } from "./line-ends.js";
import {
  type DrawnSeries,
  drawnSeries,
  type LinesOptions,
  type Series,
  tableOfLines,
  tipOfPoint,
} from "./line-series.js";
import { smallMultiples } from "./small-multiples.js";
import { figureSvg, type Markup, svg } from "./svg.js";

export type { LinesOptions, Series } from "./line-series.js";

/** Largest number of points drawn per curve; more are not visible. */
const most = 600;

/** With more curves no bands are drawn, because they would overlap; tips and table have their limits. */
export const mostBands = 3;

/** With more curves each has a small figure: colours and dashes no longer distinguish them. */
export const mostTogether = 6;

/**
 * Curves over a common axis, each with a number at its end; the legend explains the numbers. The tip shows all values at the x
 * under the pointer. More than six curves are small figures on the same axes.
 */
export function linesFigure(series: readonly Series[], options: LinesOptions): Figure {
  const { dots = false } = options;
  const asked = { ...options, band: options.band ?? (dots ? "95 %" : "") };
  return series.length > mostTogether ? smallMultiples(series, asked) : together(series, asked);
}

function together(given: readonly Series[], options: LinesOptions): Figure {
  const { x: xLabel, y: yLabel, width = 720, height = 260, zero = false, dots = false } = options;
  const { neighbours = false, keptBy = "" } = options;
  const all = drawnSeries(given, options.hidden);
  const series = all.filter(({ isHidden }) => !isHidden);
  const banded = !dots && series.length <= mostBands;
  const numbered = given.length > 1;
  const kept = series.map((one) => one.kept ?? []);
  const legend = legendOf(
    all.map((one) => ({
      ...{ title: one.title, colour: one.stroke, dash: one.dash, hidden: one.isHidden },
      text: `${numbered ? `${one.number} ` : ""}${one.title}${keptWords(one.kept ?? [], keptBy)}`,
    })),
    { left: 8, width: width - 16 },
  );
  const [left, right] = [54, numbered ? 30 : 16];
  const top = 30 + legend.height;
  const bottom = top + height - 70;
  const spread = (one: Series) => (dots || banded) && one.low !== undefined && one.high !== undefined;
  const { to, root, integers, measured, scales } = lineAxes(series.length > 0 ? series : all, { dots, zero, spread });
  const { x, y } = scales({ left, right: width - right, top, bottom, ticks: 5 });
  // Bars of several methods at the same x are drawn next to each other.
  const aside = (i: number) => (dots ? Math.max(-7, Math.min(7, (i - (series.length - 1) / 2) * 3)) : 0);
  const curves = series.map((one, i) => {
    const points = drawnPoints(one, most);
    const atX = (at: number) => x(entryAt(one.x, at)) + aside(i);
    const path = (values: readonly number[], joined: boolean) =>
      curvePath(one.x, values, { x, y, points, neighbours: joined }, aside(i));
    const { low, high } = one;
    const ground =
      banded && low && high
        ? (area<number>(
            atX,
            (at) => y(entryAt(low, at)),
            (at) => y(entryAt(high, at)),
          ).digits(1)(points) ?? "")
        : "";
    return svg`<g class="series" data-series="${one.title}">${ground === "" ? null : svg`<path d="${ground}" fill="${one.stroke}" opacity="0.18"/>`}${
      one.faint
        ? svg`<path d="${path(one.faint, false)}" fill="none" stroke="${one.stroke}" stroke-width="1" opacity="0.35"/>`
        : null
    }<path d="${path(one.y, neighbours)}" fill="none" stroke="${one.stroke}" stroke-width="2" stroke-linejoin="round" stroke-dasharray="${one.dash}"/>${
      dots
        ? points.map(
            (at) =>
              svg`${one.low && one.high ? svg`<line x1="${atX(at)}" x2="${atX(at)}" y1="${y(entryAt(one.low, at))}" y2="${y(entryAt(one.high, at))}" stroke="${one.stroke}" stroke-width="1.5" opacity="0.7"/>` : null}<circle cx="${atX(at)}" cy="${y(entryAt(one.y, at))}" r="3.5" fill="${one.stroke}"/>`,
          )
        : null
    }${keptMarks(one, { x, y })}</g>`;
  });
  const columns = hoverColumns(
    series.map((one) => one.x),
    {
      ...{ x, top, bottom, left },
      right: width - right,
      tip: (at, points, [low, high]) =>
        [
          `${xLabel.replace(/ \(.*/, "")} ${whole(at)}`,
          ...series.flatMap((one, i) => {
            const point = points[i];
            if (point === undefined) return [];
            const elsewhere = one.x[point] === at ? "" : `, at ${whole(entryAt(one.x, point))}`;
            const marked = (kept[i] ?? []).filter((mark) => mark >= low && mark < high);
            const words = marked.length === 0 ? "" : `, kept at ${marked.map(whole).join(" and ")}`;
            return [`${tipOfPoint(one, point, options)}${elsewhere}${words}`];
          }),
        ].join("\n"),
    },
  );
  const ends = series.flatMap((one, i) => {
    const last = one.y.at(-1);
    return last === undefined || !numbered
      ? []
      : [{ text: String(one.number), y: y(last), x: x(one.x.at(-1) ?? to) + aside(i), colour: one.stroke }];
  });
  const figure = figureOf(
    figureSvg(
      width,
      bottom + 42,
      `${yLabel} by ${xLabel}`,
      svg`${legend.markup}${axisLeft(y, { x: left, right: width - right, ticks: 5, label: yLabel })}
    ${axisBelow(x, { y: bottom, top: bottom, ticks: dots ? measured : width < 520 ? 5 : 8, integers, label: root ? `${xLabel}, square-root axis` : xLabel })}
    ${curves}${endNumbers(ends, { top, bottom })}${columns}`,
    ),
    () => tableOfLines(given, options),
  );
  return given.length > 1 ? withLegend(figure, legend.places) : figure;
}

/** Rings at the best iteration; ticks for several seeds. */
function keptMarks(
  one: DrawnSeries,
  { x, y }: { x: (value: number) => number; y: (value: number) => number },
): Markup[] {
  const kept = one.kept ?? [];
  return kept.flatMap((at) => {
    const near = nearest(one.x, at);
    if (near === undefined) return [];
    const [cx, cy] = [x(entryAt(one.x, near)), y(entryAt(one.y, near))];
    return kept.length === 1
      ? [
          svg`<circle class="kept" cx="${cx}" cy="${cy}" r="5.5" fill="var(--page)" stroke="${one.stroke}" stroke-width="2.5"/>`,
        ]
      : [
          svg`<line class="kept" x1="${cx}" x2="${cx}" y1="${cy - 8}" y2="${cy + 8}" stroke="${one.stroke}" stroke-width="2.5"/>`,
        ];
  });
}

function keptWords(kept: readonly number[], by: string): string {
  if (kept.length === 0) return "";
  const [least, greatest] = [Math.min(...kept), Math.max(...kept)];
  return `: kept at ${whole(least)}${greatest > least ? ` to ${whole(greatest)}` : ""}${by === "" ? "" : ` (${by})`}`;
}
