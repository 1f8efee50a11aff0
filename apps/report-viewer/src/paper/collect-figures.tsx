import { type NamedResults, usualMetric } from "@kshot/comparison";
import type { MeasuredName, Window } from "@kshot/contract";
import { renderToString } from "preact-render-to-string";
import { openNamed } from "../opened-files.js";
import { methods, place, view } from "../state.js";
import { Collecting, type FigureOfPage } from "../view/collecting.js";
import { Adaptation } from "../view/sections/adaptation.js";
import { Answer } from "../view/sections/answer.js";
import { Clicks } from "../view/sections/clicks.js";
import { Rates } from "../view/sections/rates.js";
import { Training } from "../view/sections/training.js";
import { allValues } from "./all-values.js";
import { captionOf } from "./caption.js";
import { type PaperWidth, paperSvg, paperWidths, pixelsPerInch } from "./paper-svg.js";
import { csvOf, latexTable, markdownTable } from "./text-tables.js";

/** The contents of the figures. */
export interface PaperOptions {
  readonly metric?: MeasuredName;
  readonly window?: Window;
  /** Version of kshot, for the captions. */
  readonly version: string;
}

/** The files of one figure, by the end of their names. */
export interface PaperFigure {
  /** `comparison`: the name of its files. */
  readonly name: string;
  readonly title: string;
  /** SVG at each width, in inches. */
  readonly svg: Readonly<Record<PaperWidth, string>>;
  /** Null for a table of more than 60 rows, which is too long for a paper. */
  readonly latex: string | null;
  readonly markdown: string | null;
  /** Unrounded. */
  readonly csv: string;
}

/** Largest number of rows of a table for a paper. */
const mostRows = 60;

/** All figures that a page of these results has, for a paper, and every value in one CSV. It needs no browser. */
export function figuresForPaper(
  files: readonly NamedResults[],
  { metric = usualMetric, window = "first", version }: PaperOptions,
): { readonly figures: readonly PaperFigure[]; readonly values: string } {
  openNamed(files);
  view.metric.value = metric;
  view.window.value = window;
  const found: FigureOfPage[] = [];
  renderToString(
    <Collecting.Provider value={(figure) => found.push(figure)}>
      <Answer />
      <Clicks />
      <Rates />
      <Training />
      <Adaptation />
    </Collecting.Provider>,
  );
  const figures = found.map(({ id, title, draw }): PaperFigure => {
    const caption = captionOf(title, { methods: methods.value, place: place.value, version });
    const at = (inches: PaperWidth) =>
      paperSvg(draw(Math.round(inches * pixelsPerInch), new Set()).svg, { inches, caption });
    const { table, csv } = draw(7 * pixelsPerInch, new Set());
    const fits = table.rows.length <= mostRows;
    return {
      name: id,
      title,
      svg: Object.fromEntries(paperWidths.map((inches) => [inches, at(inches)])) as PaperFigure["svg"],
      latex: fits ? latexTable(table, caption) : null,
      markdown: fits ? markdownTable(table, caption) : null,
      csv: csvOf(csv),
    };
  });
  return { figures, values: csvOf(allValues(methods.value)) };
}

export { paperWidths } from "./paper-svg.js";
