import type { Row } from "./stack-rows.js";

/** Rows that are read in order, any number of times. An array of rows is one. */
export interface Rows extends Iterable<Row> {
  readonly length: number;
}

/** The numbers of the active features. */
export function placesOf(active: readonly boolean[]): number[] {
  return active.flatMap((isActive, f) => (isActive ? [f] : []));
}

/**
 * Rows with only the active features. One row is in memory at a time: a fit of many rows needs no copy of them.
 *
 * @param rows stored rows
 * @param active which of their features are read, `[features]`
 * @returns rows that are valid until the next one is read
 */
export function compactRows(rows: readonly Row[], active: readonly boolean[]): Rows {
  const places = Int32Array.from(placesOf(active));
  const n = places.length;
  const most = rows.reduce((items, { logCount }) => Math.max(items, logCount.length), 0);
  return {
    length: rows.length,
    *[Symbol.iterator]() {
      const own = new Float64Array(most * n);
      for (const { features, logCount, label } of rows) {
        const end = logCount.length * n;
        for (let at = 0, from = 0; at < end; from += active.length) {
          for (let f = 0; f < n; f++) own[at++] = features[from + places[f]!]!;
        }
        yield { features: own, logCount, label };
      }
    },
  };
}
