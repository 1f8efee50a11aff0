import { figure, isBound, signed } from "@kshot/comparison";
import { scaleLinear } from "d3-scale";
import type { ComparedRow } from "../model/comparison-rows.js";
import { methodDefinition, termDefinitions } from "../model/definitions.js";
import { axisBelow } from "./axis.js";
import { type Cell, cell, type Figure, figureOf } from "./figure.js";
import { labelColumn, ordered, rowName } from "./rows.js";
import { seedColumns, seedMarks, seedWords } from "./seed-marks.js";
import { figureSvg, stripes, svg } from "./svg.js";
import { fit, textWidth } from "./text-width.js";

/**
 * Figure and interval of every method: filled marks with the support pairs, hollow marks without, a short line for each seed. The
 * axis need not start at 0.
 */
export function comparisonFigure(
  given: readonly ComparedRow[],
  {
    metric,
    width = 720,
    most = 1,
  }: { metric: string; width?: number /** The greatest possible value. */; most?: number },
): Figure {
  const narrow = width < 520;
  const isMuted = (row: ComparedRow) => row.muted ?? isBound(row.algorithm);
  const { rows, apart } = ordered(given, isMuted);
  const note = (row: ComparedRow) =>
    row.note ?? (isBound(row.algorithm) ? "ceiling: knows how the data were made" : "set apart");
  const notes = [...new Set(rows.slice(apart).map(note))].join("; ");
  const left = labelColumn(
    rows.map(({ title }) => title),
    narrow ? 150 : 240,
  );
  const right = 56;
  const line = 30;
  const gap = apart < rows.length ? 26 : 0;
  const top = 34;
  const bottom = top + rows.length * line + gap;
  const ends = rows.flatMap(({ few, zero, bySeed }) => [
    ...[few.low, few.high, ...(bySeed.length > 1 ? bySeed : [])],
    ...(zero ? [zero.low, zero.high] : []),
  ]);
  const [least, greatest] = [Math.min(...ends), Math.max(...ends)];
  const margin = Math.max(0.005, 0.06 * (greatest - least));
  const x = scaleLinear()
    .domain([Math.max(0, least - margin), Math.min(most, greatest + margin)])
    .nice(8)
    .range([left, width - right]);
  const [r, hollow] = narrow ? [3, 3] : [5, 4.5];
  const pairs = new Set(rows.map((row) => row.k));
  const [k] = pairs;
  const fewTitle = `few-shot (${pairs.size === 1 && k !== undefined ? `${k} ${k === 1 ? "pair" : "pairs"}` : "K pairs"})`;
  const body = svg`${stripes(apart, { top, line, width })}${axisBelow(x, { y: bottom, top: top - 6, ticks: narrow ? 4 : 7, label: `${metric}, 95 % interval over people` })}
    ${gap === 0 ? null : svg`<line x1="8" x2="${width - 8}" y1="${top + apart * line + 7}" y2="${top + apart * line + 7}" stroke="var(--edge)" stroke-dasharray="2 3"/><text x="10" y="${top + apart * line + 22}" fill="var(--muted)">${fit(notes, width - 20)}</text>`}
    ${rows.map((row, i) => {
      const y = top + i * line + line / 2 + (i < apart ? 0 : gap);
      const own = row.zero ? y - 4 : y;
      const [fewColour, zeroColour] = i < apart ? ["var(--accent)", "var(--second)"] : ["var(--muted)", "var(--muted)"];
      const definition = methodDefinition(row.algorithm);
      const tip = [
        `${row.title}${i < apart ? "" : `, ${note(row)}`}`,
        `${row.zero ? "few-shot " : ""}${metric} ${figure(row.few.value, 4)}, 95 % ${figure(row.few.low)} to ${figure(row.few.high)}${seedWords(row.bySeed, (value) => figure(value))}`,
        ...(row.zero
          ? [
              `zero-shot ${metric} ${figure(row.zero.value, 4)}, 95 % ${figure(row.zero.low)} to ${figure(row.zero.high)}`,
            ]
          : []),
        ...(definition === undefined ? [] : [definition]),
      ].join("\n");
      return svg`<g data-tip="${tip}"><rect x="0" y="${y - line / 2}" width="${width}" height="${line}" fill="transparent"/>${rowName(row.title, { x: left - 10, y, width: left - 14, muted: i >= apart })}
      ${row.zero ? svg`<line x1="${x(row.zero.low)}" x2="${x(row.zero.high)}" y1="${y + 5}" y2="${y + 5}" stroke="${zeroColour}" stroke-width="2"/><circle cx="${x(row.zero.value)}" cy="${y + 5}" r="${hollow}" fill="var(--page)" stroke="${zeroColour}" stroke-width="${narrow ? 1.5 : 2}"/>` : null}
      <line x1="${x(row.few.low)}" x2="${x(row.few.high)}" y1="${own}" y2="${own}" stroke="${fewColour}" stroke-width="2"/>
      <circle cx="${x(row.few.value)}" cy="${own}" r="${r}" fill="${fewColour}"/>${seedMarks(row.bySeed, { x, y: own - 8, colour: fewColour, height: 6 })}
      <text x="${width - right + 8}" y="${y + 4}" fill="${i < apart ? "var(--text)" : "var(--muted)"}" font-weight="600">${figure(row.few.value)}</text></g>`;
    })}
    ${
      rows.some(({ zero }) => zero)
        ? svg`<g fill="var(--muted)"><g data-tip="${termDefinitions["few-shot"]}"><circle cx="14" cy="14" r="${r}" fill="var(--accent)"/><text x="24" y="18">${fewTitle}</text></g>
    <g data-tip="${termDefinitions["zero-shot"]}"><circle cx="${textWidth(fewTitle) + 52}" cy="14" r="${hollow}" fill="var(--page)" stroke="var(--second)" stroke-width="2"/><text x="${textWidth(fewTitle) + 62}" y="18">zero-shot</text></g></g>`
        : null
    }`;
  const seeds = seedColumns(rows, ({ bySeed }) => bySeed);
  const cells = (head: readonly string[], each: (row: ComparedRow) => Cell[]) => ({
    head: [
      ...["method", `few-shot ${metric}`, "few-shot low", "few-shot high"],
      ...[`zero-shot ${metric}`, "zero-shot low", "zero-shot high"],
      ...["difference to baseline", "difference low", "difference high"],
      ...head,
    ],
    rows: rows.map((row) => [
      row.title,
      ...three(row.few, figure),
      ...three(row.zero, figure),
      ...three(row.difference, signed),
      ...each(row),
    ]),
  });
  return figureOf(
    figureSvg(width, bottom + 42, `${metric} of ${rows.length} methods with intervals`, body),
    () => cells(["few-shot, each seed"], ({ bySeed }) => [bySeed.map((value) => figure(value, 4)).join(" ")]),
    () => cells(seeds.head, seeds.cells),
  );
}

/** A value with four digits and its interval with three, as in the terminal. */
function three(interval: ComparedRow["zero"], show: (value: number, digits: number) => string): Cell[] {
  return interval === null
    ? [null, null, null]
    : [
        cell(interval.value, (value) => show(value, 4)),
        ...[interval.low, interval.high].map((end) => cell(end, (value) => show(value, 3))),
      ];
}
