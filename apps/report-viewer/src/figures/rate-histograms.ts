import { entryAt } from "@kshot/contract";
import { scaleLinear, scaleLog } from "d3-scale";
import { percent, short } from "../model/format.js";
import type { RateDistribution } from "../model/rates.js";
import { axisBelow } from "./axis.js";
import { cell, type Figure, figureOf } from "./figure.js";
import { logTicks } from "./log-ticks.js";
import { rateMeaning, shortRateName } from "./rate-names.js";
import { labelColumn } from "./rows.js";
import { figureSvg, svg } from "./svg.js";
import { fit } from "./text-width.js";

/**
 * One histogram per tensor (or gate): the distribution of its rates and the limits of the allowed range. The mean and the share
 * at each limit are next to it, or above it on a narrow page.
 */
export function rateHistogramsFigure(
  rows: readonly RateDistribution[],
  { range, width = 720 }: { range: readonly [number, number] | null; width?: number },
): Figure {
  const narrow = width < 520;
  const names = rows.map(({ name }) => shortRateName(name));
  // In a narrow figure the first tick label needs space left of the axis.
  const left = narrow ? 24 : labelColumn(names, 190);
  const right = narrow ? 12 : 104;
  const line = narrow ? 62 : 46;
  const ridge = 36;
  const top = 36;
  const bottom = top + rows.length * line;
  const edges = rows[0]?.edges ?? [0, 1];
  const all = rows.length === 0 ? edges : rows.flatMap((row) => [row.edges[0] ?? 0, row.edges.at(-1) ?? 1]);
  const [first, last] = [Math.min(...all), Math.max(...all)];
  const log = first > 0;
  const x = (log ? scaleLog() : scaleLinear())
    .domain([first, Math.max(last, first + 1e-9)])
    .range([left, width - right]);
  const ends = (range ?? [])
    .map((at, i) => ({ at, side: i === 0 ? "low" : "high" }))
    .filter(({ at }) => at >= first && at <= last);
  const body = svg`${axisBelow(x, { y: bottom, top: top - 8, format: short, ticks: log ? logTicks(first, last) : narrow ? 4 : 6, label: `inner learning rate α${log ? ", log axis" : ""}` })}
    ${ends.map(({ at, side }) => svg`<text x="${side === "low" ? (narrow ? 4 : left) : x(at)}" y="${top - 16}" text-anchor="${side === "low" ? "start" : "end"}" fill="var(--muted)">${side} end ${short(at)}</text>`)}
    ${narrow ? null : svg`<text x="${width - 4}" y="${top - 16}" text-anchor="end" fill="var(--muted)">low | high end</text>`}
    ${rows.map((row, i) => {
      const base = top + (i + 1) * line - 4;
      const tallest = Math.max(1, ...row.counts);
      const points = row.counts.map((count, bin) => {
        const height = Math.sqrt(count / tallest) * ridge;
        return `L${num(x(entryAt(row.edges, bin)))} ${num(base - height)} L${num(x(entryAt(row.edges, bin + 1)))} ${num(base - height)}`;
      });
      const tip = [
        `${row.name}: mean α ${short(row.mean)}`,
        `${percent(row.atLow)} at the low end, ${percent(row.atHigh)} at the high end`,
        ...rateMeaning(row.name),
      ].join("\n");
      const words = narrow
        ? svg`<text x="4" y="${base - ridge - 8}" fill="var(--text)">${fit(entryAt(names, i), 130)}</text><text x="${width - right}" y="${base - ridge - 8}" text-anchor="end" fill="var(--muted)">mean ${short(row.mean)} · ${percent(row.atLow)} low · ${percent(row.atHigh)} high</text>`
        : svg`<text x="${left - 10}" y="${base - 6}" text-anchor="end" fill="var(--text)">${fit(entryAt(names, i), left - 14)}</text><text x="${width - 4}" y="${base - 18}" text-anchor="end" fill="var(--muted)">mean ${short(row.mean)}</text><text x="${width - 4}" y="${base - 3}" text-anchor="end" fill="var(--muted)">${percent(row.atLow)} | ${percent(row.atHigh)}</text>`;
      return svg`<g data-tip="${tip}"><rect x="0" y="${base - line + 4}" width="${width}" height="${line}" fill="transparent"/>${words}
      <path d="${`M${num(x(entryAt(row.edges, 0)))} ${num(base)} ${points.join(" ")} L${num(x(entryAt(row.edges, row.edges.length - 1)))} ${num(base)} Z`}" fill="var(--accent)" opacity="0.55" stroke="var(--accent)"/>
      <line x1="${left}" x2="${width - right}" y1="${base}" y2="${base}" stroke="var(--grid)"/>
      <line x1="${x(clamp(row.mean, first, last))}" x2="${x(clamp(row.mean, first, last))}" y1="${base - ridge}" y2="${base}" stroke="var(--text)" stroke-width="1.5"/>${ends.map(({ at }) => svg`<line x1="${x(at)}" x2="${x(at)}" y1="${base - ridge - 2}" y2="${base}" stroke="var(--bad)" stroke-dasharray="3 3"/>`)}</g>`;
    })}`;
  return figureOf(figureSvg(width, bottom + 42, "Distribution of the learned rates", body), () => ({
    head: [
      "tensor",
      "mean α",
      "share at low end",
      "share at high end",
      ...edges.slice(0, -1).map((edge, i) => `${short(edge)} to ${short(entryAt(edges, i + 1))}`),
    ],
    rows: rows.map((row) => [
      row.name,
      cell(row.mean, short),
      cell(row.atLow, percent),
      cell(row.atHigh, percent),
      ...row.counts.map((count) => cell(count, String)),
    ]),
  }));
}

function num(value: number): string {
  return value.toFixed(1);
}

function clamp(value: number, low: number, high: number): number {
  return Math.min(high, Math.max(low, value));
}
