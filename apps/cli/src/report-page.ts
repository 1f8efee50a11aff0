import type { PageMaker } from "@kshot/experiment";
import { anonymous, inPage, pagePieces, reportPage } from "@kshot/report-viewer";

/** The report viewer with results inside, in pieces; runs of a suite keep their names. */
export const pageOf: PageMaker = (results, model) => pagePieces(reportPage(), results.map(inPage), model);

/** The same without people's names and items. */
export const anonymousPageOf: PageMaker = (all, model) => {
  const results = anonymous(all.map((one) => one.results));
  return pageOf(
    all.flatMap((one, i) => (results[i] === undefined ? [] : [{ ...one, results: results[i] }])),
    model,
  );
};
