import type { PageMaker } from "@kshot/experiment";
import { anonymous, inPage, pagePieces, reportPage } from "@kshot/report-viewer";

type Named = Parameters<PageMaker>[0][number];

/** The report viewer with results inside, in pieces; runs of a suite keep their names. */
export const pageOf: PageMaker = (results, model, run) => pagePieces(reportPage(), results.map(inPage), model, run);

/** The same without people's names and items. */
export const anonymousPageOf: PageMaker = (results, model) => pageOf(withoutPeople(results), model);

/** Results without people's names and items. */
export function withoutPeople<One extends Named>(all: readonly One[]): One[] {
  const results = anonymous(all.map((one) => one.results));
  return all.map((one, i) => ({ ...one, results: results[i] ?? one.results }));
}
