import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Suite, suiteStateSchema } from "@kshot/contract/schemas";
import { readJsonFile } from "@kshot/store";
import { beforeAll, expect, it } from "vitest";
import { circumstances, temporaryFolder, tinyCampus, tinyConfig } from "../../test/tiny.js";
import { carryOutSuiteCell, finishSuite, planSuite, projectOfSuite, type SuiteOptions } from "./index.js";

const folder = temporaryFolder();
let dataDir = "";
beforeAll(async () => {
  ({ dataDir } = await tinyCampus(folder));
});

const { $schema: _, algorithms: __, ...tiny } = tinyConfig();
const suite = (more: Partial<Suite> = {}): Suite => ({
  ...{ format: "kshot.suite/1", seeds: [1], reference: "markov" },
  settings: { K: 2, Q: 3, workers: 1, gru_config: tiny.gru_config, gru_training: tiny.gru_training },
  runs: [{ name: "sources", algorithms: ["markov", "gru"], settings: {} }],
  ...more,
});
const asked = (name: string, of: Suite, more: Partial<SuiteOptions> = {}): SuiteOptions => ({
  ...{ suite: of, dataDir, project: join(folder, name), directory: join(folder, name), circumstances: circumstances() },
  ...more,
});

/** Plans a suite and carries its cells out in their order. */
async function done(name: string, of: Suite) {
  const options = asked(name, of);
  const { cells } = await planSuite(options);
  const outputs: string[] = [];
  for (const [index, { choice }] of cells.entries()) {
    const { directory, project } = options;
    const running = { circumstances: options.circumstances, progress: () => {} };
    outputs.push(await carryOutSuiteCell({ ...running, directory, project, index, choice }));
  }
  return { cells, outputs, choices: cells.map(({ choice }) => choice), directory: options.directory };
}

it("a suite is planned, carried out cell by cell and compared; the ceiling of a campus is added", async () => {
  const { cells, outputs, choices, directory } = await done("plain", suite());
  expect(cells).toEqual([{ name: "sources, seed 1", needs: [], choice: null }]);
  const outcome = await finishSuite({ directory, choices, page: (runs) => [`${runs.length} results`] });
  expect(outcome.comparison.windows[0]?.methods.map(({ algorithm }) => algorithm).sort()).toEqual([
    "gru",
    "ideal",
    "markov",
  ]);
  expect(readFileSync(outcome.reportPage!, "utf8")).toBe("3 results");
  expect(outcome.sweeps).toEqual([]);
  const state = await readJsonFile(join(directory, "suite.json"), suiteStateSchema);
  expect(state.runs.map((run) => run.done)).toEqual([true]);
  // The same again: nothing is trained, and the output is the same.
  expect((await done("plain", suite())).outputs).toEqual(outputs);
  // Another suite under this name.
  await expect(planSuite(asked("plain", suite({ seeds: [2] })))).rejects.toThrow(/another suite under this name/);
});

it("a sweep tries settings and evaluates the best of them alone", async () => {
  const swept = suite({
    sweep: { "gru_training.learning_rate": [0.0001, 0.03] },
    runs: [
      { name: "counts", algorithms: ["markov"], settings: {} },
      { name: "network", algorithms: ["gru"], settings: { gru_training: { patience: 3 } } },
    ],
  });
  const { cells, choices, directory } = await done("swept", swept);
  expect(cells.map(({ needs }) => needs.length)).toEqual([0, 0, 0, 2]);
  const { sweeps, comparison } = await finishSuite({ directory, choices });
  expect(sweeps).toHaveLength(1);
  expect(sweeps[0]).toMatch(/2 tries, chosen by the MRR on the validation people/);
  expect(comparison.windows[0]?.methods.length).toBeGreaterThan(1);
});

it("all checks run before the first write; a page of another program stays", async () => {
  const name = "refused";
  await expect(planSuite(asked(name, suite({ reference: "maml" })))).rejects.toMatchObject({ code: "USAGE" });
  await expect(planSuite(asked(name, suite(), { dataDir: join(folder, "none") }))).rejects.toMatchObject({
    code: "DATA",
  });
  expect(existsSync(join(folder, name))).toBe(false);
  writeFileSync(join(folder, "plain", "report.html"), "mine");
  await expect(planSuite(asked("plain", suite(), { page: true }))).rejects.toMatchObject({ code: "USAGE" });
});

it("a suite's folder in reports belongs to the project; any other is one itself", () => {
  writeFileSync(join(folder, "meta.json"), "{}");
  expect(projectOfSuite(join(folder, "reports", "x"))).toBe(folder);
  expect(projectOfSuite(join(folder, "elsewhere", "x"))).toBe(join(folder, "elsewhere", "x"));
});
