import { scaleLinear } from "d3-scale";
import { area, line as pathOf } from "d3-shape";
import { axisBelow, axisLeft } from "./axis.js";
import type { Figure } from "./figure.js";
import { dashes, figureSvg, fit, seriesColour, svg } from "./svg.js";

/** A curve, with a band around it where several seeds or an interval make one. */
export interface Series {
  readonly title: string;
  readonly x: readonly number[];
  readonly y: readonly number[];
  readonly low?: readonly number[];
  readonly high?: readonly number[];
  /** Index of the point to mark. */
  readonly best?: number;
}

/** At most so many points are drawn per curve; more cannot be seen. */
const most = 600;

/** Bands over each other say nothing any more; beyond this only the curves are drawn, and the table has the rest. */
const mostBands = 3;

/** Curves over a common axis. */
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
  }: {
    x: string;
    y: string;
    width?: number;
    height?: number;
    format: (value: number) => string;
    /** Whether the vertical axis begins at 0. */
    zero?: boolean;
    /** Whether points are drawn: for curves of few. */
    dots?: boolean;
  },
): Figure {
  const left = 54;
  const perLine = width < 520 ? 1 : 3;
  const legend = series.length > 1 ? Math.ceil(series.length / perLine) * 18 + 6 : 0;
  const top = 28 + legend;
  const bottom = top + height - 70;
  const xs = series.flatMap((one) => [one.x[0] ?? 0, one.x.at(-1) ?? 1]);
  let least = zero ? 0 : Number.POSITIVE_INFINITY;
  let greatest = Number.NEGATIVE_INFINITY;
  for (const one of series) {
    const banded = series.length <= mostBands;
    for (const list of [one.y, (banded && one.low) || [], (banded && one.high) || []]) {
      for (const value of list) {
        if (value < least) least = value;
        if (value > greatest) greatest = value;
      }
    }
  }
  if (!(greatest > least)) [least, greatest] = [least - 0.5, least + 0.5];
  const x = scaleLinear()
    .domain([Math.min(...xs), Math.max(...xs, Math.min(...xs) + 1)])
    .range([left, width - 16]);
  const y = scaleLinear().domain([least, greatest]).nice().range([bottom, top]);
  const body = svg`${axisLeft(y, { x: left, right: width - 16, format, label: yLabel })}
    ${axisBelow(x, { y: bottom, top: bottom, format: (v) => v.toLocaleString("en-US"), ticks: width < 520 ? 4 : 7, label: xLabel })}
    ${series.length > 1 ? series.map((one, i) => svg`<g transform="translate(${left + (i % perLine) * ((width - left) / perLine)} ${14 + Math.floor(i / perLine) * 18})"><line x1="0" x2="22" y1="-4" y2="-4" stroke="${seriesColour(i)}" stroke-width="2.5" stroke-dasharray="${dashes[i % dashes.length]!}"/><text x="28" y="0" fill="var(--text)" font-size="11">${fit(one.title, (width - left) / perLine - 32)}</text></g>`) : null}
    ${series.map((one, i) => {
      const every = Math.max(1, Math.ceil(one.x.length / most));
      const points = one.x.map((_, at) => at).filter((at) => at % every === 0 || at === one.x.length - 1);
      const colour = seriesColour(i);
      const curve =
        pathOf<number>(
          (at) => x(one.x[at]!),
          (at) => y(one.y[at]!),
        ).digits(1)(points) ?? "";
      const band =
        one.low && one.high && series.length <= mostBands
          ? (area<number>(
              (at) => x(one.x[at]!),
              (at) => y(one.low![at]!),
              (at) => y(one.high![at]!),
            ).digits(1)(points) ?? "")
          : "";
      const best = one.best;
      return svg`${band === "" ? null : svg`<path d="${band}" fill="${colour}" opacity="0.18"/>`}<path d="${curve}" fill="none" stroke="${colour}" stroke-width="2" stroke-linejoin="round" stroke-dasharray="${series.length > 1 ? dashes[i % dashes.length]! : ""}"/>
      ${dots ? points.map((at) => svg`<circle cx="${x(one.x[at]!)}" cy="${y(one.y[at]!)}" r="3.5" fill="${colour}" data-tip="${`${one.title}: ${xLabel} ${one.x[at]}, ${format(one.y[at]!)}${one.low ? `, 95 % ${format(one.low[at]!)} to ${format(one.high![at]!)}` : ""}`}"/>`) : null}
      ${best === undefined || one.x[best] === undefined ? null : svg`<g data-tip="${`${one.title}: best at ${one.x[best]!.toLocaleString("en-US")}, ${format(one.y[best]!)}`}"><circle cx="${x(one.x[best]!)}" cy="${y(one.y[best]!)}" r="6" fill="var(--page)" stroke="${colour}" stroke-width="2.5"/><text x="${Math.min(x(one.x[best]!) + 9, width - 120)}" y="${y(one.y[best]!) - 8}" fill="var(--text)" font-size="11">${series.length > 3 ? "" : `best ${format(one.y[best]!)} at ${one.x[best]!.toLocaleString("en-US")}`}</text></g>`}`;
    })}`;
  return {
    svg: figureSvg(width, bottom + 42, `${yLabel} by ${xLabel}`, body),
    get table() {
      return {
        head: ["series", xLabel, yLabel, ...(series.some((one) => one.low) ? ["low", "high"] : [])],
        rows: series.flatMap((one) =>
          one.x.map((value, at) => [
            one.title,
            value,
            one.y[at]!,
            ...(series.some((other) => other.low) ? [one.low?.[at] ?? "", one.high?.[at] ?? ""] : []),
          ]),
        ),
      };
    },
  };
}
