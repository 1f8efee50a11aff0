#!/usr/bin/env node
/**
 * Runs each package's own tests with coverage and prints one table: statements, branches and lines.
 *
 *   node tooling/coverage.js                       every package
 *   node tooling/coverage.js metrics experiment    these packages
 *
 * Packages must be built. A package's details are left in its `coverage/coverage-final.json`. The exit code is 1 when a test fails.
 */
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../", import.meta.url));
const measures = ["statements", "branches", "lines"];
const folders = ["packages", "apps"].flatMap((group) =>
  readdirSync(join(root, group))
    .filter((folder) => existsSync(join(root, group, folder, "vitest.config.ts")))
    .map((folder) => ({ folder, path: join(root, group, folder) })),
);

const wanted = process.argv.slice(2).filter((word) => word !== "--");
const unknown = wanted.filter((word) => !folders.some(({ folder }) => folder === word));
if (unknown.length > 0) {
  console.error(
    `tooling/coverage.js: found ${unknown.join(", ")}. Expected ${folders.map(({ folder }) => folder).join(", ")}.`,
  );
  process.exit(2);
}

const vitest = join(root, "node_modules", "vitest", "vitest.mjs");
const rows = [];
for (const { folder, path } of folders.filter(({ folder }) => wanted.length === 0 || wanted.includes(folder))) {
  const file = join(path, "coverage", "coverage-summary.json");
  rmSync(file, { force: true });
  const { status, signal } = spawnSync(process.execPath, [vitest, "run", "--coverage", "--coverage.reportOnFailure"], {
    cwd: path,
    stdio: "inherit",
  });
  if (signal !== null) process.exit(130);
  const { total } = existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : {};
  rows.push({ folder, failed: status !== 0, total });
}

console.log(
  `\n| package         | statements | branches |   lines |\n| --------------- | ---------: | -------: | ------: |`,
);
for (const { folder, failed, total } of rows) {
  const cells = measures.map((measure) =>
    percent(total?.[measure]).padStart(measure.length === 5 ? 7 : measure.length),
  );
  console.log(`| ${folder.padEnd(15)} | ${cells.join(" | ")} |${failed ? " a test failed" : ""}`);
}
process.exitCode = rows.some(({ failed }) => failed) ? 1 : 0;

/** A share with one decimal, rounded down, so that 85.0 means at least 85. */
function percent(counted) {
  if (counted === undefined) return "none";
  return `${(Math.floor((1000 * counted.covered) / Math.max(counted.total, 1)) / 10).toFixed(1)} %`;
}
