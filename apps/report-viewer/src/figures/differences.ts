import { signed } from "@kshot/comparison";
import type { Interval } from "@kshot/contract";
import { scaleLinear } from "d3-scale";
import { axisBelow, signedTick } from "./axis.js";
import { cell, type Figure, figureOf } from "./figure.js";
import { labelColumn, ordered } from "./rows.js";
import { figureSvg, stripes, svg } from "./svg.js";
import { fit } from "./text-width.js";

/** One paired difference. */
export interface DifferenceRow {
  readonly title: string;
  readonly difference: Interval;
  /** In the tip: number of queries. */
  readonly note?: string;
  /** The method's definition, the last line of the tip. */
  readonly definition?: string;
  /** Whether it is drawn last and grey: a bound. */
  readonly muted?: boolean;
}

/** Paired differences with intervals; values right of the line at 0 are better than the baseline. */
export function differencesFigure(
  given: readonly DifferenceRow[],
  { metric, baseline, width = 720 }: { metric: string; baseline: string; width?: number },
): Figure {
  const narrow = width < 520;
  const { rows, apart } = ordered(given, ({ muted }) => muted === true);
  const left = labelColumn(
    rows.map(({ title }) => title),
    narrow ? 160 : 250,
  );
  const right = 64;
  const line = 28;
  const gap = apart > 0 && apart < rows.length ? 12 : 0;
  const top = 28;
  const bottom = top + rows.length * line + gap;
  const ends = rows.flatMap(({ difference }) => [difference.low, difference.high]);
  const x = scaleLinear()
    .domain([Math.min(-0.005, ...ends), Math.max(0.005, ...ends)])
    .nice()
    .range([left, width - right]);
  const size = narrow ? 4.5 : 6;
  const body = svg`${stripes(apart, { top, line, width })}${axisBelow(x, { y: bottom, top: top - 6, format: signedTick, ticks: narrow ? 4 : 7, label: `difference in ${metric} to ${baseline}` })}
    <line x1="${x(0)}" x2="${x(0)}" y1="${top - 6}" y2="${bottom}" stroke="var(--text)" stroke-width="1.5"/>
    <text x="${x(0) - 6}" y="16" text-anchor="end" fill="var(--muted)">worse</text><text x="${x(0) + 6}" y="16" fill="var(--muted)">better</text>
    ${gap === 0 ? null : svg`<line x1="8" x2="${width - 8}" y1="${top + apart * line + gap / 2}" y2="${top + apart * line + gap / 2}" stroke="var(--edge)" stroke-dasharray="2 3"/>`}
    ${rows.map(({ title, difference: d, note, definition }, i) => {
      const y = top + i * line + line / 2 + (i < apart ? 0 : gap);
      const colour =
        i >= apart ? "var(--muted)" : d.low > 0 ? "var(--good)" : d.high < 0 ? "var(--bad)" : "var(--muted)";
      return svg`<g data-tip="${`${title}: ${signed(d.value, 4)}, 95 % ${signed(d.low)} to ${signed(d.high)}${note === undefined ? "" : `; ${note}`}${definition === undefined ? "" : `\n${definition}`}`}">
      <rect x="0" y="${y - line / 2}" width="${width}" height="${line}" fill="transparent"/><text x="${left - 10}" y="${y + 4}" text-anchor="end" fill="${i < apart ? "var(--text)" : "var(--muted)"}">${fit(title, left - 14)}</text>
      <line x1="${x(d.low)}" x2="${x(d.high)}" y1="${y}" y2="${y}" stroke="${colour}" stroke-width="2"/>
      <path d="M${x(d.value)} ${y - size} l${size} ${size} l${-size} ${size} l${-size} ${-size} z" fill="${colour}"/>
      <text x="${width - right + 8}" y="${y + 4}" fill="${colour}" font-weight="600">${signed(d.value)}</text></g>`;
    })}`;
  return figureOf(figureSvg(width, bottom + 42, `Differences in ${metric} to ${baseline}`, body), () => ({
    head: ["what", "difference", "difference low", "difference high", "note"],
    rows: rows.map(({ title, difference: d, note }) => [
      title,
      cell(d.value, (value) => signed(value, 4)),
      ...[d.low, d.high].map((end) => cell(end, (value) => signed(value))),
      note ?? "",
    ]),
  }));
}
