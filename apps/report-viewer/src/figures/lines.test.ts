import { describe, expect, it } from "vitest";
import { linesFigure, type Series } from "./lines.js";
import { seriesColour, seriesDash } from "./svg.js";

const format = (value: number) => value.toFixed(2);
const options = { x: "iteration", y: "loss", format };
const tips = (text: string) => [...text.matchAll(/data-tip="([^"]*)"/g)].map((match) => match[1]!);
const line = (title: string, x: number[], more: Partial<Series> = {}): Series => ({
  title,
  x,
  y: x.map((_, i) => i / 10),
  ...more,
});

describe("hovering over curves", () => {
  it("shows every series at each x, with the definition of the band", () => {
    const low = [0, 0.1, 0.2];
    const figure = linesFigure([line("A", [0, 50, 100], { low, high: [0.3, 0.4, 0.5] }), line("B", [0, 50, 100])], {
      ...options,
      band: "lowest to highest seed",
    });
    const found = tips(figure.svg);
    expect(found).toHaveLength(3);
    expect(found[1]).toBe("iteration 50\nA: 0.10 (lowest to highest seed 0.10 to 0.40)\nB: 0.10");
  });

  it("covers the whole width with columns that are wide enough to point at, for any number of points", () => {
    const x = Array.from({ length: 5000 }, (_, i) => i);
    const { svg } = linesFigure([line("A", x)], { ...options, width: 700 });
    const columns = [...svg.matchAll(/<g class="column"[^>]*><rect x="([\d.]+)" y="[\d.]+" width="([\d.]+)"/g)].map(
      ([, from, width]) => ({ from: Number(from), to: Number(from) + Number(width), width: Number(width) }),
    );
    expect(columns.length).toBeGreaterThan(60);
    expect(columns[0]!.from).toBeCloseTo(54, 1);
    expect(columns.at(-1)!.to).toBeCloseTo(684, 1);
    for (const [i, { to }] of columns.slice(0, -1).entries()) expect(columns[i + 1]!.from).toBeCloseTo(to, 0);
    expect(Math.min(...columns.slice(1, -1).map(({ width }) => width))).toBeGreaterThan(7);
  });

  it("shows the x of a nearby point, and nothing of curves that end before", () => {
    const found = tips(linesFigure([line("A", [0, 500, 1000]), line("B", [0, 502])], options).svg);
    expect(found.find((tip) => tip.startsWith("iteration 500"))).toMatch(/B: 0\.10, at 502/);
    expect(found.at(-1)).not.toContain("B:");
  });
});

describe("the best", () => {
  it("is in the legend with its reason, and in the tip, never over the curve", () => {
    const { svg } = linesFigure([line("A", [0, 1000, 2000], { kept: [1000] })], { ...options, keptBy: "highest MRR" });
    expect(svg).toContain(">A: kept at 1,000 (highest MRR)</text>");
    expect(svg.match(/class="kept"/g)).toHaveLength(1);
    expect(svg).toContain('<circle class="kept"');
    expect(tips(svg)[1]).toContain("kept at 1,000");
    expect(svg).not.toContain("best");
  });

  it("of several seeds is a tick each", () => {
    const { svg } = linesFigure([line("A", [0, 1000, 2000], { kept: [1000, 2000] })], options);
    expect(svg.match(/<line class="kept"/g)).toHaveLength(2);
    expect(svg).toContain("kept at 1,000 to 2,000");
  });
});

describe("curves of few points", () => {
  const steps = line("A", [0, 1, 5, 10, 20, 50], { low: [0, 0, 0, 0, 0, 0], high: [1, 1, 1, 1, 1, 1] });

  it("are marked at the measured x, and small ones do not overlap", () => {
    const { svg } = linesFigure([steps], { ...options, x: "inner steps", dots: true, width: 366 });
    const at = [...svg.matchAll(/<circle cx="([\d.]+)"/g)].map((match) => Number(match[1]));
    expect(at[1]! - at[0]!).toBeGreaterThan(20);
    expect(svg).toContain("square-root axis");
    for (const step of ["0", "5", "10", "20", "50"]) expect(svg).toContain(`>${step}</text>`);
    expect(svg).not.toContain(">2.5</text>");
  });

  it("have a bar for every interval, for any number of methods", () => {
    const many = Array.from({ length: 6 }, (_, i) => ({ ...steps, title: `${i}` }));
    const { svg } = linesFigure(many, { ...options, dots: true });
    expect(svg.match(/opacity="0.7"/g)).toHaveLength(36);
  });

  it("are joined only where neighbours were measured", () => {
    const { svg } = linesFigure([line("A", [0, 1, 5])], { ...options, dots: true, neighbours: true });
    const curve = /<path d="([^"]*)" fill="none"/.exec(svg)![1]!;
    expect(curve.match(/[ML]/g)).toEqual(["M", "L"]);
    const alone = linesFigure([line("A", [0, 5])], { ...options, dots: true, neighbours: true }).svg;
    expect(/<path d="([^"]*)" fill="none"/.exec(alone)![1]).toBe("");
  });
});

it("a method keeps its colour if others are left out", () => {
  const { svg } = linesFigure([line("A", [0, 1], { colour: 4 })], options);
  expect(svg).toContain(seriesColour(4));
  expect(svg).not.toContain(seriesColour(0));
});

it("a single curve has a name", () => {
  expect(linesFigure([line("Meta-SGD", [0, 1])], options).svg).toContain(">Meta-SGD</text>");
});

it("no two of 49 methods look the same", () => {
  const looks = Array.from({ length: 49 }, (_, i) => `${seriesColour(i)} ${seriesDash(i)}`);
  expect(new Set(looks).size).toBe(49);
});

describe("several curves", () => {
  const draw = (count: number, hidden = new Set<string>()) =>
    linesFigure(
      Array.from({ length: count }, (_, i) => line(`M${i}`, [0, 1])),
      { ...options, hidden },
    );

  it("up to six have numbers at their own ends, in their colours, without lines to them", () => {
    const { svg } = draw(6);
    expect(svg).toContain(">6 M5</text>");
    const ends = [...svg.matchAll(/<text class="end" x="([\d.]+)" y="[\d.]+" fill="([^"]*)"[^>]*>(\d)<\/text>/g)];
    expect(ends.map(([, , colour, number]) => [number, colour]).sort()).toEqual(
      Array.from({ length: 6 }, (_, i) => [String(i + 1), seriesColour(i)]),
    );
    // The curves end at x = 690 of 720.
    expect(new Set(ends.map(([, x]) => Number(x)))).toEqual(new Set([697]));
    expect(svg.match(/<path /g)).toHaveLength(6);
  });

  it("above six are small figures on the same axes, each with its name", () => {
    const { svg, legend, table } = draw(7);
    expect(legend).toBeUndefined();
    for (let i = 0; i < 7; i++) expect(svg).toContain(`>M${i}</text>`);
    expect(svg.match(/stroke="var\(--edge\)" stroke-width="1"/g)).toHaveLength(7);
    expect(table.rows).toHaveLength(14);
  });

  it("have a place in the legend that hides them; hidden ones stay in the legend and in the table", () => {
    const { svg, legend, table } = draw(3, new Set(["M1"]));
    expect(legend?.map(({ title }) => title)).toEqual(["M0", "M1", "M2"]);
    expect([...svg.matchAll(/data-series="([^"]*)"/g)].map(([, title]) => title)).toEqual(["M0", "M2"]);
    expect(svg).toContain('text-decoration="line-through">2 M1</text>');
    expect(tips(svg)[0]).not.toContain("M1");
    expect(table.rows).toHaveLength(6);
  });
});

it("the raw curve is drawn behind the smoothed one and is in the file", () => {
  const figure = linesFigure([line("A", [0, 1], { faint: [1 / 3, 2] })], options);
  expect(figure.svg).toContain('opacity="0.35"');
  expect(figure.csv.head).toContain("unsmoothed");
  expect(figure.csv.rows[0]).toContain(1 / 3);
  expect(figure.table.rows[0]).toContain("0.33");
});
