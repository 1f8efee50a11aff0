import type { Row } from "./stack-rows.js";

/** Rows that are read in order, any number of times. An array of rows is one. */
export interface Rows extends Iterable<Row> {
  readonly length: number;
}

/**
 * Rows with only the used features. One row is in memory at a time: a fit of many rows needs no copy of them.
 *
 * @param rows stored rows, each with `nFeatures` features
 * @param used numbers of the features, in the order in which they are read
 * @returns rows that are valid until the next one is read
 */
export function compactRows(rows: readonly Row[], nFeatures: number, used: readonly number[]): Rows {
  const places = Int32Array.from(used);
  const n = places.length;
  const most = rows.reduce((items, { logCount }) => Math.max(items, logCount.length), 0);
  return {
    length: rows.length,
    *[Symbol.iterator]() {
      const own = new Float64Array(most * n);
      for (const { features, logCount, label } of rows) {
        const end = logCount.length * n;
        for (let at = 0, from = 0; at < end; from += nFeatures) {
          for (let f = 0; f < n; f++) own[at++] = features[from + places[f]!]!;
        }
        yield { features: own, logCount, label };
      }
    },
  };
}
