import { entryAt } from "@kshot/contract";
import { short } from "../model/format.js";
import { blocksOf } from "./blocks.js";
import { cell, type Figure, figureOf } from "./figure.js";
import { isSigned, rateColours, scaleColour } from "./rate-colours.js";
import { rateMeaning } from "./rate-names.js";
import { figureSvg, svg } from "./svg.js";
import { fit } from "./text-width.js";

/** Largest number of rows and columns; larger tensors are shown as means of blocks. */
const [mostRows, mostColumns] = [72, 64];

/**
 * A tensor's rates as a heat map, the rows with the largest mean rates first; those with the largest and the smallest are named. The
 * scale is logarithmic for positive rates, and diverges from 0 for rates of both signs.
 */
export function rateHeatmapFigure(
  given: readonly (readonly number[])[],
  {
    name,
    rowName: nameOf,
    width = 720,
    axes = { rows: "rows", columns: "columns" },
  }: {
    name: string;
    rowName: (row: number) => string;
    width?: number;
    /** The names of rows and columns, in the plural. */
    axes?: { readonly rows: string; readonly columns: string };
  },
): Figure {
  const narrow = width < 520;
  const sorted = given
    .map((row, at) => ({ row, at, mean: row.reduce((sum, value) => sum + value, 0) / row.length }))
    .sort((a, b) => b.mean - a.mean || a.at - b.at);
  const matrix = sorted.map(({ row }) => row);
  const means = sorted.map(({ mean }) => mean);
  const rowName = (row: number) => nameOf(sorted[row]?.at ?? row);
  const listed = namedRows(means.length).map((row) => ({ row, mean: means[row] ?? 0 }));
  const { rows, columns, means: blocks } = blocksOf(matrix, mostRows, mostColumns);
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const row of blocks) {
    for (const value of row) {
      low = Math.min(low, value);
      high = Math.max(high, value);
    }
  }
  const columnCount = matrix[0]?.length ?? 0;
  const log = low > 0;
  const signed = isSigned(low, high);
  const colour = rateColours(low, high, log);
  const most = Math.max(-low, high);
  const scaleWords = signed
    ? `α ${short(-most)} to ${short(most)}, grey is 0`
    : `α ${short(low)} to ${short(high)}${log ? ", log scale" : ""}`;
  const side = narrow ? 0 : 240;
  const [mapLeft, mapTop, mapWidth] = [8, 34, width - side - 26];
  const cellWidth = mapWidth / columns.length;
  const cellHeight = Math.max(4, Math.min(14, 320 / rows.length));
  const mapHeight = cellHeight * rows.length;
  const below = narrow ? (listed.length + 1) * 18 + 36 : 0;
  const height = Math.max(mapTop + mapHeight + 44, narrow ? 0 : mapTop + (listed.length + 1) * 20 + 14) + below;
  const listX = narrow ? 8 : width - side + 12;
  const listY = narrow ? mapTop + mapHeight + 62 : mapTop + 12;
  const columnNames = columns.map(([from, to]) =>
    to - from === 1 ? `column ${from + 1}` : `columns ${from + 1} to ${to}, mean`,
  );
  const per = entryAt(rows, 0)[1] - entryAt(rows, 0)[0];
  const perColumn = entryAt(columns, 0)[1] - entryAt(columns, 0)[0];
  const caption = `${matrix.length} ${axes.rows} ↓ × ${columnCount} ${axes.columns} →`;
  const blocked = `rows by mean α, largest first${per > 1 || perColumn > 1 ? `; a cell is the mean of ${per} × ${perColumn}` : ""}`;
  const body = svg`<defs><linearGradient id="${signed ? "heat-signed" : "heat"}">${[0, 0.25, 0.5, 0.75, 1].map((at) => svg`<stop offset="${at}" stop-color="${scaleColour(at, signed)}"/>`)}</linearGradient></defs>
    <rect x="8" y="8" width="120" height="10" fill="url(#${signed ? "heat-signed" : "heat"})"/><text x="136" y="17" fill="var(--muted)">${scaleWords}</text>
    <g shape-rendering="crispEdges" transform="translate(${mapLeft} ${mapTop}) scale(${String(cellWidth)} ${String(cellHeight)})">${blocks.map(
      (row, r) => {
        const [from, to] = entryAt(rows, r);
        // Names are written once per row, because there are thousands of cells.
        return svg`<g data-about="${`${rowName(from)}${to - from > 1 ? ` to ${rowName(to - 1)}` : ""}`}">${row.map(
          (value, c) =>
            svg`<path class="cell" d="M${c} ${r}h1.04v1.04h-1.04z" fill="${colour(value)}" data-tip="${entryAt(columnNames, c)}: α ${short(value)}"/>`,
        )}</g>`;
      },
    )}</g>
    <g fill="var(--muted)" data-tip="${[name, ...rateMeaning(name)].join("\n")}"><text x="8" y="${mapTop + mapHeight + 18}">${fit(caption, mapWidth + 10)}</text><text x="8" y="${mapTop + mapHeight + 34}">${blocked}</text></g>
    <text x="${listX}" y="${listY - 10}" font-weight="600" fill="var(--text)">Mean α, largest first</text>
    ${listed.map(({ row, mean }, i) => {
      const skipped = i > 0 && row > (listed[i - 1]?.row ?? 0) + 1;
      const below = listed.slice(0, i + 1).some((one, j) => j > 0 && one.row > (listed[j - 1]?.row ?? 0) + 1) ? 1 : 0;
      const y = listY + 10 + (i + below) * (narrow ? 18 : 20);
      return svg`${skipped ? svg`<text x="${listX}" y="${y - (narrow ? 18 : 20)}" fill="var(--muted)">… ${row - (listed[i - 1]?.row ?? 0) - 1} more …</text>` : null}<g class="named" data-tip="${`${rowName(row)}: mean α ${short(mean)}`}"><rect x="${listX}" y="${y - 14}" width="${(narrow ? width : side) - 16}" height="18" fill="transparent"/><rect x="${listX}" y="${y - 9}" width="10" height="10" fill="${colour(mean)}"/><text x="${listX + 16}" y="${y}" fill="var(--text)">${fit(rowName(row), narrow ? width - 90 : side - 84)}</text><text x="${narrow ? width - 8 : width - 4}" y="${y}" text-anchor="end" fill="var(--muted)">${short(mean)}</text></g>`;
    })}`;
  return figureOf(
    figureSvg(width, height, `Learned rates of ${name}, rows by columns`, body),
    () => ({
      head: ["row", "mean α", "lowest", "highest"],
      rows: matrix.map((row, r) => [
        rowName(r),
        ...[entryAt(means, r), Math.min(...row), Math.max(...row)].map((value) => cell(value, short)),
      ]),
    }),
    () => ({
      head: ["row", "mean α", ...Array.from({ length: columnCount }, (_, c) => `column ${c + 1}`)],
      rows: matrix.map((row, r) => [rowName(r), ...[entryAt(means, r), ...row].map((value) => cell(value, short))]),
    }),
  );
}

/** Rows that are named: the first nine and the last three; all of a small tensor. */
function namedRows(rows: number): number[] {
  const all = Array.from({ length: rows }, (_, row) => row);
  return rows <= 12 ? all : [...all.slice(0, 9), ...all.slice(-3)];
}
