import { readFileSync } from "node:fs";
import { safeInterval } from "@kshot/metrics";
import { describe, expect, it } from "vitest";
import { cellOf, coverageOf, peopleOfTable, rowsOfTable } from "../intervals/coverage.js";

const page = readFileSync(new URL("../../docs/intervals.md", import.meta.url), "utf8");

/** The cells of a table of docs/intervals.md, without its heading. */
function tableOf(name: string): string[][] {
  const [, table = ""] =
    new RegExp(`<!-- ${name}: [^>]*-->\\n\\n([\\s\\S]*?)\\n\\n<!-- end of ${name} -->`).exec(page) ?? [];
  const rows = table.split("\n").slice(2);
  return rows.map((row) =>
    row
      .split("|")
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
}

/** Three standard errors of a share of 95 % in 2,000 draws, in percent. */
const error = 3 * 100 * Math.sqrt((0.95 * 0.05) / 2000);

describe("the bounds of safe intervals are those of the coverage table", () => {
  const rows = tableOf("coverage");
  const cells = rows.flatMap(([population, seeds, , ...own]) =>
    own.map((text, i) => ({
      name: `${population}, ${seeds} seeds, ${peopleOfTable[i]} people`,
      text,
      people: peopleOfTable[i]!,
    })),
  );

  it("the table has every population, number of seeds and people", () => {
    expect(rows).toHaveLength(rowsOfTable.length);
    expect(rows.every((row) => row.length === 3 + peopleOfTable.length)).toBe(true);
  });

  it.each(cells.filter(({ text }) => !text.startsWith("(")))("$name: 93 to 97 % without a warning", ({ text }) => {
    const covered = Number.parseFloat(text);
    expect(covered).toBeGreaterThan(93 - error);
    expect(covered).toBeLessThan(97 + error);
  });

  it("fewer people than the bound are always warned of, and all are where few differ", () => {
    for (const { text, people } of cells)
      expect(text.startsWith("(")).toBe(
        people < safeInterval.people || (text.includes("warned") && text.startsWith("(")),
      );
    expect(cells.filter(({ text }) => text.startsWith("(")).length).toBeGreaterThan(rowsOfTable.length);
  });
});

it("one cell of the table, simulated again", () => {
  const row = rowsOfTable.findIndex(
    ({ population, seeds, trainingShare }) => population.name.startsWith("skewed") && seeds === 3 && trainingShare > 0,
  );
  const text = tableOf("coverage")[row]?.[4] ?? "";
  const found = coverageOf({ ...rowsOfTable[row]!, people: 43 }, { simulations: 600, resamples: 300, seed: 5 });
  // Both are simulations; that of 600 has an error of .9 percent.
  expect(Math.abs(Number.parseFloat(cellOf(found)) - Number.parseFloat(text))).toBeLessThan(3.5);
});

it("Holm over everything that is shown errs in at most one of twenty, and no correction far more often", () => {
  const rows = tableOf("multiplicity").map((row) => row.map((cell) => Number.parseFloat(cell)));
  expect(rows.length).toBeGreaterThan(2);
  for (const [, , none = 0, , family = 100] of rows) {
    expect(none).toBeGreaterThan(20);
    expect(family).toBeLessThan(5 + 300 * Math.sqrt((0.05 * 0.95) / 400));
  }
});
