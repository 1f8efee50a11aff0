import { expect, it } from "vitest";
import { type PersonChange, peopleFigure } from "./people.js";

const crowd = (count: number): PersonChange[] =>
  Array.from({ length: count }, (_, p) => ({
    user: `person ${p}`,
    before: 0.5,
    after: 0.5 + Math.sin(p) / 4,
    historyLength: p,
    took: `course ${p}`,
    topBefore: "course a",
    topAfter: "course b",
    next: "course c (rank 4 → 1)",
  }));
const tips = (text: string) => [...text.matchAll(/data-tip="([^"]*)"/g)].map((match) => match[1]!);

it.each([
  [30, 366],
  [204, 366],
  [600, 720],
])("names each of %d people at %d pixels", (count, width) => {
  const found = tips(peopleFigure(crowd(count), { metric: "Acc@1", width }).svg);
  expect(found).toHaveLength(Math.min(count, width - 66));
  if (count <= width - 66) {
    expect(new Set(found.map((tip) => tip.split(",")[0])).size).toBe(count);
    expect(
      found.every((tip) =>
        /\nTook: course \d+\nTop before: course a\nTop after: course b\nThen took: course c/.test(tip),
      ),
    ).toBe(true);
  }
});

it("names all people if there are more people than pixels", () => {
  const found = tips(peopleFigure(crowd(1000), { metric: "Acc@1", width: 366 }).svg);
  expect(found).toHaveLength(300);
  const all = found.join(" ");
  for (let p = 0; p < 1000; p++) expect(all).toMatch(new RegExp(`person ${p}\\b`));
});

it("draws visible bars, each for several people", () => {
  const { svg } = peopleFigure(crowd(204), { metric: "Acc@1", width: 366 });
  const bars = [...svg.matchAll(/<rect [^>]*width="([\d.]+)"[^>]*fill="var\(--(?:good|bad|muted)\)"/g)];
  expect(bars.length).toBeLessThan(204);
  for (const [, width] of bars.slice(0, -1)) expect(Number(width)).toBeGreaterThanOrEqual(2);
  expect(svg).toContain("2 to a bar");
});

it("has history and top items in table and file", () => {
  const { table, csv } = peopleFigure(crowd(3), { metric: "Acc@1" });
  for (const { head, rows } of [table, csv]) {
    expect(head).toEqual(expect.arrayContaining(["took", "top before", "top after", "then took"]));
    expect(rows[0]![head.indexOf("top after")]).toBe("course b");
  }
  expect(csv.rows[0]![csv.head.indexOf("change")]).toBeCloseTo(Math.sin(0) / 4, 12);
});
