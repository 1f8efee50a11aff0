import {
  askedMetricRows,
  askedMetricsIn,
  askedMetricTable,
  compareResults,
  compareTable,
  readResults,
} from "@kshot/experiment";
import type { CompareFlags } from "../flags/compare.js";
import { typedPath } from "../paths.js";
import { print, warnOfDamage } from "../terminal/print.js";

/** `kshot compare`. */
export async function runCompare(
  { json, window, metrics: asked, ...flags }: CompareFlags,
  ...paths: string[]
): Promise<void> {
  const results = await readResults(paths.map(typedPath), { onDamage: warnOfDamage });
  const windows = window === undefined ? {} : { windows: [...new Set(window)] };
  const comparison = compareResults(results, { ...flags, ...windows });
  const place = { split: comparison.split, ...windows };
  const metrics = asked ?? askedMetricsIn(results);
  if (json) {
    const more = metrics.length === 0 ? {} : { moreMetrics: askedMetricRows(results, metrics, place) };
    process.stdout.write(`${JSON.stringify({ ...comparison, ...more })}\n`);
    return;
  }
  const more = askedMetricTable(results, metrics, place);
  print(`${[compareTable(comparison), more].filter((text) => text !== "").join("\n\n")}\n`);
}
