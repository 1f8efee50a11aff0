import { short } from "../model/format.js";
import { blocksOf } from "./blocks.js";
import { cell, type Figure, figureOf } from "./figure.js";
import { rateMeaning } from "./rate-names.js";
import { figureSvg, svg } from "./svg.js";
import { fit } from "./text-width.js";

/** Largest number of rows and columns; larger tensors are shown as means of blocks. */
const [mostRows, mostColumns] = [72, 64];

/** A tensor's rates as a heat map on a log scale. The rows with the largest mean rates are marked at the edge and named. */
export function rateHeatmapFigure(
  matrix: readonly (readonly number[])[],
  {
    name,
    rowName,
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
  const means = matrix.map((row) => row.reduce((sum, value) => sum + value, 0) / row.length);
  const hottest = means
    .map((mean, row) => ({ mean, row }))
    .sort((a, b) => b.mean - a.mean || a.row - b.row)
    .slice(0, Math.min(12, matrix.length));
  const { rows, columns, means: blocks } = blocksOf(matrix, mostRows, mostColumns);
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const row of blocks) {
    for (const value of row) {
      low = Math.min(low, value);
      high = Math.max(high, value);
    }
  }
  const log = low > 0;
  const scale = (value: number) => (log ? Math.log(value) : value);
  const share = (value: number) => (high > low ? (scale(value) - scale(low)) / (scale(high) - scale(low)) : 0.5);
  const side = narrow ? 0 : 240;
  const [mapLeft, mapTop, mapWidth] = [8, 34, width - side - 26];
  const cellWidth = mapWidth / columns.length;
  const cellHeight = Math.max(4, Math.min(14, 320 / rows.length));
  const mapHeight = cellHeight * rows.length;
  const below = narrow ? hottest.length * 18 + 36 : 0;
  const height = Math.max(mapTop + mapHeight + 44, narrow ? 0 : mapTop + hottest.length * 20 + 34) + below;
  const listX = narrow ? 8 : width - side + 12;
  const listY = narrow ? mapTop + mapHeight + 62 : mapTop + 12;
  const columnNames = columns.map(([from, to]) =>
    to - from === 1 ? `column ${from + 1}` : `columns ${from + 1} to ${to}, mean`,
  );
  const per = rows[0]![1] - rows[0]![0];
  const perColumn = columns[0]![1] - columns[0]![0];
  const caption = `${matrix.length} ${axes.rows} ↓ × ${matrix[0]!.length} ${axes.columns} →`;
  const blocked = per > 1 || perColumn > 1 ? `a cell is the mean of ${per} × ${perColumn}` : "";
  const body = svg`<defs><linearGradient id="heat">${[0, 0.25, 0.5, 0.75, 1].map((at) => svg`<stop offset="${at}" stop-color="${heat(at)}"/>`)}</linearGradient></defs>
    <rect x="8" y="8" width="120" height="10" fill="url(#heat)"/><text x="136" y="17" fill="var(--muted)">α ${short(low)} to ${short(high)}${log ? ", log scale" : ""}</text>
    <g shape-rendering="crispEdges" transform="translate(${mapLeft} ${mapTop}) scale(${String(cellWidth)} ${String(cellHeight)})">${blocks.map(
      (row, r) => {
        const [from, to] = rows[r]!;
        // Names are written once per row, because there are thousands of cells.
        return svg`<g data-about="${`${rowName(from)}${to - from > 1 ? ` to ${rowName(to - 1)}` : ""}`}">${row.map(
          (value, c) =>
            svg`<path class="cell" d="M${c} ${r}h1.04v1.04h-1.04z" fill="${heat(share(value))}" data-tip="${columnNames[c]!}: α ${short(value)}"/>`,
        )}</g>`;
      },
    )}</g>
    ${hottest.map(({ row }) => {
      if (hottest.length === matrix.length) return null;
      const block = rows.findIndex(([from, to]) => row >= from && row < to);
      const y = mapTop + (block + 0.5) * cellHeight;
      return svg`<line class="hot" x1="${mapLeft + mapWidth + 2}" x2="${mapLeft + mapWidth + 9}" y1="${y}" y2="${y}" stroke="var(--text)" stroke-width="1.5"/>`;
    })}
    <g fill="var(--muted)" data-tip="${[name, ...rateMeaning(name)].join("\n")}"><text x="8" y="${mapTop + mapHeight + 18}">${fit(caption, mapWidth + 10)}</text><text x="8" y="${mapTop + mapHeight + 34}">${blocked}</text></g>
    <text x="${listX}" y="${listY - 10}" font-weight="600" fill="var(--text)">Fastest ${fit(axes.rows, 130)}, mean α</text>
    ${hottest.map(({ row, mean }, i) => {
      const y = listY + 10 + i * (narrow ? 18 : 20);
      return svg`<g data-tip="${`${rowName(row)}: mean α ${short(mean)}`}"><rect x="${listX}" y="${y - 14}" width="${(narrow ? width : side) - 16}" height="18" fill="transparent"/><rect x="${listX}" y="${y - 9}" width="10" height="10" fill="${heat(share(mean))}"/><text x="${listX + 16}" y="${y}" fill="var(--text)">${fit(rowName(row), narrow ? width - 90 : side - 84)}</text><text x="${narrow ? width - 8 : width - 4}" y="${y}" text-anchor="end" fill="var(--muted)">${mean.toPrecision(3)}</text></g>`;
    })}`;
  return figureOf(
    figureSvg(width, height, `Learned rates of ${name}, rows by columns`, body),
    () => ({
      head: ["row", "mean α", "lowest", "highest"],
      rows: matrix.map((row, r) => [
        rowName(r),
        ...[means[r]!, Math.min(...row), Math.max(...row)].map((value) => cell(value, short)),
      ]),
    }),
    () => ({
      head: ["row", "mean α", ...matrix[0]!.map((_, c) => `column ${c + 1}`)],
      rows: matrix.map((row, r) => [rowName(r), ...[means[r]!, ...row].map((value) => cell(value, short))]),
    }),
  );
}

/** Viridis, interpolated between five of its points: perceptually uniform, also in grey and for colour-blind readers. */
const stops = [
  [68, 1, 84],
  [59, 82, 139],
  [33, 145, 140],
  [94, 201, 98],
  [253, 231, 37],
] as const;

function heat(at: number): string {
  const place = Math.min(1, Math.max(0, at)) * (stops.length - 1);
  const below = Math.min(stops.length - 2, Math.floor(place));
  const mix = [0, 1, 2].map((c) =>
    Math.round(stops[below]![c]! + (place - below) * (stops[below + 1]![c]! - stops[below]![c]!)),
  );
  return `#${mix.map((value) => value.toString(16).padStart(2, "0")).join("")}`;
}
