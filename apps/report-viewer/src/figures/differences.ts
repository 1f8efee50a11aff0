import { type CountedDifference, sideOf, signed } from "@kshot/comparison";
import type { Interval } from "@kshot/contract";
import { scaleLinear } from "d3-scale";
import { axisBelow, signedTick } from "./axis.js";
import { type Cell, cell, type Figure, figureOf } from "./figure.js";
import { labelColumn, ordered, rowHeading, rowName } from "./rows.js";
import { seedColumns, seedMarks, seedWords } from "./seed-marks.js";
import { figureSvg, stripes, svg } from "./svg.js";

/** One paired difference. */
export interface DifferenceRow {
  readonly title: string;
  /** Without the number of people who differ, the interval alone gives the colour. */
  readonly difference: Interval & Partial<Pick<CountedDifference, "unequal">>;
  /** Each seed's own difference, drawn as marks; if omitted, none. */
  readonly bySeed?: readonly number[];
  /** In the tip: number of queries. */
  readonly note?: string;
  /** The method's definition, the last line of the tip. */
  readonly definition?: string;
  /** Whether it is drawn last and grey: a bound. */
  readonly muted?: boolean;
  /** The heading above the first row of its group; rows of a group are together. */
  readonly group?: string;
}

const colourOf = { above: "var(--good)", below: "var(--bad)", unclear: "var(--muted)" } as const;

/** Words and size of a figure of differences. */
export interface DifferencesOptions {
  readonly metric: string;
  /** The subtracted method, for the axis label. */
  readonly baseline: string;
  readonly width?: number;
  /** The words of both sides of the line at 0. */
  readonly sides?: readonly [left: string, right: string];
  /** The label of the axis; if omitted, `difference in METRIC to BASELINE`. */
  readonly label?: string;
}

/** Paired differences with intervals, and a mark for each seed; values right of the line at 0 are better than the baseline. */
export function differencesFigure(
  given: readonly DifferenceRow[],
  {
    metric,
    baseline,
    width = 720,
    sides = ["worse", "better"],
    label = `difference in ${metric} to ${baseline}`,
  }: DifferencesOptions,
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
  const isHeaded = (i: number) => rows[i]?.group !== undefined && rows[i]?.group !== rows[i - 1]?.group;
  const headings = rows.map((_, i) => rows.slice(0, i + 1).filter((_, at) => isHeaded(at)).length * 24);
  const rowTop = (i: number) => top + i * line + (i < apart ? 0 : gap) + (headings[i] ?? 0);
  const bottom = rowTop(rows.length - 1) + line;
  const ends = rows.flatMap(({ difference, bySeed = [] }) => [difference.low, difference.high, ...bySeed]);
  const x = scaleLinear()
    .domain([Math.min(-0.005, ...ends), Math.max(0.005, ...ends)])
    .nice()
    .range([left, width - right]);
  const size = narrow ? 4.5 : 6;
  const grouped = rows.some(({ group }) => group !== undefined);
  const body = svg`${grouped ? null : stripes(apart, { top, line, width })}${axisBelow(x, { y: bottom, top: top - 6, format: signedTick, ticks: narrow ? 4 : 7, label })}
    <line x1="${x(0)}" x2="${x(0)}" y1="${top - 6}" y2="${bottom}" stroke="var(--text)" stroke-width="1.5"/>
    <text x="${x(0) - 6}" y="16" text-anchor="end" fill="var(--muted)">${sides[0]}</text><text x="${x(0) + 6}" y="16" fill="var(--muted)">${sides[1]}</text>
    ${gap === 0 ? null : svg`<line x1="8" x2="${width - 8}" y1="${top + apart * line + gap / 2}" y2="${top + apart * line + gap / 2}" stroke="var(--edge)" stroke-dasharray="2 3"/>`}
    ${rows.map(({ title, difference: d, bySeed, note, definition, group }, i) => {
      const y = rowTop(i) + line / 2;
      const colour = i >= apart ? "var(--muted)" : colourOf[sideOf({ unequal: Number.POSITIVE_INFINITY, ...d })];
      const tip = `${group === undefined ? "" : `${group}, `}${title}: ${signed(d.value, 4)}, 95 % ${signed(d.low)} to ${signed(d.high)}${seedWords(bySeed, (value) => signed(value))}${note === undefined ? "" : `; ${note}`}${definition === undefined ? "" : `\n${definition}`}`;
      return svg`${isHeaded(i) ? rowHeading(group ?? "", { y: rowTop(i) - 7, width }) : null}<g data-tip="${tip}">
      <rect x="0" y="${y - line / 2}" width="${width}" height="${line}" fill="transparent"/>${rowName(title, { x: left - 10, y, width: left - 14, muted: i >= apart })}
      <line x1="${x(d.low)}" x2="${x(d.high)}" y1="${y}" y2="${y}" stroke="${colour}" stroke-width="2"/>
      <path d="M${x(d.value)} ${y - size} l${size} ${size} l${-size} ${size} l${-size} ${-size} z" fill="${colour}"/>${seedMarks(bySeed, { x, y: y + 9, colour, height: 7 })}
      <text x="${width - right + 8}" y="${y + 4}" fill="${colour}" font-weight="600">${signed(d.value)}</text></g>`;
    })}`;
  const seeds = seedColumns(rows, ({ bySeed }) => bySeed);
  const cells = (head: readonly string[], each: (row: DifferenceRow) => Cell[]) => ({
    head: [
      ...(grouped ? ["group"] : []),
      ...["what", "difference", "difference low", "difference high"],
      ...head,
      "note",
    ],
    rows: rows.map((row) => [
      ...(grouped ? [row.group ?? ""] : []),
      row.title,
      cell(row.difference.value, (value) => signed(value, 4)),
      ...[row.difference.low, row.difference.high].map((end) => cell(end, (value) => signed(value))),
      ...each(row),
      row.note ?? "",
    ]),
  });
  return figureOf(
    figureSvg(width, bottom + 42, `Differences in ${metric} to ${baseline}`, body),
    () => cells(["each seed"], ({ bySeed = [] }) => [bySeed.map((value) => signed(value, 4)).join(" ")]),
    () => cells(seeds.head, seeds.cells),
  );
}
