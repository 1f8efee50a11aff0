import { describe, expect, it } from "vitest";
import type { ComparedRow } from "../model/comparison-rows.js";
import { comparisonFigure } from "./comparison.js";
import { differencesFigure } from "./differences.js";

const row = (algorithm: string, value: number, zero: number | null = null): ComparedRow => ({
  title: algorithm.toUpperCase(),
  algorithm,
  k: undefined,
  few: { value, low: value - 0.01, high: value + 0.01 },
  zero: zero === null ? null : { value: zero, low: zero - 0.01, high: zero + 0.01 },
  difference: null,
  bySeed: [value],
});
const rows = [row("ideal", 0.74), row("maml", 0.505, 0.41), row("gru", 0.46)];
const order = (text: string, names: readonly string[]) => names.map((name) => text.indexOf(`>${name}</text>`));

describe("the comparison", () => {
  it("draws the ceiling last and grey, with its definition", () => {
    const { svg, table } = comparisonFigure(rows, { metric: "Acc@1" });
    const places = order(svg, ["MAML", "GRU", "IDEAL"]);
    expect(places).toEqual([...places].sort((a, b) => a - b));
    expect(svg).toContain("ceiling: knows how the data were made");
    expect(svg.slice(places[2])).not.toContain("var(--good)");
    expect(svg.slice(svg.indexOf("IDEAL, ceiling"), places[2])).not.toContain("var(--accent)");
    expect(table.rows.at(-1)![0]).toBe("IDEAL");
  });

  it("shows intervals wider than their dots at 390 pixels, from near the lowest value", () => {
    const { svg } = comparisonFigure(rows.slice(1), { metric: "Acc@1", width: 366 });
    const dot = Number(/<circle cx="[\d.]+" cy="[\d.]+" r="([\d.]+)" fill="var\(--accent\)"/.exec(svg)![1]);
    const [, from, to] = /<line x1="([\d.]+)" x2="([\d.]+)" y1="[\d.]+" y2="[\d.]+" stroke="var\(--accent\)"/.exec(
      svg,
    )!;
    expect((Number(to) - Number(from)) / 2).toBeGreaterThan(1.5 * dot);
    expect(svg).not.toContain(">0</text>");
  });

  it("has intervals of all three in separate columns, exact in the file", () => {
    const { table, csv } = comparisonFigure(rows, { metric: "Acc@1" });
    expect(new Set(table.head).size).toBe(table.head.length);
    const at = csv.head.indexOf("zero-shot low");
    const maml = csv.rows.findIndex(([name]) => name === "MAML");
    expect(csv.rows[maml]![at]).toBe(0.41 - 0.01);
    expect(table.rows[maml]![at]).toBe("0.400");
    expect(csv.rows.at(-1)![at]).toBe("");
  });
});

it("differences separate muted rows, without good and bad colours", () => {
  const difference = { value: 0.3, low: 0.2, high: 0.4 };
  const { svg } = differencesFigure(
    [
      { title: "IDEAL", difference, muted: true },
      { title: "MAML", difference, definition: "a learner" },
    ],
    { metric: "Acc@1", baseline: "GRU" },
  );
  expect(svg.indexOf(">MAML<")).toBeLessThan(svg.indexOf(">IDEAL<"));
  expect(svg.slice(svg.indexOf(">IDEAL<"))).not.toContain("var(--good)");
  expect(svg).toContain("\na learner");
});

it("a mark for each seed is in the figure, its tip and its file; a single seed has none", () => {
  const difference = { value: 0.3, low: 0.2, high: 0.4 };
  const draw = (bySeed: readonly number[]) =>
    differencesFigure([{ title: "MAML", difference, bySeed }], { metric: "Acc@1", baseline: "GRU" });
  const { svg, csv } = draw([0.1, 0.5]);
  expect(/<g class="seeds".*?<\/g>/.exec(svg)?.[0].match(/<line /g)).toHaveLength(2);
  expect(svg).toContain("each seed +0.100, +0.500");
  expect(csv.head.slice(4, 6)).toEqual(["seed 1", "seed 2"]);
  expect(csv.rows[0]!.slice(4, 6)).toEqual([0.1, 0.5]);
  expect(draw([0.1, 0.5]).table.rows[0]![4]).toBe("+0.1000 +0.5000");
  expect(draw([0.3]).svg).not.toContain("seeds");
  const { svg: compared } = comparisonFigure([{ ...row("maml", 0.5), bySeed: [0.4, 0.55, 0.6] }], { metric: "Acc@1" });
  expect(/<g class="seeds".*?<\/g>/.exec(compared)?.[0].match(/<line /g)).toHaveLength(3);
});

it("rows of a group are below its heading", () => {
  const difference = { value: 0.3, low: 0.2, high: 0.4 };
  const { svg, csv } = differencesFigure(
    ["A", "A", "B"].map((group, i) => ({ group, title: `row ${i}`, difference })),
    { metric: "Acc@1", baseline: "none" },
  );
  expect(svg.match(/font-weight="600" fill="var\(--text\)">[AB]</g)).toHaveLength(2);
  expect(order(svg, ["A", "row 0", "row 1", "B", "row 2"])).toEqual(
    order(svg, ["A", "row 0", "row 1", "B", "row 2"]).sort((a, b) => a - b),
  );
  expect(csv.rows[2]!.slice(0, 2)).toEqual(["B", "row 2"]);
});
