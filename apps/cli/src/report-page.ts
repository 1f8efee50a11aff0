import type { Results } from "@kshot/contract/schemas";
import { pageWithResults, reportPage } from "@kshot/report-viewer";

/** The report viewer with results inside. */
export function pageOf(results: readonly Results[]): string {
  return pageWithResults(reportPage(), results);
}
