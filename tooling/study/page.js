#!/usr/bin/env node
/**
 * Writes the tables of docs/study.md from the runs of its commands, or checks them.
 *
 *   node tooling/study/page.js [--in DIR] [--check] [--page docs/study.md]
 *
 * DIR is the folder in which the page's commands were run: it has the data folders, `kshot-runs` and the `.json` files. A table of the page
 * follows a comment `<!-- table: KIND WORDS -->`. With `--check` nothing is written: each table whose cells differ is shown, and the exit code
 * is 1. A table whose runs are missing is left as it is, and counted.
 */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { gainsTable, methodTables, splitsTable, supportsBySeed, supportsTable } from "./comparisons.js";
import { figure, interval, signed, table } from "./markdown.js";

const { values } = parseArgs({
  options: {
    in: { type: "string", default: "." },
    check: { type: "boolean", default: false },
    page: { type: "string", default: fileURLToPath(new URL("../../docs/study.md", import.meta.url)) },
  },
});
const reports = (name) => join(values.in, "kshot-runs", "reports", name);
const ensembleFile = (name) => join(values.in, `ensemble-${name}.json`);
const countsFile = (name) => join(values.in, `counts-${name}.json`);
const networks = ["mixture", "gru-finetuned", "gru-context", "meta-sgd", "hybrid", "ideal"];
const titles = {
  null: "null campus",
  campus: "campus",
  cut30: "MOOC, 30-minute sessions",
  whole: "MOOC, whole histories",
  time30: "temporal split",
  people30: "people split",
};

/** The tables by kind: what they read, and how they are made. */
const kinds = {
  methods: {
    reads: ([name]) => [reports(name)],
    make: ([name, window]) => methodTables([reports(name)]).find((own) => own.window === window).table,
  },
  gains: {
    reads: (names) => names.map(reports),
    make: (names) => gainsTable(names.map((name) => ({ title: titles[name], reports: [reports(name)] }))),
  },
  splits: {
    reads: ([, ...names]) => names.map(reports),
    make: ([window, ...names]) =>
      splitsTable(
        window,
        names.map((name) => ({ title: titles[name], reports: [reports(name)] })),
      ),
  },
  supports: {
    reads: ([name, last]) => upTo(last).map((k) => reports(`${name}${k}`)),
    make: ([name, last]) => supportsTable(values.in, name, upTo(last), networks),
  },
  "supports-by-seed": {
    reads: ([name, last]) => upTo(last).map((k) => reports(`${name}${k}`)),
    make: ([name, last]) => supportsBySeed(values.in, name, upTo(last), ["gru", ...networks]),
  },
  ensembles: {
    reads: (names) => names.map(ensembleFile),
    make: (names) =>
      table(
        ["data", "networks", "first", "by seed", "last", "by seed"],
        names.map((name) => {
          const own = JSON.parse(readFileSync(ensembleFile(name), "utf8"));
          const { first, last } = own.windows;
          const cells = [first, last].flatMap(({ difference, bySeed }) => [
            interval(difference),
            bySeed.map((value) => signed(value)).join(" "),
          ]);
          return [titles[name], `${own.networks}`, ...cells];
        }),
      ),
  },
  "held-out": {
    reads: (names) => names.map(countsFile),
    make: (names) =>
      countsTable(
        names,
        (title) => [title],
        ({ heldOut }) => [`${figure(heldOut.loss)}, ${figure(heldOut.mrr)}`],
      ),
  },
  "on-counts": {
    reads: (names) => names.map(countsFile),
    make: (names) =>
      countsTable(
        names,
        (title) => [`${title}, first`, `${title}, last`],
        // The stack without a network is not evaluated on test people.
        ({ windows }) =>
          Object.values(windows ?? {}).map(({ mrr, difference }) =>
            difference ? `${figure(mrr, 4)}, ${interval(difference, 4)}` : figure(mrr, 4),
          ),
      ),
  },
};

const page = readFileSync(values.page, "utf8");
const marker = /^<!-- table: (.+) -->\n\n((?:\|.*\n)+)/gm;
const counted = { same: 0, different: 0, missing: 0 };
const written = page.replaceAll(marker, (whole, words, before) => {
  const [kind, ...args] = words.split(" ");
  const { reads, make } = kinds[kind];
  const missing = reads(args).find((path) => !existsSync(path));
  if (missing !== undefined) {
    counted.missing++;
    console.log(`${words}: left as it is, no ${missing}`);
    return whole;
  }
  const after = `${make(args)}\n`;
  const changed = differing(before, after);
  counted[changed.length === 0 ? "same" : "different"]++;
  console.log(`${words}: ${changed.length === 0 ? "the same" : `${changed.length} rows differ`}`);
  for (const [from, to] of changed) console.log(`  page ${from ?? "nothing"}\n  runs ${to ?? "nothing"}`);
  return changed.length === 0 ? whole : `<!-- table: ${words} -->\n\n${after}`;
});
console.log(`${counted.same} tables are the same, ${counted.different} differ, ${counted.missing} have no runs.`);
if (!values.check) writeFileSync(values.page, written);
else if (counted.different > 0) process.exitCode = 1;

/** Rows of two tables that differ in their words, in pairs. */
function differing(before, after) {
  const rows = (text) =>
    text
      .trim()
      .split("\n")
      .filter((row) => !/^[|\s:-]+$/.test(row))
      .map((row) => row.replace(/\s+/g, " "));
  const [a, b] = [rows(before), rows(after)];
  return Array.from({ length: Math.max(a.length, b.length) }, (_, i) => [a[i], b[i]]).filter(
    ([from, to]) => from !== to,
  );
}

/** Networks of a stack by rows, some columns for each data, from the files of `on-counts.js`, which have the same stacks. Stacks without cells are left out. */
function countsTable(names, columnsOf, cellsOf) {
  const all = names.map((name) => JSON.parse(readFileSync(countsFile(name), "utf8")).stacks);
  const rows = all[0].map(({ title }, i) => [title, ...all.flatMap((stacks) => cellsOf(stacks[i]))]);
  return table(
    ["network of the stack", ...names.flatMap((name) => columnsOf(titles[name]))],
    rows.filter((row) => row.length > 1),
  );
}

function upTo(last) {
  return Array.from({ length: Number(last) }, (_, i) => i + 1);
}
