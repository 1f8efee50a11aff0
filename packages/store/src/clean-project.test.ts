import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { dirname } from "node:path";
import { expect, it } from "vitest";
import { names, scratchFolder } from "../test/scratch.js";
import { cleanProject, openProject, removeAbandoned } from "./index.js";
import { thisProcess } from "./process-identity.js";

const scratch = scratchFolder();
const { machine, pid, started } = thisProcess();
/** Temporary names of a file, by the state of the process that made them. */
const dead = (file: string) => `.${file}.tmp-${machine}-${pid}-1-00000000`;
const living = (file: string) => `.${file}.tmp-${machine}-${pid}-${started}-00000000`;
const elsewhere = (file: string) => `.${file}.tmp-00000000-1-7-00000000`;

function write(...path: string[]): void {
  mkdirSync(dirname(scratch.at(...path)), { recursive: true });
  writeFileSync(scratch.at(...path), "{");
}

const lockOf = (start: string) =>
  `${pid} ${hostname()}\n${JSON.stringify({ machine, started: start, id: "0123456789abcdef" })}\n`;

const entry = (tag: string) => ({
  ...{ run_id: tag, notebook: "demo", run_tag: tag, out_dir: `reports/demo/${tag}` },
  created_at: "2026-01-10T00:03:35",
});

it("removes the lock of an ended process, and what it left in the folder of a run that it began", async () => {
  writeFileSync(scratch.at("meta.json"), JSON.stringify({ runs: [entry("listed"), entry("whole")] }));
  writeFileSync(scratch.at("meta.json.lock"), lockOf("1"));
  write("reports", "demo", "killed", dead("config.json"));
  write("reports", "demo", "listed", dead("config.json"));
  write("reports", "demo", "begins", living("config.json"));
  write("reports", "demo", "begins", dead("config.json"));
  write("reports", "demo", "far", elsewhere("config.json"));
  write("reports", "demo", "whole", "config.json");
  // A run that is carried out may be one of another process, which removes its files itself.
  write("reports", "demo", "whole", dead("report.json"));
  mkdirSync(scratch.at("reports", "demo", "empty"));
  write("reports", "demo", "foreign", ".notes");
  await openProject(scratch.path);
  expect(names(scratch.path)).toEqual(["meta.json", "reports"]);
  expect(names(scratch.at("reports", "demo"))).toEqual(["begins", "empty", "far", "foreign", "listed", "whole"]);
  expect(names(scratch.at("reports", "demo", "listed"))).toEqual([]);
  expect(names(scratch.at("reports", "demo", "begins"))).toEqual([living("config.json")]);
  expect(names(scratch.at("reports", "demo", "far"))).toEqual([elsewhere("config.json")]);
  expect(names(scratch.at("reports", "demo", "foreign"))).toEqual([".notes"]);
  expect(names(scratch.at("reports", "demo", "whole"))).toHaveLength(2);
});

it.each([
  ["a living process", lockOf(started)],
  ["another machine", '7 elsewhere\n{"machine":"00000000","started":"7","id":"0"}\n'],
  ["nobody", ""],
])("keeps the lock of %s", async (_, text) => {
  writeFileSync(scratch.at("meta.json.lock"), text);
  await cleanProject(scratch.path, []);
  expect(names(scratch.path)).toEqual(["meta.json.lock"]);
});

it("does not look into folders of runs outside the project", async () => {
  write("outside", dead("config.json"));
  mkdirSync(scratch.at("project"));
  await cleanProject(scratch.at("project"), [{ ...entry("x"), out_dir: "../outside" }]);
  expect(names(scratch.at("outside"))).toEqual([dead("config.json")]);
});

it("removes the temporary files of ended processes at any depth, and nothing else", async () => {
  for (const name of [dead("part-0.parquet"), living("part-0.parquet"), "part-0.parquet", ".part.tmp-1-1"])
    write("recs", "shard=1", name);
  write("recs", dead("folder"), "inside");
  expect(await removeAbandoned(scratch.path)).toBe(2);
  expect(names(scratch.at("recs"))).toEqual(["shard=1"]);
  expect(names(scratch.at("recs", "shard=1"))).toEqual(
    [living("part-0.parquet"), ".part.tmp-1-1", "part-0.parquet"].sort(),
  );
  expect(await removeAbandoned(scratch.at("none"))).toBe(0);
});

it.each([
  ["a run", "reports/demo/tag"],
  ["a name", "reports/demo"],
])("does not look through the link of %s", async (_, link) => {
  write("project", "reports", "other", "tag", "config.json");
  write("outside", "tag", dead("config.json"));
  mkdirSync(dirname(scratch.at("project", link)), { recursive: true });
  symlinkSync(scratch.at("outside", link.endsWith("tag") ? "tag" : ""), scratch.at("project", link));
  await cleanProject(scratch.at("project"), []);
  expect(names(scratch.at("outside", "tag"))).toEqual([dead("config.json")]);
});
