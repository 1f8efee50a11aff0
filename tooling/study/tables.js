#!/usr/bin/env node
/**
 * Every method's MRR by window from a finished suite, with each seed's figure, and paired differences, as Markdown.
 *
 *   node tooling/study/tables.js kshot-runs/reports/NAME [--reference gru] [--metric mrr] [--methods hybrid,mixture]
 *
 * Differences are to the plain GRU (or `--reference`), and of `hybrid` to each of the others. `page.js` writes all tables of
 * docs/study.md.
 */
import { parseArgs } from "node:util";
import { methodTables } from "./comparisons.js";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    reference: { type: "string", default: "gru" },
    metric: { type: "string", default: "mrr" },
    methods: { type: "string" },
  },
});
if (positionals.length === 0) throw new Error("The folder of a suite's runs is missing.");
const { methods, ...options } = values;
for (const { window, people, queries, table } of methodTables(positionals, {
  ...options,
  methods: methods?.split(","),
})) {
  console.log(`\nWindow \`${window}\`: ${people} people, ${queries} queries\n\n${table}`);
}
