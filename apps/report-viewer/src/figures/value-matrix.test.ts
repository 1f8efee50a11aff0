import { expect, it } from "vitest";
import { costFigure, timeWords } from "./cost.js";
import { expertsFigure } from "./experts.js";
import { textWidth } from "./text-width.js";
import { valueMatrixFigure } from "./value-matrix.js";

it("the highest of a column is bold, bounds are not compared, and an empty cell is a dash", () => {
  const { svg, table, csv } = valueMatrixFigure(
    {
      columns: [
        { name: "all queries", queries: 20 },
        { name: "revisits", queries: 5 },
      ],
      rows: [
        { title: "A", values: [0.2, null] },
        { title: "B", values: [0.3, 0.1] },
        { title: "Ceiling", values: [0.9, 0.9], muted: true },
      ],
    },
    { metric: "Acc@1" },
  );
  expect(svg.match(/font-weight="700"/g)).toHaveLength(2);
  expect(svg).toMatch(/font-weight="700">0\.300</);
  expect(table.rows[0]).toEqual(["A", "0.2000", "–"]);
  expect(csv.rows[1]).toEqual(["B", 0.3, 0.1]);
});

it.each([390, 720])("no name of a column leaves the figure at width %i", (width) => {
  const names = ["all queries", "12 to 20 pairs before", "taken 176 to 223 times", "taken 266 to 388 times"];
  const { svg } = valueMatrixFigure(
    {
      columns: names.map((name) => ({ name, queries: 9 })),
      rows: [{ title: "Meta-SGD", values: names.map(() => 0.5) }],
    },
    { metric: "Acc@1", width },
  );
  const begins = [...svg.matchAll(/translate\(([\d.]+) [\d.]+\) rotate\(-38\)"[^>]*>([^<]*)</g)];
  expect(begins.map(([, , name]) => name)).toEqual(names);
  for (const [, x, name] of begins) {
    expect(Number(x) + textWidth(name!) * Math.cos((38 * Math.PI) / 180)).toBeLessThan(width);
  }
});

it("names of methods with similar cost and gain do not overlap", () => {
  const gain = { value: 0.01, low: 0, high: 0.02 };
  const { svg } = costFigure(
    ["A", "B", "C"].map((title, i) => ({ title: `Method ${title}`, colour: i, seconds: 100 + i, gain })),
    { metric: "MRR", baseline: "GRU" },
  );
  const lines = [...svg.matchAll(/<text x="[\d.]+" y="([\d.]+)" fill="var\(--text\)">Method/g)].map(([, y]) =>
    Number(y),
  );
  expect(lines).toHaveLength(3);
  for (const [i, y] of lines.entries())
    for (const other of lines.slice(i + 1)) expect(Math.abs(y - other)).toBeGreaterThan(12);
});

it("times are in words", () => {
  expect([0.25, 12, 89, 600, 7200].map(timeWords)).toEqual(["0.25 s", "12 s", "89 s", "10 min", "2 h"]);
});

it("an expert that was not measured alone has no bar, and one that harms a bar to the left", () => {
  const { svg } = expertsFigure([
    { name: "A", weight: 0.5, worth: 0.1, worthBySeed: [0.1] },
    { name: "B", weight: 0.2, worth: -0.05, worthBySeed: [-0.05] },
    { name: "C", weight: 0.1, worth: null, worthBySeed: [] },
  ]);
  const bars = [...svg.matchAll(/<rect x="([\d.]+)" y="[\d.]+" width="([\d.]+)" height="16"/g)].map(([, x, w]) => [
    Number(x),
    Number(w),
  ]);
  expect(bars).toHaveLength(2);
  expect(bars[1]![0]! + bars[1]![1]!).toBeCloseTo(bars[0]![0]!, 1);
});
