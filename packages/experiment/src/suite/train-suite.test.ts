import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { reportSchema, resultsSchema, type Suite, type SuiteState, suiteStateSchema } from "@kshot/contract/schemas";
import { readJsonFile } from "@kshot/store";
import { beforeAll, expect, it } from "vitest";
import { circumstances, recorded, temporaryFolder, tinyCampus, tinyConfig } from "../../test/tiny.js";
import { decidingConfig } from "../config/index.js";
import { type SuiteOptions, trainSuite } from "./train-suite.js";

const folder = temporaryFolder();
const project = join(folder, "project");
let dataDir = "";
beforeAll(async () => {
  ({ dataDir } = await tinyCampus(folder));
});

const { algorithms: _, seed: __, ...settings } = decidingConfig(tinyConfig());
const suite: Suite = {
  ...{
    format: "kshot.suite/1",
    seeds: [1, 2],
    reference: "gru",
    settings: { ...settings, metrics: ["recall@3", "coverage@2"] },
  },
  runs: [
    { name: "sources", algorithms: ["markov", "gru"], settings: {} },
    { name: "learners", algorithms: ["maml"], settings: { metasgd_config: { warm_start: "gru" } } },
  ],
};

const carryOut = (name: string, more: Partial<SuiteOptions> = {}) =>
  trainSuite({
    ...{ suite, dataDir, project, name, circumstances: circumstances(), progress: () => {} },
    flags: { workers: 1 },
    ...more,
  });

const stateOf = (name: string): Promise<SuiteState> =>
  readJsonFile(join(project, "reports", name, "suite.json"), suiteStateSchema);

it("carries out every run with every seed, compares them, and adds the ceiling on a campus", async () => {
  const outcome = await carryOut("whole", { page: (results) => [`${results.length} results`] });
  const { runs, total } = await stateOf("whole");
  expect(runs.map(({ name, seed, done }) => `${name} ${seed} ${done}`)).toEqual([
    ...["sources 1 true", "learners 1 true", "sources 2 true", "learners 2 true"],
  ]);
  expect(total).toBe(4);
  expect(outcome.comparison.windows[0]?.methods.map(({ algorithm, seeds }) => [algorithm, seeds])).toEqual([
    ["gru", [1, 2]],
    ["ideal", [1, 2]],
    ["markov", [1, 2]],
    ["maml", [1, 2]],
  ]);
  expect(outcome.table).toMatch(/MAML/);
  expect(outcome.table).toMatch(/^Method +recall@3 +coverage@2$[\s\S]*^MAML \(learners\), seed 2 +\d/m);
  const learners = join(outcome.directory, runs[1]?.run_tag ?? "");
  const { metrics } = await readJsonFile(join(learners, "report.json"), reportSchema);
  const { evaluations } = await readJsonFile(join(learners, "results", "maml_K2_Q3.json"), resultsSchema);
  const [, , zero, few] = evaluations.filter(({ steps }) => steps === 0 || steps === 2);
  expect(zero?.window).toBe("last");
  expect(metrics.maml_zero_shot_recall3).toBe(zero?.moreMetrics?.["recall@3"]?.value);
  expect(metrics.maml_few_shot_K2_coverage2).toBe(few?.moreMetrics?.["coverage@2"]?.value);
  expect(metrics.maml_few_shot_K2_coverage2).toBeGreaterThan(0);
  expect(readFileSync(outcome.reportPage ?? "", "utf8")).toBe("8 results");
  expect(outcome.resultFiles).toHaveLength(8);

  // Learners start from the network of the same seed of the run before.
  const config = JSON.parse(readFileSync(join(outcome.directory, runs[3]?.run_tag ?? "", "config.json"), "utf8"));
  expect(config.files.warm_start).toBe(`../${runs[2]?.run_tag}/models/gru/gru_gru_K2.safetensors`);

  // Asked for again, nothing is trained.
  const { events, progress } = recorded();
  const again = await carryOut("whole", { progress });
  expect(again.comparison).toEqual(outcome.comparison);
  expect(events.map((event) => event.type)).toEqual(["note", "note", "note", "note"]);

  await expect(carryOut("whole", { flags: { metasgd_config: { outer_lr: 0.5 } } })).rejects.toThrow(
    /another suite under this name: flags\.metasgd_config\.outer_lr: not given, now 0\.5/,
  );
  await expect(carryOut("whole", { suite: { ...suite, seeds: [1, 3] } })).rejects.toThrow(
    /suite\.seeds: \[1,2\], now \[1,3\]/,
  );
});

it("goes on where it was stopped", async () => {
  const stop = new AbortController();
  const stopped = carryOut("stopped", {
    signal: stop.signal,
    resumeCommand: (name) => `kshot train --name ${name}`,
    progress: (event) => {
      if (event.type === "step" && /learners, seed 1 · MAML/.test(event.stage)) stop.abort();
    },
  });
  await expect(stopped).rejects.toThrow(/kshot train --name stopped\n/);
  expect((await stateOf("stopped")).runs.map(({ done }) => done)).toEqual([true, false]);
  const { events, progress } = recorded();
  const ended = await carryOut("stopped", { progress });
  expect(events).toContainEqual({ type: "note", text: "[1/4] sources, seed 1 is finished already." });
  expect(events).toContainEqual({ type: "note", text: "[2/4] learners, seed 1: MAML goes on from iteration 1." });
  const whole = await carryOut("whole");
  expect(ended.comparison).toEqual(whole.comparison);
});

it("a run whose folder was never written is started anew", async () => {
  const state = await stateOf("whole");
  const file = join(project, "reports", "whole", "suite.json");
  const lost = { ...state.runs[3]!, run_tag: "20200101_000000", done: false };
  writeFileSync(file, JSON.stringify({ ...state, runs: [...state.runs.slice(0, 3), lost] }));
  await carryOut("whole");
  const { runs } = await stateOf("whole");
  expect(runs).toHaveLength(4);
  expect(runs.at(-1)).toMatchObject({ name: "learners", seed: 2, done: true });
  expect(existsSync(join(project, "reports", "whole", runs.at(-1)?.run_tag ?? "", "report.json"))).toBe(true);
});

it("refuses before anything is written: other data under the name, a file that is not there", async () => {
  const file = join(project, "reports", "whole", "suite.json");
  const text = readFileSync(file, "utf8");
  writeFileSync(file, text.replace(/"dataFingerprint": ?"[0-9a-f]{64}"/, `"dataFingerprint":"${"0".repeat(64)}"`));
  await expect(carryOut("whole")).rejects.toThrow(/a suite on the data 000000000000….*the fingerprint of --data/);
  writeFileSync(file, text);
  const missing = {
    ...suite,
    runs: [
      {
        name: "a",
        algorithms: ["gru" as const, "maml" as const],
        settings: { metasgd_config: { warm_start: "none.safetensors" } },
      },
    ],
  };
  await expect(carryOut("refused", { suite: missing })).rejects.toThrow(/none\.safetensors/);
  expect(existsSync(join(project, "reports", "refused"))).toBe(false);
});
