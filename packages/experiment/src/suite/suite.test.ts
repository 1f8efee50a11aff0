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

it("successive halving: random draws, fewer of them with more epochs, and the best one counted on the page", async () => {
  const halved = suite({
    sweep: { "gru_training.learning_rate": { log: [0.0001, 0.1] } },
    draws: 4,
    halving: { setting: "gru_training.max_epochs", from: 1, factor: 2 },
    settings: { ...suite().settings, gru_training: { ...tiny.gru_training, max_epochs: 3 } },
    runs: [
      { name: "counts", algorithms: ["markov"], settings: {} },
      { name: "network", algorithms: ["gru"], settings: {} },
    ],
  });
  const { cells, choices, directory } = await done("halved", halved);
  // Four tries, the best two again, the best of these with all epochs, and the run that is compared.
  expect(cells.map(({ needs }) => needs.length)).toEqual([0, 0, 0, 0, 0, 4, 4, 2, 1]);
  const state = await readJsonFile(join(directory, "suite.json"), suiteStateSchema);
  const configs = state.runs.map(({ run_tag }) =>
    JSON.parse(readFileSync(join(directory, run_tag, "config.json"), "utf8")),
  );
  expect(configs.map(({ gru_training }) => gru_training.max_epochs)).toEqual([3, 1, 1, 1, 1, 2, 2, 3, 3]);
  expect(configs.map(({ evaluation_split }) => evaluation_split)).toEqual(["test", ...Array(7).fill("val"), "test"]);
  // The best by the MRR of the validation people, computed here from the results.
  const mrr = (i: number) => {
    const file = join(directory, state.runs[i]!.run_tag, "results", "gru_K2_Q3.json");
    const { evaluations } = JSON.parse(readFileSync(file, "utf8"));
    const few = evaluations.filter((e: { split: string; window: string }) => e.split === "val" && e.window === "first");
    return few[0].metrics.mrr.value as number;
  };
  const rates = configs.map(({ gru_training }) => gru_training.learning_rate as number);
  const best = (tries: readonly number[]) => [...tries].sort((a, b) => mrr(b) - mrr(a) || a - b);
  expect(new Set(rates.slice(1, 5)).size).toBe(4);
  for (const rate of rates.slice(1)) expect(rate >= 0.0001 && rate <= 0.1).toBe(true);
  expect(rates.slice(5, 7)).toEqual(
    best([1, 2, 3, 4])
      .slice(0, 2)
      .map((i) => rates[i]),
  );
  expect(rates.slice(7)).toEqual(Array(2).fill(rates[best([5, 6])[0]!]));
  const outcome = await finishSuite({ directory, choices, page: (runs) => runs.map(({ label }) => `${label}\n`) });
  expect(readFileSync(outcome.reportPage!, "utf8")).toContain("network (best of 4 tries)");
  expect(outcome.sweeps).toEqual([expect.stringMatching(/^network: 4 tries, chosen by the MRR/)]);
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
