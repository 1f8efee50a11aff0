/** Rows under a head. */
export interface Table {
  readonly head: readonly string[];
  readonly rows: readonly (readonly (string | number)[])[];
}

/** A figure as SVG and as a table. */
export interface Figure {
  readonly svg: string;
  /** Rounded numbers; computed on request. */
  readonly table: Table;
  /** Unrounded numbers, for a file. */
  readonly csv: Table;
}

/** A cell: text, a number with its text, or null for an empty cell. */
export type Cell = string | null | { readonly value: number; readonly shown: string };

/** A number as a cell. */
export function cell(value: number, show: (value: number) => string): Cell {
  return { value, shown: show(value) };
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

function shown(own: Cell): string {
  return own === null ? "–" : typeof own === "string" ? own : own.shown;
}

function raw(own: Cell): string | number {
  return own === null ? "" : typeof own === "string" ? own : own.value;
}
