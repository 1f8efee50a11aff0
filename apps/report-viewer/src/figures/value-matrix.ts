import { figure } from "@kshot/comparison";
import { cellOr, type Figure, figureOf } from "./figure.js";
import { labelColumn } from "./rows.js";
import { figureSvg, svg } from "./svg.js";
import { fit, textWidth } from "./text-width.js";

/** Values of rows (methods) in columns (groups of queries). */
export interface ValueMatrix {
  readonly columns: readonly { readonly name: string; readonly queries: number }[];
  readonly rows: readonly {
    readonly title: string;
    readonly values: readonly (number | null)[];
    readonly muted?: boolean;
  }[];
}

/** Of the names of columns. */
const angle = (38 * Math.PI) / 180;

/**
 * A table of values, shaded within each column from its lowest to its highest; the highest is bold. Columns that do not fit next to
 * each other continue below.
 */
export function valueMatrixFigure(
  { columns, rows }: ValueMatrix,
  { metric, width = 720 }: { metric: string; width?: number },
): Figure {
  const narrow = width < 520;
  const left = labelColumn(
    rows.map(({ title }) => title),
    narrow ? 130 : 230,
  );
  const least = narrow ? 50 : 56;
  const longest = Math.max(...columns.map(({ name }) => Math.min(150, textWidth(name))));
  // The rotated name of the last column begins at the middle of the column and ends to the right of it.
  const right = Math.max(0, Math.ceil(longest * Math.cos(angle) - least / 2)) + 4;
  const perRow = Math.max(1, Math.min(columns.length, Math.floor((width - left - right) / least)));
  const wide = Math.min(96, (width - left - right) / perRow);
  const line = 24;
  const head = 16 + longest * Math.sin(angle);
  const blocks = Array.from({ length: Math.ceil(columns.length / perRow) }, (_, b) =>
    columns.slice(b * perRow, (b + 1) * perRow).map((column, i) => ({ ...column, at: b * perRow + i })),
  );
  const blockHeight = head + rows.length * line + 14;
  const body = blocks.map((block, b) => {
    const top = b * blockHeight + head;
    return svg`${block.map(({ name, at }, c) => {
      const x = left + c * wide + wide / 2;
      const own = rows.flatMap(({ values, muted }) => (values[at] === null || muted ? [] : [values[at] ?? 0]));
      const [low, high] = [Math.min(...own), Math.max(...own)];
      return svg`<text transform="translate(${x - 2} ${top - 6}) rotate(${(-180 / Math.PI) * angle})" fill="var(--muted)">${fit(name, 150)}</text>${rows.map(
        ({ title, values, muted }, r) => {
          const value = values[at];
          const y = top + r * line;
          const queries = columns[at]?.queries ?? 0;
          const tip = `${title}\n${name}: ${metric} ${value === null || value === undefined ? "not measured" : figure(value, 4)} (${queries} queries)`;
          if (value === null || value === undefined)
            return svg`<text x="${x}" y="${y + 16}" text-anchor="middle" fill="var(--muted)">–</text>`;
          const share = high > low ? Math.min(1, Math.max(0, (value - low) / (high - low))) : 0;
          return svg`<g data-tip="${tip}"><rect x="${left + c * wide + 1}" y="${y + 1}" width="${wide - 2}" height="${line - 2}" fill="${muted ? "var(--muted)" : "var(--accent)"}" fill-opacity="${muted ? 0.08 : 0.04 + 0.3 * share}"/><text x="${x}" y="${y + 16}" text-anchor="middle" fill="${muted ? "var(--muted)" : "var(--text)"}"${value === high && !muted ? svg` font-weight="700"` : null}>${figure(value)}</text></g>`;
        },
      )}`;
    })}${rows.map(({ title, muted }, r) => svg`<text x="${left - 10}" y="${top + r * line + 16}" text-anchor="end" fill="${muted ? "var(--muted)" : "var(--text)"}">${fit(title, left - 14)}</text>`)}`;
  });
  return figureOf(
    figureSvg(width, blocks.length * blockHeight, `${metric} of every method by group of queries`, body),
    () => ({
      head: ["method", ...columns.map(({ name, queries }) => `${name} (${queries} queries)`)],
      rows: rows.map(({ title, values }) => [title, ...values.map((value) => cellOr(value, (own) => figure(own, 4)))]),
    }),
  );
}
