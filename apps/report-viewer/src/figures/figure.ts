/** Rows under a head. */
export interface Table {
  readonly head: readonly string[];
  readonly rows: readonly (readonly (string | number)[])[];
}

/** A figure: a picture and the same in rows, for readers who cannot see it and for those who want the numbers. */
export interface Figure {
  readonly svg: string;
  /** Rounded, to be read. Made when asked for: most are never looked at. */
  readonly table: Table;
  /** All that is drawn, unrounded, for a file. */
  readonly csv: Table;
}

/** A cell: text, or a number and how it is shown. Null where there is nothing. */
export type Cell = string | null | { readonly value: number; readonly shown: string };

/** A number as a cell. */
export function cell(value: number, show: (value: number) => string): Cell {
  return { value, shown: show(value) };
}

/** A figure whose table and file come from the same cells; `all` where a file holds more than a page can show. */
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
