import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { temporaryFolder } from "../../test/tiny.js";
import type { ProgressEvent } from "../progress.js";
import type { BenchOptions } from "./bench.js";
import { benchSweep, type SweepPoint } from "./bench-sweep.js";
import { sweepFigure } from "./sweep-figure.js";
import { requireSweepFigure, writeSweepFigure } from "./write-sweep-figure.js";

const options: BenchOptions = {
  ...{ items: 20, embeddingDim: 2, hiddenDim: 3, tasks: 1, innerSteps: 1, iterations: 1, history: "nested" },
  engine: { engine: "simd", device: "cpu", workers: 1 },
  milliseconds: () => performance.now(),
  processorMilliseconds: () => process.cpuUsage().user / 1000,
  peakRssBytes: () => 1,
};

test("each quantity is varied alone, threads up to the cores, and each measurement is told", async () => {
  const told: ProgressEvent[] = [];
  const points = await benchSweep(options, (event) => told.push(event), 2, {
    items: [10, 20],
    history: [3],
    tasks: [1, 2],
    workers: [1, 2, 3],
  });
  const valuesOf = (axis: string) => points.filter((point) => point.axis === axis).map(({ value }) => value);
  expect(valuesOf("items")).toEqual([10, 20]);
  expect(valuesOf("history")).toEqual([3]);
  expect(valuesOf("tasks")).toEqual([1, 2]);
  expect(valuesOf("workers")).toEqual([1, 2]);
  expect(points.every(({ milliseconds }) => milliseconds > 0)).toBe(true);
  expect(told.filter(({ type }) => type === "step")).toHaveLength(points.length);
  expect(told[0]).toMatchObject({ type: "stage", total: points.length });
});

/** Times of 0.1 ms an item: the line from 10 to 1,000 items has slope 1. */
const points: SweepPoint[] = [10, 100, 1000].map((value) => ({
  ...{ axis: "items", value },
  ...{ milliseconds: value / 10, processorMilliseconds: value / 5 },
}));

const coordinates = (svg: string) =>
  [...svg.matchAll(/<circle cx="([\d.]+)" cy="([\d.]+)"/g)].map(([, x, y]) => [Number(x), Number(y)] as const);

test("both scales are logarithmic: equal factors are equal distances", () => {
  const [a, b, c] = coordinates(sweepFigure(points)) as [readonly [number, number], ...(readonly [number, number])[]];
  expect(b![0] - a[0]).toBeCloseTo(c![0] - b![0], 0);
  expect(b![1] - a[1]).toBeCloseTo(c![1] - b![1], 0);
  expect(c![1]).toBeLessThan(a[1]);
});

test("a panel for each quantity, with its name and ticks", () => {
  const svg = sweepFigure([...points, ...points.map((point) => ({ ...point, axis: "tasks" as const }))]);
  expect(svg).toMatch(/^<svg /);
  expect(svg).toContain(">items<");
  expect(svg).toContain(">people<");
  expect(svg).toContain(">1,000<");
  expect(svg).not.toContain("NaN");
});

test("the picture of a sweep replaces an earlier one, and no picture of somebody else", async () => {
  const folder = temporaryFolder();
  const [own, foreign] = [join(folder, "own.svg"), join(folder, "mine.svg")];
  for (const _ of [1, 2]) {
    await requireSweepFigure(own);
    await writeSweepFigure(own, points);
  }
  expect(readFileSync(own, "utf8")).toBe(sweepFigure(points));
  // The mark is only where kshot writes it.
  const drawn = sweepFigure(points)
    .replace(' data-kshot="sweep"', "")
    .replace("</svg>", '<!-- data-kshot="sweep" --></svg>');
  writeFileSync(foreign, drawn);
  // One after the other: an error that nothing awaits yet would end the process.
  for (const work of [() => requireSweepFigure(foreign), () => writeSweepFigure(foreign, points)]) {
    await expect(work()).rejects.toMatchObject({ code: "USAGE", message: expect.stringMatching(/of another kind/) });
  }
  expect(readFileSync(foreign, "utf8")).toBe(drawn);
});

test("labels of an axis do not overlap, over any range", () => {
  for (const most of [200, 2000, 64_000, 10_000_000]) {
    const svg = sweepFigure(
      [1, Math.sqrt(most), most].map((value) => ({
        ...{ axis: "items", value },
        ...{ milliseconds: value, processorMilliseconds: value },
      })),
    );
    const labels = [...svg.matchAll(/<text x="([\d.]+)" y="([\d.]+)" text-anchor="middle">([\d,]+)</g)];
    const ends = labels.map(
      ([, x, , text = ""]) => [Number(x) - 3 * text.length, Number(x) + 3 * text.length] as const,
    );
    expect(ends.length).toBeGreaterThan(2);
    for (const [i, [begin]] of ends.slice(1).entries()) expect(begin).toBeGreaterThan(ends[i]![1]);
  }
});
