import type { Results } from "@kshot/contract/schemas";
import { pagePieces, reportPage } from "@kshot/report-viewer";

/** The report viewer with results inside, in pieces. */
export function pageOf(results: readonly Results[]): Iterable<string> {
  return pagePieces(reportPage(), results);
}
