import type { Row } from "./stack-rows.js";

/** Rows with only the used features, in double precision and in one block, because a fit reads them many times. */
export function compactRows(rows: readonly Row[], nFeatures: number, used: readonly number[]): readonly Row[] {
  const n = used.length;
  return rows.map(({ features, logCount, label }) => {
    const own = new Float64Array(logCount.length * n);
    for (let i = 0; i < logCount.length; i++) {
      for (let f = 0; f < n; f++) own[i * n + f] = features[i * nFeatures + used[f]!]!;
    }
    return { features: own, logCount, label };
  });
}
