import {
  alphaRangeOf,
  type ComparableResults,
  clickWorth,
  compareWindow,
  figure,
  gainsAt,
  groupMatrix,
  methodsOf,
  type NamedResults,
} from "@kshot/comparison";
import { entryAt } from "@kshot/contract";
import { anatomyOf } from "../model/anatomy.js";
import { type ComparedRow, comparisonRows } from "../model/comparison-rows.js";
import { short } from "../model/format.js";
import { itemRates } from "../model/item-rates.js";
import { gateRates, rateDistributions } from "../model/rates.js";
import { swapRows } from "../model/swap-rows.js";
import { exampleResults } from "../open/example.js";
import { anatomyFigure } from "./anatomy.js";
import { clicksFigure } from "./clicks.js";
import { comparisonFigure } from "./comparison.js";
import { costFigure } from "./cost.js";
import { differencesFigure } from "./differences.js";
import { expertsFigure } from "./experts.js";
import type { Figure } from "./figure.js";
import { linesFigure } from "./lines.js";
import { peopleFigure } from "./people.js";
import { rateBandsFigure } from "./rate-bands.js";
import { rateFrequencyFigure } from "./rate-frequency.js";
import { rateHeatmapFigure } from "./rate-heatmap.js";
import { rateHistogramsFigure } from "./rate-histograms.js";
import { valueMatrixFigure } from "./value-matrix.js";

const files = exampleResults().map(
  (results, i): NamedResults => ({ name: `example ${i}`, results: results as ComparableResults }),
);
const methods = methodsOf(files);
const gru = methods.find(({ algorithm }) => algorithm === "gru")!;
const learned = entryAt(files, 1);
const place = { split: "test", window: "first" } as const;
const compared = compareWindow(methods, gru, place, { metrics: ["accuracy@1"], metric: "accuracy@1" })!;
const rows = comparisonRows(compared, methods, "accuracy@1");

/** A bound: above all methods, drawn grey. */
const ceiling: ComparedRow = {
  ...entryAt(rows, 0),
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
  gains: (width) =>
    differencesFigure(
      gainsAt(methods, place, "accuracy@1").flatMap(({ method, groups }) =>
        groups.map(({ name, gain, queries }) => ({
          ...{ group: method.title, title: name, difference: gain, note: `${queries} queries` },
          bySeed: [gain.value - 0.01, gain.value + 0.004, gain.value + 0.006],
        })),
      ),
      {
        metric: "Acc@1",
        baseline: "itself",
        sides: ["adapting hurts", "adapting helps"],
        label: "gain in Acc@1",
        width,
      },
    ),
  swap: (width) =>
    differencesFigure(
      swapRows(
        ["Meta-SGD", "MAML"].map((name, i) => ({
          ...{ name, gain: { value: 0.04, low: 0.02, high: 0.06, unequal: 40 } },
          lost: { value: 0.01 - 0.02 * i, low: -0.02, high: 0.03, unequal: 40 },
          fromAnyPairs: { value: 0.03, low: 0.01, high: 0.05, unequal: 40 },
        })),
      ),
      { metric: "MRR", baseline: "the second pairs of the row", label: "difference in MRR", width },
    ),
  "methods-by-group": (width) => {
    const { groups, rows: found } = groupMatrix(methods, { split: "test", window: "last" }, "accuracy@1")!;
    return valueMatrixFigure(
      { columns: groups, rows: found.map(({ method, values }) => ({ title: method.title, values })) },
      { metric: "Acc@1", width },
    );
  },
  cost: (width) =>
    costFigure(
      ["Meta-SGD", "MAML", "Plain GRU", "Reptile"].map((title, i) => ({
        ...{ title, colour: i, seconds: [620, 580, 40, 560][i]! },
        gain: { value: [0.04, 0.03, 0, -0.01][i]!, low: 0.02 * (2 - i) - 0.02, high: [0.06, 0.05, 0, 0.01][i]! },
      })),
      { metric: "Acc@1", baseline: "Plain GRU", width },
    ),
  experts: (width) =>
    expertsFigure(
      [
        { name: "GRU with context", weight: 0.61, worth: 0.13, worthBySeed: [0.12, 0.135, 0.14] },
        { name: "Markov (variable order)", weight: 0.3, worth: 0.04, worthBySeed: [0.04, 0.05, 0.03] },
        { name: "Popularity", weight: -0.02, worth: -0.001, worthBySeed: [] },
        { name: "EASE", weight: 0.1, worth: null, worthBySeed: [] },
      ],
      { width },
    ),
  anatomy: (width) =>
    anatomyFigure(
      anatomyOf(
        {
          results: {
            ...learned.results,
            ablation: Object.fromEntries(
              [
                ["none", 0.3] as const,
                ["embedding", 0.36] as const,
                ["gru", 0.32] as const,
                ["head", 0.31] as const,
              ].map(([group, value]) => [
                group,
                { "accuracy@1": value, "recall@5": value, "recall@10": value, "ndcg@10": value, mrr: value },
              ]),
            ),
          },
        },
        "accuracy@1",
      ),
      { metric: "Acc@1", width },
    ),
  "rates-frequency": (width) => {
    const { data } = learned.results;
    const trainPairs = data.items.map((_, item) => (item * 37) % 50);
    return rateFrequencyFigure(itemRates({ results: { ...learned.results, data: { ...data, trainPairs } } }), {
      width,
    });
  },
  "signed-heatmap": (width) =>
    rateHeatmapFigure(
      Array.from({ length: 20 }, (_, r) => Array.from({ length: 8 }, (_, c) => 0.01 * (((7 * r + 3 * c) % 11) - 4))),
      { name: "embedding.weight", rowName: (row) => `course ${row}`, width },
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
    rateHeatmapFigure(learned.results.alpha["embedding.weight"]?.matrix ?? [], {
      name: "embedding.weight",
      axes: { rows: "courses", columns: "dimensions" },
      rowName: (row) => learned.results.data.titles?.[row] ?? "",
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
