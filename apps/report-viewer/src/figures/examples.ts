import { comparedRows } from "../model/compare.js";
import { figure, short } from "../model/format.js";
import { methodsOf, type OpenFile } from "../model/methods.js";
import { rangeOf, tensorRates } from "../model/rates.js";
import { exampleResults } from "../open/example.js";
import type { ViewerResults } from "../open/parse-results.js";
import { comparisonFigure } from "./comparison.js";
import { differencesFigure } from "./differences.js";
import type { Figure } from "./figure.js";
import { linesFigure } from "./lines.js";
import { peopleFigure } from "./people.js";
import { rateBandsFigure } from "./rate-bands.js";
import { rateHeatmapFigure } from "./rate-heatmap.js";
import { rateHistogramsFigure } from "./rate-histograms.js";

const files = exampleResults().map(
  (results, i): OpenFile => ({ name: `example ${i}`, results: results as ViewerResults }),
);
const methods = methodsOf(files);
const gru = methods.find(({ algorithm }) => algorithm === "gru")!;
const learned = files[1]!;
const rows = comparedRows(methods, { split: "test", window: "first" }, "accuracy@1", gru);

/** Each figure drawn from the built-in example, by width: for the gallery and the snapshots. */
export const exampleFigures: Readonly<Record<string, (width: number) => Figure>> = {
  comparison: (width) => comparisonFigure(rows, { metric: "Acc@1", width }),
  differences: (width) =>
    differencesFigure(
      rows.flatMap((row) => (row.difference ? [{ title: row.method.title, difference: row.difference }] : [])),
      { metric: "Acc@1", baseline: gru.title, width },
    ),
  "rate-histograms": (width) =>
    rateHistogramsFigure(tensorRates(learned), { range: rangeOf(learned.results.config), width }),
  "rate-bands": (width) =>
    rateBandsFigure(
      Object.entries(learned.results.history.alpha).map(([name, { quantiles }]) => ({
        name,
        iteration: learned.results.history.iteration,
        quantiles,
      })),
      { width },
    ),
  "rate-heatmap": (width) =>
    rateHeatmapFigure(learned.results.alpha["embedding.weight"]!.matrix!, {
      name: "embedding.weight",
      rowName: (row) => learned.results.data.titles![row]!,
      width,
    }),
  lines: (width) => {
    const { iteration, metaLoss } = learned.results.history;
    const other = metaLoss.map((loss) => loss - 0.2);
    return linesFigure(
      [
        {
          title: "Meta-SGD",
          x: iteration,
          y: metaLoss,
          low: other,
          high: metaLoss.map((loss) => loss + 0.2),
          best: 40,
        },
        { title: "MAML", x: iteration, y: other },
      ],
      { x: "iteration", y: "loss", width, format: short },
    );
  },
  steps: (width) =>
    linesFigure(
      [{ title: "Meta-SGD", x: [0, 1, 5], y: [0.3, 0.35, 0.4], low: [0.28, 0.33, 0.37], high: [0.32, 0.37, 0.42] }],
      {
        x: "inner steps",
        y: "Acc@1",
        dots: true,
        width,
        format: (value) => figure(value, 2),
      },
    ),
  people: (width) =>
    peopleFigure(
      Array.from({ length: 30 }, (_, p) => ({
        user: `person ${p}`,
        before: 0.3,
        after: 0.3 + ((p * 7) % 11) / 20 - 0.2,
        historyLength: 5 + p,
        detail: "Example course 1: rank 3 → 1",
      })),
      { metric: "Acc@1", width },
    ),
};
