import { scaleLinear } from "d3-scale";
import { area, line as pathOf } from "d3-shape";
import { short } from "../model/format.js";
import { axisBelow, axisLeft } from "./axis.js";
import type { Figure } from "./figure.js";
import { figureSvg, fit, svg } from "./svg.js";

/** α of one tensor over training: 5, 25, 50, 75 and 95 % quantiles at each logged iteration. */
export interface RateCourse {
  readonly name: string;
  readonly iteration: readonly number[];
  readonly quantiles: readonly (readonly number[])[];
}

/** Small multiples, one per tensor, all on one scale: median, the middle half, the middle nine tenths. */
export function rateBandsFigure(courses: readonly RateCourse[], { width = 720 }: { width?: number } = {}): Figure {
  const columns = width < 520 ? 1 : width < 900 ? 2 : 3;
  const cell = width / columns;
  const height = 150;
  const rows = Math.ceil(courses.length / columns);
  const values = courses.flatMap(({ quantiles }) => quantiles.flatMap((q) => [q[0]!, q[4]!]));
  const [low, high] = [values.reduce((a, b) => Math.min(a, b), 0), values.reduce((a, b) => Math.max(a, b), 0.001)];
  const body = courses.map(({ name, iteration, quantiles }, i) => {
    const [x0, y0] = [(i % columns) * cell, Math.floor(i / columns) * height];
    const x = scaleLinear()
      .domain([iteration[0] ?? 0, iteration.at(-1) ?? 1])
      .range([x0 + 48, x0 + cell - 14]);
    const y = scaleLinear()
      .domain([low, high])
      .nice()
      .range([y0 + height - 42, y0 + 24]);
    const every = Math.max(1, Math.ceil(iteration.length / 150));
    const points = iteration.map((_, at) => at).filter((at) => at % every === 0 || at === iteration.length - 1);
    const band = (a: number, b: number) =>
      area<number>(
        (at) => x(iteration[at]!),
        (at) => y(quantiles[at]![a]!),
        (at) => y(quantiles[at]![b]!),
      ).digits(1)(points) ?? "";
    const median =
      pathOf<number>(
        (at) => x(iteration[at]!),
        (at) => y(quantiles[at]![2]!),
      ).digits(1)(points) ?? "";
    const end = quantiles.at(-1) ?? [];
    return svg`<g data-tip="${`${name}: at the end the median is ${short(end[2] ?? 0)}, nine tenths lie between ${short(end[0] ?? 0)} and ${short(end[4] ?? 0)}`}"><rect x="${x0}" y="${y0}" width="${cell}" height="${height}" fill="transparent"/>
    ${axisLeft(y, { x: x0 + 48, right: x0 + cell - 14, format: short, ticks: 3 })}
    ${axisBelow(x, { y: y0 + height - 42, top: y0 + height - 42, format: (v) => v.toLocaleString("en-US"), ticks: 3, label: i >= courses.length - columns ? "iteration" : "" })}
    <text x="${x0 + 48}" y="${y0 + 14}" fill="var(--text)" font-weight="600">${fit(name, cell - 60)}</text>
    <path d="${band(0, 4)}" fill="var(--accent)" opacity="0.2"/><path d="${band(1, 3)}" fill="var(--accent)" opacity="0.35"/><path d="${median}" fill="none" stroke="var(--accent)" stroke-width="2"/></g>`;
  });
  return {
    svg: figureSvg(width, rows * height, "Learned rates over training, quantile bands per tensor", body),
    get table() {
      return {
        head: ["tensor", "iteration", "5 %", "25 %", "median", "75 %", "95 %"],
        rows: courses.flatMap(({ name, iteration, quantiles }) =>
          iteration.map((at, i) => [name, at, ...quantiles[i]!.map((q) => short(q))]),
        ),
      };
    },
  };
}
