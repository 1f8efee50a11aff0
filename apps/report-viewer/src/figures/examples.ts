import {
  alphaRangeOf,
  type ComparableResults,
  clickWorth,
  compareWindow,
  figure,
  methodsOf,
  type NamedResults,
} from "@kshot/comparison";
import { type ComparedRow, comparisonRows } from "../model/comparison-rows.js";
import { short } from "../model/format.js";
import { gateRates, rateDistributions } from "../model/rates.js";
import { exampleResults } from "../open/example.js";
import { clicksFigure } from "./clicks.js";
import { comparisonFigure } from "./comparison.js";
import { differencesFigure } from "./differences.js";
import type { Figure } from "./figure.js";
import { linesFigure } from "./lines.js";
import { peopleFigure } from "./people.js";
import { rateBandsFigure } from "./rate-bands.js";
import { rateHeatmapFigure } from "./rate-heatmap.js";
import { rateHistogramsFigure } from "./rate-histograms.js";

const files = exampleResults().map(
  (results, i): NamedResults => ({ name: `example ${i}`, results: results as ComparableResults }),
);
const methods = methodsOf(files);
const gru = methods.find(({ algorithm }) => algorithm === "gru")!;
const learned = files[1]!;
const place = { split: "test", window: "first" } as const;
const compared = compareWindow(methods, gru, place, { metrics: ["accuracy@1"], metric: "accuracy@1" })!;
const rows = comparisonRows(compared, methods, "accuracy@1");

/** A bound: above all methods, drawn grey. */
const ceiling: ComparedRow = {
  ...rows[0]!,
  title: "Ideal observer",
  algorithm: "ideal",
  muted: true,
  few: { value: 0.7, low: 0.67, high: 0.73 },
  zero: null,
  difference: { value: 0.4, low: 0.37, high: 0.43 },
  bySeed: [0.7],
};

/** Each figure, drawn from the built-in example at a width: for the gallery and the snapshots. */
export const exampleFigures: Readonly<Record<string, (width: number) => Figure>> = {
  clicks: (width) =>
    clicksFigure(clickWorth(methods.find(({ algorithm }) => algorithm === "meta-sgd")!, place, "accuracy@1")!, {
      metric: "Acc@1",
      width,
    }),
  comparison: (width) => comparisonFigure([ceiling, ...rows], { metric: "Acc@1", width }),
  differences: (width) =>
    differencesFigure(
      [ceiling, ...rows].flatMap((row) =>
        row.difference ? [{ title: row.title, difference: row.difference, muted: row.muted === true }] : [],
      ),
      { metric: "Acc@1", baseline: gru.title, width },
    ),
  "rate-histograms": (width) =>
    rateHistogramsFigure(rateDistributions(learned), { range: alphaRangeOf(learned.results), width }),
  gates: (width) => rateHistogramsFigure(gateRates(learned), { range: alphaRangeOf(learned.results), width }),
  "rate-bands": (width) =>
    rateBandsFigure(
      Object.entries(learned.results.history.alpha).map(([name, { quantiles }]) => ({
        name,
        iteration: learned.results.history.iteration,
        quantiles,
      })),
      { range: alphaRangeOf(learned.results), width },
    ),
  "rate-heatmap": (width) =>
    rateHeatmapFigure(learned.results.alpha["embedding.weight"]!.matrix!, {
      name: "embedding.weight",
      axes: { rows: "courses", columns: "dimensions" },
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
          kept: [410],
        },
        { title: "MAML", x: iteration, y: other, colour: 3, kept: [300, 420, 540] },
      ],
      { x: "iteration", y: "loss", width, format: short, band: "lowest to highest seed", keptBy: "highest MRR" },
    );
  },
  "many-lines": (width) => {
    const { iteration, metaLoss } = learned.results.history;
    return linesFigure(
      Array.from({ length: 9 }, (_, i) => ({
        title: `Method ${i + 1}`,
        x: iteration,
        y: metaLoss.map((loss, at) => loss - 0.05 * i + 0.02 * Math.sin(at + i)),
      })),
      { x: "iteration", y: "loss", width, format: short },
    );
  },
  smoothed: (width) => {
    const { iteration, metaLoss } = learned.results.history;
    const mean = metaLoss.map((_, i) => {
      const own = metaLoss.slice(Math.max(0, i - 3), i + 4);
      return own.reduce((sum, value) => sum + value, 0) / own.length;
    });
    return linesFigure([{ title: "Meta-SGD", x: iteration, y: mean, faint: metaLoss }], {
      x: "iteration",
      y: "loss",
      width,
      format: short,
    });
  },
  steps: (width) =>
    linesFigure(
      ["Meta-SGD", "MAML", "FOMAML", "Reptile"].map((title, i) => {
        const y = [0.3, 0.33, 0.4, 0.41, 0.405, 0.39].map((value) => value - 0.01 * i);
        return {
          title,
          x: [0, 1, 5, 10, 20, 50],
          y,
          low: y.map((value) => value - 0.02),
          high: y.map((value) => value + 0.03),
        };
      }),
      {
        x: "inner steps",
        y: "Acc@1",
        dots: true,
        width,
        format: (value) => figure(value, 3),
      },
    ),
  supports: (width) =>
    linesFigure(
      [
        {
          title: "Meta-SGD",
          x: [0, 1, 2, 5],
          y: [0.3, 0.33, 0.36, 0.4],
          low: [0.28, 0.31, 0.33, 0.37],
          high: [0.32, 0.35, 0.38, 0.42],
        },
      ],
      {
        x: "support pairs",
        y: "Acc@1",
        dots: true,
        neighbours: true,
        width,
        format: (value) => figure(value, 3),
      },
    ),
  people: (width) =>
    peopleFigure(
      Array.from({ length: 30 }, (_, p) => ({
        user: `person ${p}`,
        before: 0.3,
        after: 0.3 + ((p * 7) % 11) / 20 - 0.2,
        historyLength: 5 + p,
        took: "Example course 3, Example course 4",
        topBefore: "Example course 5",
        topAfter: "Example course 1",
        next: "Example course 1 (rank 3 → 1)",
      })),
      { metric: "Acc@1", width },
    ),
};
