/** Rows under a head. */
export interface Table {
  readonly head: readonly string[];
  readonly rows: readonly (readonly (string | number)[])[];
}

/** The place of one curve's entry in the legend, in pixels from the figure's corner. */
export interface LegendPlace {
  /** The curve's name. */
  readonly title: string;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** A figure as SVG and as a table. */
export interface Figure {
  readonly svg: string;
  /** Rounded numbers; computed on request. */
  readonly table: Table;
  /** Unrounded numbers, for a file. */
  readonly csv: Table;
  /** Entries of the legend that highlight and hide a curve; if omitted, the figure has none. */
  readonly legend?: readonly LegendPlace[];
}

/** A cell: text, a number with its text, or null for an empty cell. */
export type Cell = string | null | { readonly value: number; readonly shown: string };

/** A number as a cell. */
export function cell(value: number, show: (value: number) => string): Cell {
  return { value, shown: show(value) };
}

/** A number as a cell, or an empty cell. */
export function cellOr(value: number | null | undefined, show: (value: number) => string): Cell {
  return value === null || value === undefined ? null : cell(value, show);
}

/** A figure whose table and file have the same cells; `all` are the cells of the file if it has more. */
export function figureOf(
  svg: string,
  cells: () => { readonly head: readonly string[]; readonly rows: readonly (readonly Cell[])[] },
  all = cells,
): Figure {
  return {
    svg,
    get table() {
      const { head, rows } = cells();
      return { head, rows: rows.map((row) => row.map(shown)) };
    },
    get csv() {
      const { head, rows } = all();
      return { head, rows: rows.map((row) => row.map(raw)) };
    },
  };
}

/** The figure with its legend's places; getters of the table are kept. */
export function withLegend(figure: Figure, legend: readonly LegendPlace[]): Figure {
  return {
    svg: figure.svg,
    legend,
    get table() {
      return figure.table;
    },
    get csv() {
      return figure.csv;
    },
  };
}

function shown(own: Cell): string {
  return own === null ? "–" : typeof own === "string" ? own : own.shown;
}

function raw(own: Cell): string | number {
  return own === null ? "" : typeof own === "string" ? own : own.value;
}
