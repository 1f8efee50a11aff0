import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { resultsInPage } from "@kshot/report-viewer";
import { expect, it } from "vitest";
import { kshot, temporaryFolder, writeEvents } from "./kshot.js";

it("train ends with a page that holds the results, and report makes another of what it is given", async () => {
  const folder = temporaryFolder();
  writeEvents(join(folder, "events.csv"));
  const run = async (...args: string[]) => {
    const done = await kshot(args, folder);
    expect(done.status, done.stderr).toBe(0);
    return done.stdout;
  };
  await run("prepare", "--input", "events.csv", "--split", ".6,.2,.2", "--out", "data");
  const printed = await run("train", "--data", "data", "--algorithm", "popularity,markov");
  const page = /^Report\s+(\S+)/m.exec(printed)?.[1] ?? "";
  expect(existsSync(join(folder, page)), printed).toBe(true);
  const inside = (file: string) => resultsInPage(readFileSync(file, "utf8")) as { algorithm: string }[];
  expect(inside(join(folder, page)).map((result) => result.algorithm)).toEqual(["popularity", "markov"]);
  const reports = join("kshot-runs", "reports", "kshot");
  const results = join(reports, readdirSync(join(folder, reports))[0]!, "results", "markov_K5_Q10.json");
  expect(await run("report", results, "--out", "one.html")).toBe("one.html: 1 result\n");
  const [only] = inside(join(folder, "one.html"));
  // The file's hash of itself is checked when it is read, and does not belong to the results.
  const { volatile, ...rest } = JSON.parse(readFileSync(join(folder, results), "utf8"));
  const { sha256, ...own } = volatile;
  expect(sha256).toMatch(/^[0-9a-f]{64}$/);
  expect(only).toEqual({ ...rest, volatile: own });
  await run("report", results, "--anonymous", "--out", "without-names.html");
  const people = (JSON.parse(readFileSync(join(folder, results), "utf8")) as typeof rest).evaluations[0].people;
  const shown = readFileSync(join(folder, "without-names.html"), "utf8");
  expect(people.user.length).toBeGreaterThan(0);
  for (const name of people.user) expect(shown).not.toContain(JSON.stringify(name));
  // Figures for a paper: a picture and a table of each, and all values; the folder is replaced, another is not.
  expect(await run("report", results, "--figures", "figures")).toMatch(/^figures: \d+ files\n/);
  await run("report", results, "--figures", "figures", "--anonymous");
  const files = readdirSync(join(folder, "figures"));
  for (const name of [
    "all-values.csv",
    "comparison-3.3in.svg",
    "comparison-7in.svg",
    "comparison.tex",
    "comparison.csv",
  ])
    expect(files).toContain(name);
  if (files.includes("comparison-7in.pdf"))
    expect(
      readFileSync(join(folder, "figures", "comparison-7in.pdf"))
        .subarray(0, 5)
        .toString(),
    ).toBe("%PDF-");
  // A picture of the person's own in the folder stays.
  writeFileSync(join(folder, "figures", "own.svg"), "mine");
  const foreign = await kshot(["report", results, "--figures", "figures"], folder);
  expect([foreign.status, foreign.stderr]).toEqual([2, expect.stringMatching(/kshot did not write: own\.svg/)]);
  expect(readFileSync(join(folder, "figures", "own.svg"), "utf8")).toBe("mine");
  const same = await kshot(["report", results, "--figures", "x.html", "--out", "x.html"], folder);
  expect([same.status, same.stderr]).toEqual([
    2,
    expect.stringMatching(/--figures: x\.html, the path of --out as well/),
  ]);
  expect(existsSync(join(folder, "x.html"))).toBe(false);
  const refused = await kshot(["report", results, "--figures", "data"], folder);
  expect([refused.status, refused.stderr]).toEqual([2, expect.stringMatching(/kshot did not write/)]);
  expect((await kshot(["report", results], folder)).stderr).toMatch(/neither --out nor --figures/);
});
