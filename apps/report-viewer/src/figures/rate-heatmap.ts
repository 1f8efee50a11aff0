import { short } from "../model/format.js";
import type { Figure } from "./figure.js";
import { figureSvg, fit, svg } from "./svg.js";

/** Rows and columns at most; larger tensors are shown by the means of blocks. */
const [mostRows, mostColumns] = [72, 64];

/** A tensor's rates as a heat map, with the rows that adapt fastest named beside it. */
export function rateHeatmapFigure(
  matrix: readonly (readonly number[])[],
  { name, rowName, width = 720 }: { name: string; rowName: (row: number) => string; width?: number },
): Figure {
  const narrow = width < 520;
  const means = matrix.map((row) => row.reduce((sum, value) => sum + value, 0) / row.length);
  const hottest = means
    .map((mean, row) => ({ mean, row }))
    .sort((a, b) => b.mean - a.mean || a.row - b.row)
    .slice(0, Math.min(12, matrix.length));
  const blocks = blockMeans(matrix, mostRows, mostColumns);
  const values = blocks.flat();
  const low = values.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
  const high = values.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
  const share = (value: number) => (high > low ? (value - low) / (high - low) : 0.5);
  const side = narrow ? 0 : 230;
  const [mapWidth, mapTop] = [width - side - 16, 34];
  const cellWidth = mapWidth / blocks[0]!.length;
  const cellHeight = Math.max(4, Math.min(14, 320 / blocks.length));
  const mapHeight = cellHeight * blocks.length;
  const below = narrow ? hottest.length * 18 + 40 : 0;
  const height = Math.max(mapTop + mapHeight + 30, narrow ? 0 : mapTop + hottest.length * 20 + 34) + below;
  const listX = narrow ? 8 : width - side + 12;
  const listY = narrow ? mapTop + mapHeight + 52 : mapTop + 12;
  const body = svg`<defs><linearGradient id="heat">${[0, 0.25, 0.5, 0.75, 1].map((at) => svg`<stop offset="${at}" stop-color="${heat(at)}"/>`)}</linearGradient></defs>
    <rect x="8" y="8" width="120" height="10" fill="url(#heat)"/><text x="134" y="17" font-size="11" fill="var(--muted)">α ${short(low)} to ${short(high)}</text>
    <g shape-rendering="crispEdges">${blocks.map((row, r) =>
      row.map(
        (value, c) =>
          svg`<rect x="${8 + c * cellWidth}" y="${mapTop + r * cellHeight}" width="${cellWidth + 0.3}" height="${cellHeight + 0.3}" fill="${heat(share(value))}"/>`,
      ),
    )}</g>
    <text x="8" y="${mapTop + mapHeight + 18}" font-size="11" fill="var(--muted)">${matrix.length} rows × ${matrix[0]!.length} columns${blocks.length < matrix.length || blocks[0]!.length < matrix[0]!.length ? ", means of blocks" : ""}</text>
    <text x="${listX}" y="${listY - 10}" font-weight="600" fill="var(--text)">Fastest rows, mean α</text>
    ${hottest.map(({ row, mean }, i) => {
      const y = listY + 10 + i * (narrow ? 18 : 20);
      return svg`<g data-tip="${`${rowName(row)}: mean α ${short(mean)}`}"><rect x="${listX}" y="${y - 9}" width="10" height="10" fill="${heat(share(mean))}"/><text x="${listX + 16}" y="${y}" font-size="11" fill="var(--text)">${fit(rowName(row), narrow ? width - 100 : side - 80)}</text><text x="${narrow ? width - 8 : width - 4}" y="${y}" font-size="11" text-anchor="end" fill="var(--muted)">${short(mean)}</text></g>`;
    })}`;
  return {
    svg: figureSvg(width, height, `Learned rates of ${name}, rows by columns`, body),
    get table() {
      return { head: ["row", "mean α"], rows: means.map((mean, row) => [rowName(row), short(mean)]) };
    },
  };
}

/** Viridis by five of its points: even steps to every kind of colour vision, and in grey. */
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

function blockMeans(matrix: readonly (readonly number[])[], rows: number, columns: number): number[][] {
  const [n, m] = [matrix.length, matrix[0]!.length];
  const [h, w] = [Math.min(rows, n), Math.min(columns, m)];
  return Array.from({ length: h }, (_, r) =>
    Array.from({ length: w }, (_, c) => {
      let sum = 0;
      let count = 0;
      for (let i = Math.floor((r * n) / h); i < Math.floor(((r + 1) * n) / h); i++) {
        for (let j = Math.floor((c * m) / w); j < Math.floor(((c + 1) * m) / w); j++) {
          sum += matrix[i]![j]!;
          count++;
        }
      }
      return sum / count;
    }),
  );
}
