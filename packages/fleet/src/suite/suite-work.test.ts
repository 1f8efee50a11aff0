import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { type Plan, planSchema, type Suite, suiteStateSchema } from "@kshot/contract/schemas";
import type { ProgressEvent } from "@kshot/experiment";
import { readJsonFile } from "@kshot/store";
import { beforeAll, describe, expect, it } from "vitest";
import { circumstances, temporaryFolder, tinyData, tinySuite } from "../../test/tiny-suite.js";
import { readDone, readFailures } from "../plan/cell-files.js";
import { readPlan } from "../plan/plan-file.js";
import { requireKind } from "../plan/require-kind.js";
import { finishPopulation } from "../population/finish-population.js";
import { folderQueue } from "../queues/folder-queue.js";
import { planStatus } from "../status.js";
import { type WorkOptions, work } from "../work.js";
import { finishSuiteWork } from "./finish-suite-work.js";
import { planSuiteWork } from "./plan-suite-work.js";

const folder = temporaryFolder();
const version = "1.2.3";
let dataDir = "";
beforeAll(async () => {
  dataDir = await tinyData(folder);
});

const at = (name: string) => join(folder, name);
const planned = (name: string, suite: Suite = tinySuite(), more = {}): Promise<Plan> =>
  planSuiteWork({ suite, dataDir, project: at(name), directory: at(name), version, circumstances, ...more });

async function worked(name: string, more: Partial<WorkOptions> = {}) {
  const plan = await readPlan(at(name), version);
  const queue = folderQueue(at(name), plan.lease);
  return work({
    ...{ directory: at(name), plan, queue, atOnce: 1, threads: 1, command: "a test", resume: "kshot resume" },
    ...{ progress: () => {}, signal: new AbortController().signal, ...more },
  });
}

const outputs = async (name: string, cells: number) =>
  Promise.all(Array.from({ length: cells }, async (_, cell) => (await readDone(at(name), cell)).output));

/** A process that is killed in the middle of a write. */
async function killedInWrite(file: string): Promise<void> {
  const layer = new URL("../../../../tooling/soak/fault-layer.js", import.meta.url);
  const program = `import { writeFileAtomic } from "@kshot/store"; await writeFileAtomic(${JSON.stringify(file)}, "content");`;
  const child = spawn(process.execPath, [`--import=${layer}`, "--input-type=module", "-e", program], {
    env: { ...process.env, KSHOT_FAULT: `kill:2:${basename(file)}` },
    stdio: "ignore",
  });
  expect(await once(child, "close")).toEqual([null, "SIGKILL"]);
}

it("a suite is planned, computed and finished; the ceiling is added for a campus; a second time computes nothing", async () => {
  const plan = await planned("whole");
  expect(plan.cells).toEqual([
    { name: "sources, seed 1", needs: [] },
    { name: "learners, seed 1", needs: [0] },
    { name: "sources, seed 2", needs: [] },
    { name: "learners, seed 2", needs: [2] },
  ]);
  // The build of the engine is fixed: the tests run on the build without multiply-add instructions.
  const state = await readJsonFile(join(at("whole"), "suite.json"), suiteStateSchema);
  const config = JSON.parse(readFileSync(join(at("whole"), state.runs[1]!.run_tag, "config.json"), "utf8"));
  expect(config.build).toMatch(/simd$/);
  expect(config.files.warm_start).toBe(`../${state.runs[0]!.run_tag}/models/gru/gru_gru_K2.safetensors`);
  expect(await planStatus(at("whole"), plan)).toMatchObject({ cells: 4, waiting: 4, working: 0, done: 0, failed: 0 });

  await expect(finishSuiteWork({ directory: at("whole"), plan })).rejects.toThrow(/4 of 4 cells are not done/);
  expect(await worked("whole", { atOnce: 2 })).toEqual({ done: 4, failed: [] });
  expect(await planStatus(at("whole"), plan)).toMatchObject({ done: 4, secondsLeft: 0 });
  // A worker that was killed between the end of a cell and that of its lease.
  writeFileSync(join(at("whole"), "cells", "0001", "lease.3"), "token 999999999 1 elsewhere\n");
  writeFileSync(join(at("whole"), "cells", "0001", ".clock-0"), "now");
  // The process of a cell that was killed a moment after its successor began.
  await killedInWrite(join(at("whole"), "models", "part-0"));
  expect(readdirSync(join(at("whole"), "models"))).toEqual([expect.stringMatching(/^\.part-0\.tmp-/)]);
  const outcome = await finishSuiteWork({ directory: at("whole"), plan, page: (runs) => [`${runs.length} results`] });
  expect(readFileSync(outcome.reportPage ?? "", "utf8")).toBe("8 results");
  expect(readdirSync(join(at("whole"), "cells", "0001"))).toEqual(["done.json"]);
  expect(readdirSync(join(at("whole"), "models"))).toEqual([]);
  const [window] = outcome.comparison.windows;
  expect(window?.methods.map(({ algorithm, seeds }) => [algorithm, seeds])).toEqual(
    ["gru", "ideal", "markov", "maml"].map((algorithm) => [algorithm, [1, 2]]),
  );
  const after = await readJsonFile(join(at("whole"), "suite.json"), suiteStateSchema);
  expect(after.runs.map(({ done }) => done)).toEqual([true, true, true, true]);

  expect(await planned("whole")).toEqual(plan);
  const events: ProgressEvent[] = [];
  expect(await worked("whole", { progress: (event) => events.push(event) })).toEqual({ done: 0, failed: [] });
  expect(events.map((event) => event.type)).toEqual(["note", "note", "note", "note"]);

  // A cell whose done.json is lost is computed again, with the same output; another output is refused.
  const before = await outputs("whole", 4);
  const done = join(at("whole"), "cells", "0001", "done.json");
  rmSync(done);
  expect(await worked("whole")).toEqual({ done: 1, failed: [] });
  expect(await outputs("whole", 4)).toEqual(before);
});

it("a stopped cell is returned with a checkpoint and continues to the same output", async () => {
  const suite = tinySuite({ seeds: [1] });
  const long = { ...suite, settings: { ...suite.settings, workers: 1 } };
  await planned("straight", long);
  await planned("stopped", long);
  await worked("straight");
  const stop = new AbortController();
  const progress = (event: ProgressEvent) => {
    if (event.type === "step" && /learners, seed 1 · MAML/.test(event.stage)) stop.abort();
  };
  await expect(worked("stopped", { signal: stop.signal, progress })).rejects.toThrow(
    /returned to the queue\. To continue:\n\n {4}kshot resume/,
  );
  expect(existsSync(join(at("stopped"), "cells", "0001", "lease.1"))).toBe(false);
  const events: ProgressEvent[] = [];
  await worked("stopped", { progress: (event) => events.push(event) });
  expect(events.map((event) => (event.type === "note" ? event.text : ""))).toContainEqual(
    expect.stringMatching(/MAML continues from iteration [1-6]\./),
  );
  expect(await outputs("stopped", 2)).toEqual(await outputs("straight", 2));
});

it("a cell that always fails is tried three times and reported; the others continue, and cells that depend on it are reported too", async () => {
  const suite = tinySuite({
    seeds: [1],
    runs: [
      { name: "broken", algorithms: ["maml"], settings: { metasgd_config: { outer_lr: 1e38, inner_lr_init: 1e30 } } },
      { name: "sources", algorithms: ["gru"], settings: {} },
      { name: "after", algorithms: ["meta-sgd"], settings: { metasgd_config: { warm_start: "maml" } } },
    ],
  });
  const plan = await planned("broken", suite);
  const { done, failed } = await worked("broken");
  expect(done).toBe(1);
  expect(failed).toMatchObject([
    { name: "broken, seed 1", tries: 3, why: expect.stringMatching(/NaN|finite|∞/) },
    { name: "after, seed 1", tries: 0, why: "It needs broken, seed 1, which failed." },
  ]);
  expect(await readFailures(at("broken"), 0)).toHaveLength(3);
  await expect(finishSuiteWork({ directory: at("broken"), plan })).rejects.toThrow(
    /2 of 3 cells failed\. broken, seed 1 \(3 tries\): .* remove the failures\.json/,
  );
  expect(await planStatus(at("broken"), plan)).toMatchObject({ cells: 3, done: 1, failed: 2, waiting: 0 });
});

describe("refuses", () => {
  it("a plan of another version", async () => {
    await planned("old", tinySuite({ seeds: [3] }));
    await expect(readPlan(at("old"), "9.9.9")).rejects.toThrow(/a plan of kshot 1\.2\.3\. Expected one of 9\.9\.9/);
    await expect(planned("old", tinySuite({ seeds: [3] }), { version: "9.9.9" })).rejects.toThrow(
      /another plan.*of kshot 1\.2\.3/,
    );
  });

  it("a plan of another kind, in all that is asked of it", async () => {
    const plan = await planned("kind", tinySuite({ seeds: [3] }));
    expect(requireKind(plan, "suite", folder)).toBe(plan.work);
    expect(() => requireKind(plan, "population", folder)).toThrow(
      /the plan of a suite\. Expected that of a population/,
    );
    const wrong = finishPopulation(at("kind"), plan);
    await expect(wrong).rejects.toMatchObject({ code: "USAGE", parts: { todo: "Use kshot suite" } });
  });

  it("a folder without a plan, and two plans in one folder", async () => {
    await expect(readPlan(folder, version)).rejects.toThrow(/no plan\.json/);
    await planned("two");
    await expect(planned("two", tinySuite({ seeds: [1, 3] }))).rejects.toThrow(
      /another suite under this name: suite\.seeds: \[1,2\], now \[1,3\]/,
    );
  });

  it("other data at the path of the planned data", async () => {
    await planned("moved", tinySuite({ seeds: [1] }));
    const file = join(at("moved"), "suite.json");
    const text = readFileSync(file, "utf8");
    writeFileSync(file, text.replace(/"dataFingerprint": "[0-9a-f]{64}"/, `"dataFingerprint": "${"0".repeat(64)}"`));
    await expect(worked("moved", { endAfterFailure: true })).rejects.toThrow(
      /data: the data .*… Expected 000000000000…, the data that the suite was planned on/,
    );
  });

  it("an output that differs from the earlier one", async () => {
    const file = join(at("whole"), "cells", "0000", "done.json");
    const plan = await readPlan(at("whole"), version);
    const text = readFileSync(file, "utf8");
    expect(planSchema.parse(plan)).toEqual(plan);
    writeFileSync(file, text.replace(/"output": "[0-9a-f]{64}"/, `"output": "${"f".repeat(64)}"`));
    const { writeDone } = await import("../plan/cell-files.js");
    await expect(writeDone(at("whole"), 0, JSON.parse(text))).rejects.toThrow(
      /ffffffffffff….*the same output on every machine/,
    );
    writeFileSync(file, text);
  });
});
