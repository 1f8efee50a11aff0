import { type ClickWorth, points, whole } from "@kshot/comparison";
import { cell, type Figure, figureOf, withLegend } from "./figure.js";
import { linesFigure } from "./lines.js";

/** The gain in a metric from the first pairs together, in points, for all queries, revisits and new items. */
export function clicksFigure(
  { k, groups }: ClickWorth,
  { metric, width = 720, hidden }: { metric: string; width?: number; hidden?: ReadonlySet<string> },
): Figure {
  const inPoints = (value: number) => 100 * value;
  const drawn = linesFigure(
    groups.map(({ name, gains }, i) => ({
      title: name,
      colour: i,
      x: k,
      y: [0, ...gains.map(({ value }) => inPoints(value))],
      low: [0, ...gains.map(({ low }) => inPoints(low))],
      high: [0, ...gains.map(({ high }) => inPoints(high))],
    })),
    {
      x: "first support pairs",
      y: `points of ${metric} gained`,
      width,
      ...(hidden === undefined ? {} : { hidden }),
      zero: true,
      dots: true,
      neighbours: true,
      format: (value) => points(value / 100),
    },
  );
  const figure = figureOf(drawn.svg, () => ({
    head: [
      ...["queries", "pairs", metric, "gain", "gain low", "gain high", "this pair", "this pair low", "this pair high"],
    ],
    rows: groups.flatMap(({ name, values, gains, added }) =>
      k.map((pairs, i) => {
        const [gain, own] = [gains[i - 1], added[i - 1]];
        const signed = (value: number | undefined) => (value === undefined ? null : cell(value, points));
        return [
          ...[name, cell(pairs, whole), cell(values[i] ?? 0, (value) => value.toFixed(4))],
          ...[gain?.value, gain?.low, gain?.high, own?.value, own?.low, own?.high].map(signed),
        ];
      }),
    ),
  }));
  return drawn.legend === undefined ? figure : withLegend(figure, drawn.legend);
}
