import { scaleLinear } from "d3-scale";
import type { ComparedRow } from "../model/compare.js";
import { figure, signed } from "../model/format.js";
import { axisBelow } from "./axis.js";
import type { Figure } from "./figure.js";
import { figureSvg, fit, stripes, svg } from "./svg.js";

/** Every method's figure with its interval: filled with the support pairs, hollow without. */
export function comparisonFigure(
  rows: readonly ComparedRow[],
  { metric, width = 720 }: { metric: string; width?: number },
): Figure {
  const narrow = width < 520;
  const left = narrow ? 118 : 190;
  const right = 56;
  const line = 30;
  const top = 30;
  const bottom = top + rows.length * line;
  const highs = rows.flatMap((row) => [row.few.high, row.zero?.high ?? 0]);
  const x = scaleLinear()
    .domain([0, Math.max(0.01, ...highs)])
    .nice()
    .range([left, width - right]);
  const body = svg`${stripes(rows.length, { top, line, width })}${axisBelow(x, { y: bottom, top: top - 6, format: (v) => figure(v, 2), ticks: narrow ? 3 : 6, label: `${metric}, 95 % interval over people` })}
    <g font-size="11" fill="var(--muted)"><circle cx="${left}" cy="12" r="5" fill="var(--accent)"/><text x="${left + 10}" y="16">with support pairs</text>
    <circle cx="${left + 125}" cy="12" r="4.5" fill="var(--page)" stroke="var(--second)" stroke-width="2"/><text x="${left + 135}" y="16">without</text></g>
    ${rows.map((row, i) => {
      const y = top + i * line + line / 2;
      const tip = `${row.method.title}: ${metric} ${figure(row.few.value, 4)}, 95 % ${figure(row.few.low)} to ${figure(row.few.high)}${row.zero ? `; without the support pairs ${figure(row.zero.value, 4)}` : ""}`;
      return svg`<g data-tip="${tip}"><rect x="0" y="${y - line / 2}" width="${width}" height="${line}" fill="transparent"/><text x="${left - 10}" y="${y + 4}" text-anchor="end" fill="var(--text)">${fit(row.method.title, left - 14)}</text>
      ${row.zero ? svg`<line x1="${x(row.zero.low)}" x2="${x(row.zero.high)}" y1="${y + 5}" y2="${y + 5}" stroke="var(--second)" stroke-width="2"/><circle cx="${x(row.zero.value)}" cy="${y + 5}" r="4.5" fill="var(--page)" stroke="var(--second)" stroke-width="2"/>` : null}
      <line x1="${x(row.few.low)}" x2="${x(row.few.high)}" y1="${row.zero ? y - 4 : y}" y2="${row.zero ? y - 4 : y}" stroke="var(--accent)" stroke-width="2.5"/>
      <circle cx="${x(row.few.value)}" cy="${row.zero ? y - 4 : y}" r="5" fill="var(--accent)"/>
      <text x="${width - right + 8}" y="${y + 4}" fill="var(--text)" font-weight="600">${figure(row.few.value)}</text></g>`;
    })}`;
  return {
    svg: figureSvg(width, bottom + 42, `${metric} of ${rows.length} methods with intervals`, body),
    get table() {
      return {
        head: [
          "method",
          `${metric} with support pairs`,
          "low",
          "high",
          "without",
          "difference to baseline",
          "low",
          "high",
          "each seed",
        ],
        rows: rows.map(({ method, few, zero, difference, bySeed }) => [
          method.title,
          figure(few.value, 4),
          figure(few.low, 4),
          figure(few.high, 4),
          zero ? figure(zero.value, 4) : "–",
          difference ? signed(difference.value, 4) : "–",
          difference ? signed(difference.low, 4) : "–",
          difference ? signed(difference.high, 4) : "–",
          bySeed.map((value) => figure(value, 4)).join(" "),
        ]),
      };
    },
  };
}
