import { scaleLinear, scaleLog } from "d3-scale";
import { percent, short } from "../model/format.js";
import type { RateDistribution } from "../model/rates.js";
import { axisBelow } from "./axis.js";
import type { Figure } from "./figure.js";
import { figureSvg, fit, svg } from "./svg.js";

/** One ridge per tensor (or gate): how its rates are spread, the ends of the allowed range marked, the share at each end. */
export function rateHistogramsFigure(
  rows: readonly RateDistribution[],
  { range, width = 720 }: { range: readonly [number, number] | null; width?: number },
): Figure {
  const narrow = width < 520;
  const left = narrow ? 128 : 170;
  const right = narrow ? 12 : 96;
  const line = 46;
  const top = 30;
  const bottom = top + rows.length * line;
  const edges = rows[0]?.edges ?? [0, 1];
  const [first, last] = [edges[0]!, edges.at(-1)!];
  const log = first > 0;
  const x = (log ? scaleLog() : scaleLinear())
    .domain([first, Math.max(last, first + 1e-9)])
    .range([left, width - right]);
  const body = svg`${axisBelow(x, { y: bottom, top: top - 8, format: (v) => (log && !/^(1|2|5)/.test(String(v).replace(/^0\.0*/, "")) ? "" : short(v)), ticks: narrow ? 3 : 6, label: `inner learning rate α${log ? ", log axis" : ""}` })}
    ${range?.map((end, i) => (end < first || end > last ? null : svg`<line x1="${x(end)}" x2="${x(end)}" y1="${top - 10}" y2="${bottom}" stroke="var(--bad)" stroke-dasharray="3 3"/><text x="${x(end)}" y="${top - 14}" font-size="11" text-anchor="${i === 0 ? "start" : "end"}" fill="var(--muted)">${i === 0 ? "low" : "high"} end ${short(end)}</text>`)) ?? null}
    ${rows.map((row, i) => {
      const base = top + (i + 1) * line - 4;
      const tallest = Math.max(1, ...row.counts);
      const points = row.counts.map((count, bin) => {
        const height = Math.sqrt(count / tallest) * (line - 10);
        return `L${num(x(row.edges[bin]!))} ${num(base - height)} L${num(x(row.edges[bin + 1]!))} ${num(base - height)}`;
      });
      const tip = `${row.name}: mean ${short(row.mean)}, ${percent(row.atLow)} at the low end, ${percent(row.atHigh)} at the high end`;
      return svg`<g data-tip="${tip}"><text x="${left - 10}" y="${base - 6}" text-anchor="end" fill="var(--text)">${fit(row.name, left - 14)}</text>
      <path d="${`M${num(x(row.edges[0]!))} ${num(base)} ${points.join(" ")} L${num(x(row.edges.at(-1)!))} ${num(base)} Z`}" fill="var(--accent)" opacity="0.55" stroke="var(--accent)"/>
      <line x1="${left}" x2="${width - right}" y1="${base}" y2="${base}" stroke="var(--grid)"/>
      <line x1="${x(clamp(row.mean, first, last))}" x2="${x(clamp(row.mean, first, last))}" y1="${base - line + 12}" y2="${base}" stroke="var(--text)" stroke-width="1.5"/>
      ${narrow ? null : svg`<text x="${width - right + 8}" y="${base - 16}" font-size="11" fill="var(--muted)">mean ${short(row.mean)}</text><text x="${width - right + 8}" y="${base - 2}" font-size="11" fill="var(--muted)">${percent(row.atLow)} | ${percent(row.atHigh)}</text>`}</g>`;
    })}`;
  return {
    svg: figureSvg(width, bottom + 42, "Distribution of the learned rates", body),
    get table() {
      return {
        head: [
          "tensor",
          "mean",
          "share at low end",
          "share at high end",
          ...edges.slice(0, -1).map((edge, i) => `${short(edge)} to ${short(edges[i + 1]!)}`),
        ],
        rows: rows.map((row) => [row.name, short(row.mean), percent(row.atLow), percent(row.atHigh), ...row.counts]),
      };
    },
  };
}

function num(value: number): string {
  return value.toFixed(1);
}

function clamp(value: number, low: number, high: number): number {
  return Math.min(high, Math.max(low, value));
}
