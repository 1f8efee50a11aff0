import { whole } from "@kshot/comparison";
import { entryAt } from "@kshot/contract";
import { scaleLinear, scaleLog } from "d3-scale";
import { area, line as pathOf } from "d3-shape";
import { short } from "../model/format.js";
import { axisBelow, axisLeft } from "./axis.js";
import { cell, type Figure, figureOf } from "./figure.js";
import { hoverColumns } from "./hover-columns.js";
import { logTicks } from "./log-ticks.js";
import { rateMeaning } from "./rate-names.js";
import { figureSvg, svg } from "./svg.js";
import { fit } from "./text-width.js";

/** α of one tensor over training: 5, 25, 50, 75 and 95 % quantiles at each logged iteration. */
export interface RateCourse {
  readonly name: string;
  readonly iteration: readonly number[];
  readonly quantiles: readonly (readonly number[])[];
}

/**
 * One small figure per tensor, all on one scale: median, the middle 50 %, the middle 90 %, and the limits of the allowed range.
 */
export function rateBandsFigure(
  courses: readonly RateCourse[],
  { width = 720, range = null }: { width?: number; range?: readonly [number, number] | null } = {},
): Figure {
  const columns = width < 520 ? 1 : width < 900 ? 2 : 3;
  const wide = width / columns;
  const height = 156;
  const rows = Math.ceil(courses.length / columns);
  const values = courses.flatMap(({ quantiles }) => quantiles.flatMap((q) => [entryAt(q, 0), entryAt(q, 4)]));
  const [low, high] = endsOf(values, range);
  const log = low > 0;
  const body = courses.map(({ name, iteration, quantiles }, i) => {
    const [x0, y0] = [(i % columns) * wide, Math.floor(i / columns) * height];
    const [left, right, top, bottom] = [x0 + 56, x0 + wide - 14, y0 + 26, y0 + height - 44];
    const x = scaleLinear()
      .domain([iteration[0] ?? 0, iteration.at(-1) ?? 1])
      .range([left, right]);
    const y = (log ? scaleLog().domain([low, high]) : scaleLinear().domain([low, high]).nice()).range([bottom, top]);
    const every = Math.max(1, Math.ceil(iteration.length / 150));
    const points = iteration.map((_, at) => at).filter((at) => at % every === 0 || at === iteration.length - 1);
    const band = (a: number, b: number) =>
      area<number>(
        (at) => x(entryAt(iteration, at)),
        (at) => y(entryAt(entryAt(quantiles, at), a)),
        (at) => y(entryAt(entryAt(quantiles, at), b)),
      ).digits(1)(points) ?? "";
    const median =
      pathOf<number>(
        (at) => x(entryAt(iteration, at)),
        (at) => y(entryAt(entryAt(quantiles, at), 2)),
      ).digits(1)(points) ?? "";
    const ends = (range ?? []).filter((end) => end >= low && end <= high);
    return svg`<g>${axisLeft(y, { x: left, right, format: short, ticks: log ? logTicks(low, high) : 3 })}
    ${axisBelow(x, { y: bottom, top: bottom, ticks: 4, integers: true, label: i >= courses.length - columns ? "iteration" : "" })}
    <text x="${left}" y="${y0 + 14}" fill="var(--text)" font-weight="600" data-tip="${[name, ...rateMeaning(name)].join("\n")}">${fit(name, wide - 70, 13)}</text>
    ${ends.map((end) => svg`<line x1="${left}" x2="${right}" y1="${y(end)}" y2="${y(end)}" stroke="var(--bad)" stroke-dasharray="3 3"/>`)}
    <path d="${band(0, 4)}" fill="var(--accent)" opacity="0.2"/><path d="${band(1, 3)}" fill="var(--accent)" opacity="0.35"/><path d="${median}" fill="none" stroke="var(--accent)" stroke-width="2"/>
    ${hoverColumns([iteration], {
      x,
      top,
      bottom,
      left,
      right,
      tip: (at, [point = 0]) => {
        const [q5 = 0, q25 = 0, q50 = 0, q75 = 0, q95 = 0] = entryAt(quantiles, point);
        return `${name}, iteration ${whole(at)}\nmedian α ${short(q50)}\nthe middle 50 % ${short(q25)} to ${short(q75)}\nthe middle 90 % ${short(q5)} to ${short(q95)}`;
      },
    })}</g>`;
  });
  return figureOf(
    figureSvg(width, rows * height, "Learned rates over training, quantile bands per tensor", body),
    () => ({
      head: ["tensor", "iteration", "5 %", "25 %", "median", "75 %", "95 %"],
      rows: courses.flatMap(({ name, iteration, quantiles }) =>
        iteration.map((at, i) => [name, cell(at, whole), ...entryAt(quantiles, i).map((q) => cell(q, short))]),
      ),
    }),
  );
}

/** Limits of the axis; they include a limit of the allowed range if rates are close to it. */
function endsOf(values: readonly number[], range: readonly [number, number] | null): readonly [number, number] {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const value of values) {
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  if (!Number.isFinite(low)) return [0, 1];
  if (low <= 0) return [Math.min(low, 0), Math.max(high, low + 0.001)];
  if (range && range[0] > 0 && low < 2 * range[0]) low = Math.min(low, range[0]);
  if (range && high > range[1] / 2) high = Math.max(high, range[1]);
  return high > 1.2 * low ? [low, high] : [low / 1.5, high * 1.5];
}
