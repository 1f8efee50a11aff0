import { personMetrics } from "@kshot/metrics";
import type { RankedPeople } from "./ranked-people.js";

/** Smallest gain on the validation people that counts, in standard errors of the paired difference. */
export const convincingGain = 2;

/** Each person's mean reciprocal rank. */
export function personalMrr({ queries }: RankedPeople, nItems: number): number[] {
  return queries.map((own) => personMetrics(own, nItems).mrr);
}

/** Mean paired difference over people in units of its standard error; 0 where nobody differs. */
export function gainInStandardErrors(after: readonly number[], before: readonly number[]): number {
  const n = after.length;
  const differences = after.map((value, p) => value - before[p]!);
  const mean = differences.reduce((sum, value) => sum + value, 0) / n;
  const variance = differences.reduce((sum, value) => sum + (value - mean) ** 2, 0) / Math.max(1, n - 1);
  return variance === 0 ? (mean === 0 ? 0 : mean * Number.POSITIVE_INFINITY) : mean / Math.sqrt(variance / n);
}
