import type { PageMaker } from "@kshot/experiment";
import { inPage, pagePieces, reportPage } from "@kshot/report-viewer";

/** The report viewer with results inside, in pieces; runs of a suite keep their names. */
export const pageOf: PageMaker = (results, model, run) => pagePieces(reportPage(), results.map(inPage), model, run);
