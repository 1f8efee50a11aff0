#!/usr/bin/env node
/**
 * Simulates how often intervals cover and how often tests err, and writes the tables of docs/intervals.md.
 *
 *   node tooling/intervals/write-tables.js [--simulations 2000] [--resamples 500] [--tests 400]
 *
 * Needs the built packages (`npm run setup`); some minutes. `src/intervals/` tests the tables and the bounds that come from them.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { coverageTable } from "./coverage.js";
import { multiplicityTable } from "./multiplicity.js";

const { values } = parseArgs({
  options: {
    simulations: { type: "string", default: "2000" },
    resamples: { type: "string", default: "500" },
    tests: { type: "string", default: "400" },
    page: { type: "string", default: new URL("../../docs/intervals.md", import.meta.url).pathname },
  },
});
const started = Date.now();
const onCell = (name, seeds, people) =>
  process.stderr.write(`${((Date.now() - started) / 1000).toFixed(0)} s: ${name}, ${seeds} seeds, ${people} people\n`);

const tables = {
  multiplicity: multiplicityTable({ simulations: Number(values.tests), permutations: 2000, seed: 7 }, onCell),
  ...coverageTable(
    { simulations: Number(values.simulations), resamples: Number(values.resamples), seed: 1000 },
    onCell,
  ),
};
let page = readFileSync(values.page, "utf8");
for (const [name, table] of Object.entries(tables)) {
  const [begin, end] = [`<!-- ${name}: written by tooling/intervals/write-tables.js -->`, `<!-- end of ${name} -->`];
  const [from, to] = [page.indexOf(begin), page.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`${values.page} has no place for ${name}`);
  page = `${page.slice(0, from + begin.length)}\n\n${table}\n\n${page.slice(to)}`;
}
writeFileSync(values.page, page);
