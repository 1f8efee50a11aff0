import { scaleLinear } from "d3-scale";
import type { Interval } from "../model/bootstrap.js";
import { signed } from "../model/format.js";
import { axisBelow } from "./axis.js";
import type { Figure } from "./figure.js";
import { figureSvg, fit, stripes, svg } from "./svg.js";

/** One paired difference. */
export interface DifferenceRow {
  readonly title: string;
  readonly difference: Interval;
  /** Said under the title: how many queries. */
  readonly note?: string;
}

/** Paired differences with intervals around a line at 0: right of it better than the baseline. */
export function differencesFigure(
  rows: readonly DifferenceRow[],
  { metric, baseline, width = 720 }: { metric: string; baseline: string; width?: number },
): Figure {
  const narrow = width < 520;
  const left = narrow ? 128 : 210;
  const right = 64;
  const line = 28;
  const top = 26;
  const bottom = top + rows.length * line;
  const ends = rows.flatMap(({ difference }) => [difference.low, difference.high]);
  const x = scaleLinear()
    .domain([Math.min(-0.005, ...ends), Math.max(0.005, ...ends)])
    .nice()
    .range([left, width - right]);
  const body = svg`${stripes(rows.length, { top, line, width })}${axisBelow(x, { y: bottom, top: top - 6, format: (v) => signed(v, 2), ticks: narrow ? 3 : 6, label: `difference in ${metric} to ${baseline}` })}
    <line x1="${x(0)}" x2="${x(0)}" y1="${top - 6}" y2="${bottom}" stroke="var(--text)" stroke-width="1.5"/>
    <text x="${x(0) - 6}" y="14" text-anchor="end" font-size="11" fill="var(--muted)">worse</text><text x="${x(0) + 6}" y="14" font-size="11" fill="var(--muted)">better</text>
    ${rows.map(({ title, difference: d, note }, i) => {
      const y = top + i * line + line / 2;
      const colour = d.low > 0 ? "var(--good)" : d.high < 0 ? "var(--bad)" : "var(--muted)";
      return svg`<g data-tip="${`${title}: ${signed(d.value, 4)}, 95 % ${signed(d.low)} to ${signed(d.high)}${note === undefined ? "" : `; ${note}`}`}">
      <rect x="0" y="${y - line / 2}" width="${width}" height="${line}" fill="transparent"/><text x="${left - 10}" y="${y + 4}" text-anchor="end" fill="var(--text)">${fit(title, left - 14)}</text>
      <line x1="${x(d.low)}" x2="${x(d.high)}" y1="${y}" y2="${y}" stroke="${colour}" stroke-width="2.5"/>
      <path d="M${x(d.value)} ${y - 6} l6 6 l-6 6 l-6 -6 z" fill="${colour}"/>
      <text x="${width - right + 8}" y="${y + 4}" fill="${colour}" font-weight="600">${signed(d.value)}</text></g>`;
    })}`;
  return {
    svg: figureSvg(width, bottom + 42, `Differences in ${metric} to ${baseline}`, body),
    get table() {
      return {
        head: ["what", "difference", "low", "high", "note"],
        rows: rows.map(({ title, difference: d, note }) => [
          title,
          signed(d.value, 4),
          signed(d.low, 4),
          signed(d.high, 4),
          note ?? "",
        ]),
      };
    },
  };
}
