import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { ComparableResults, NamedResults } from "@kshot/comparison";
import { methodsOf } from "@kshot/comparison";
import { describe, expect, it } from "vitest";
import { paperColours } from "../figures/colours.js";
import { exampleFigures } from "../figures/examples.js";
import { exampleResults } from "../open/example.js";
import { allValues } from "./all-values.js";
import { figuresForPaper } from "./collect-figures.js";
import { paperSvg } from "./paper-svg.js";
import { latexTable, markdownTable } from "./text-tables.js";

const files = exampleResults().map(
  (results, i): NamedResults => ({ name: `${i}`, results: results as ComparableResults }),
);

it("paper has the colours of the style sheet", () => {
  const css = readFileSync(fileURLToPath(new URL("../styles.css", import.meta.url)), "utf8");
  const [, block = ""] = /\.paper \{(.*?)\}/s.exec(css) ?? [];
  expect(
    Object.fromEntries([...block.matchAll(/(--[\w-]+): (#\w+);/g)].map(([, name, value]) => [name, value])),
  ).toEqual(paperColours);
});

describe("a figure for a paper", () => {
  it("has its width in inches, its caption inside, and nothing of the page", () => {
    const { svg } = exampleFigures.comparison!(317);
    const paper = paperSvg(svg, {
      inches: 3.3,
      caption: "A <b> & a long caption that needs more than one line of this width.",
    });
    expect(paper).toMatch(/ width="3\.3in" height="[\d.]+in"/);
    expect(paper).not.toMatch(/var\(--|data-tip|class="column"/);
    expect(paper).toContain("A &lt;b&gt; &amp; a long");
    expect(paper.match(/font-size="10"/g)!.length).toBeGreaterThan(1);
    const [, , whole = 0] = /viewBox="0 0 (\d+) (\d+)"/.exec(paper)!;
    for (const [, y] of paper.matchAll(/<text x="8" y="(\d+)" font-size="10"/g))
      expect(Number(y)).toBeLessThan(Number(whole));
  });

  it("exists for every figure of the page, at both widths, with tables and values, without a browser", () => {
    const { figures, values } = figuresForPaper(files, { version: "9.9.9" });
    const names = figures.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    for (const name of [
      "gains",
      "comparison",
      "differences",
      "for-whom",
      "clicks",
      "rates",
      "heat-map",
      "validation",
      "people",
    ])
      expect(names).toContain(name);
    for (const { name, svg, csv } of figures) {
      for (const inches of [3.3, 7] as const) {
        expect(svg[inches], name).toContain(`width="${inches}in"`);
        expect(svg[inches], name).not.toMatch(/NaN|undefined|var\(--/);
        expect(svg[inches].replaceAll(/<\/text><text[^>]*>/g, " "), name).toMatch(
          /n = 120 test people, first window, K = 5, Q = 10; data e{12}; kshot 9\.9\.9\./,
        );
      }
      expect(csv.split("\r\n").length, name).toBeGreaterThan(1);
    }
    expect(values.split("\r\n")).toHaveLength(1 + allValues(methodsOf(files)).rows.length);
  });
});

it("tables for LaTeX and Markdown escape what would be commands", () => {
  const table = { head: ["method", "50 %"], rows: [["a_b & {c} | d", "−0.5"]] };
  const tex = latexTable(table, "100 % of α");
  expect(tex).toContain("  a\\_b \\& \\{c\\} | d & $-$0.5 \\\\");
  expect(tex).toContain("\\caption{100 \\% of $\\alpha$}");
  expect(markdownTable(table, "x").split("\n").slice(0, 3)).toEqual([
    "| method | 50 % |",
    "| --- | --: |",
    "| a_b & {c} \\| d | −0.5 |",
  ]);
});

it("every value of every evaluation is in one table, unrounded, one value a cell", () => {
  const { head, rows } = allValues(methodsOf(files));
  const evaluations = files.flatMap(({ results }) => results.evaluations);
  expect(rows).toHaveLength(5 * evaluations.length);
  expect(rows.every((row) => row.length === head.length)).toBe(true);
  const [own] = files[1]!.results.evaluations;
  const found = rows.find((row) => row[1] === "meta-sgd" && row[10] === "mrr")!;
  expect(found.slice(11)).toEqual([own!.metrics.mrr.value, own!.metrics.mrr.low, own!.metrics.mrr.high]);
});
