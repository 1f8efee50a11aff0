import { describe, expect, it } from "vitest";
import type { RateDistribution } from "../model/rates.js";
import { blocksOf } from "./blocks.js";
import { rateBandsFigure } from "./rate-bands.js";
import { rateHeatmapFigure } from "./rate-heatmap.js";
import { rateHistogramsFigure } from "./rate-histograms.js";

const gate: RateDistribution = {
  name: "weight_hh_l0, n (candidate)",
  edges: [0.0001, 0.01, 0.5],
  counts: [3, 4],
  atLow: 0.22,
  atHigh: 0,
  mean: 0.084,
};

describe("histograms", () => {
  it.each([366, 720, 1040])("have name, mean and shares at %d pixels", (width) => {
    const { svg } = rateHistogramsFigure([gate], { range: [0.0001, 0.5], width });
    expect(svg).toContain(">W_hh · candidate</text>");
    expect(svg).toContain("mean 0.084");
    expect(svg).toMatch(/22 % (low · 0 % high|\| 0 %)/);
    expect(svg).toContain("gate n is the new candidate state");
  });

  it("have shares as numbers in the file", () => {
    const { csv, table } = rateHistogramsFigure([gate], { range: null });
    expect(csv.rows[0]!.slice(0, 4)).toEqual([gate.name, 0.084, 0.22, 0]);
    expect(table.rows[0]!.slice(0, 4)).toEqual([gate.name, "0.084", "22 %", "0 %"]);
    expect(table.head.join(" ")).not.toMatch(/\de-/);
  });
});

describe("the heat map", () => {
  const matrix = Array.from({ length: 343 }, (_, r) => Array.from({ length: 64 }, (_, c) => 0.0001 * (1 + r + c)));
  const draw = (width = 1040) =>
    rateHeatmapFigure(matrix, {
      name: "embedding.weight",
      rowName: (row) => `course <${row}>`,
      axes: { rows: "courses", columns: "dimensions" },
      width,
    });

  it("shows for each cell its rows, its column and its α", () => {
    const { svg } = draw();
    const cells = [...svg.matchAll(/class="cell"[^>]*data-tip="([^"]*)"/g)].map((match) => match[1]!);
    expect(cells).toHaveLength(69 * 64);
    expect(cells[1]).toBe("column 2: α 0.0342");
    expect(svg).toContain('<g data-about="course &lt;342&gt; to course &lt;338&gt;"><path class="cell"');
    expect(svg).toContain(">343 courses ↓ × 64 dimensions →</text>");
    expect(svg).toContain(">rows by mean α, largest first; a cell is the mean of 5 × 1</text>");
    expect(svg).toContain("log scale");
  });

  it("names the rows with the largest and the smallest mean rates, and how many are between", () => {
    const { svg } = draw();
    const named = [...svg.matchAll(/class="named" data-tip="course &lt;(\d+)&gt;/g)].map(([, row]) => Number(row));
    expect(named).toEqual([342, 341, 340, 339, 338, 337, 336, 335, 334, 2, 1, 0]);
    expect(svg).toContain(">… 331 more …</text>");
  });

  it("has a scale that diverges from 0 for rates of both signs", () => {
    const signed = rateHeatmapFigure([[-0.1, 0, 0.1]], { name: "fc.weight", rowName: String }).svg;
    const fills = [...signed.matchAll(/class="cell" [^>]*fill="(#\w+)"/g)].map(([, fill]) => fill);
    expect(fills[1]).toBe("#f0f0f0");
    expect(signed).toContain(">α −0.1 to 0.1, grey is 0</text>");
    expect(draw().svg).not.toContain("grey is 0");
  });

  it("has every cell in its file", () => {
    const { csv } = draw();
    expect(csv.head).toHaveLength(66);
    expect(csv.rows[342]![65]).toBe(matrix[0]![63]);
    expect(csv.rows[342]![0]).toBe("course <0>");
  });

  it("is of whole rows and columns, each once", () => {
    for (const count of [1, 12, 72, 73, 343, 384]) {
      const { rows, means } = blocksOf(
        Array.from({ length: count }, () => [1, 3]),
        72,
        64,
      );
      expect(rows.length).toBeLessThanOrEqual(72);
      expect(rows[0]![0]).toBe(0);
      expect(rows.at(-1)![1]).toBe(count);
      for (const [i, [, to]] of rows.slice(0, -1).entries()) expect(rows[i + 1]![0]).toBe(to);
      expect(means.every(([a, b]) => a === 1 && b === 3)).toBe(true);
    }
  });
});

describe("bands over training", () => {
  const course = {
    name: "fc.weight",
    iteration: [10, 20],
    quantiles: [
      [0.0001, 0.01, 0.05, 0.1, 0.3],
      [0.0001, 0.02, 0.06, 0.1, 0.4],
    ],
  };
  it("mark the ends of the range that the rates come near, and tell each iteration", () => {
    const { svg } = rateBandsFigure([course], { range: [0.0001, 0.5] });
    expect(svg.match(/stroke="var\(--bad\)"/g)).toHaveLength(2);
    expect(svg).toContain(
      "fc.weight, iteration 20\nmedian α 0.06\nthe middle 50 % 0.02 to 0.1\nthe middle 90 % 0.0001 to 0.4",
    );
    expect(rateBandsFigure([course]).svg).not.toContain("var(--bad)");
  });

  it("draw rates that never moved", () => {
    const still = { ...course, quantiles: [0, 1].map(() => [0.1, 0.1, 0.1, 0.1, 0.1]) };
    expect(rateBandsFigure([still]).svg).not.toMatch(/NaN|Infinity/);
  });
});
