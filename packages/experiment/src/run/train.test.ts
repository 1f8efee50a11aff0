import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { isNetwork } from "@kshot/comparison";
import { algorithmNames, type DataSet } from "@kshot/contract";
import { type Results, rateAnalysisSchema, reportSchema } from "@kshot/contract/schemas";
import { episodeQuery } from "@kshot/episodes";
import { openModel, openRecommender } from "@kshot/recommend";
import { readJsonFile, readModel, writeModelTensors } from "@kshot/store";
import { beforeAll, describe, expect, it } from "vitest";
import { circumstances, recorded, temporaryFolder, tinyCampus, tinyConfig, withoutVolatile } from "../../test/tiny.js";
import type { Settings } from "../config/index.js";
import { evaluateModel } from "../tools/evaluate-model.js";
import { inspect } from "../tools/inspect/index.js";
import { loadNetwork, modelFingerprint } from "./model-files.js";
import type { TrainOptions } from "./options.js";
import { readResults } from "./read-results.js";
import { modelFile } from "./run-files.js";
import { resumeTraining, train } from "./train.js";

const folder = temporaryFolder();
let dataDir = "";
let data: DataSet;
beforeAll(async () => {
  ({ dataDir, data } = await tinyCampus(folder));
});

function run(name: string, settings: Settings, more: Partial<TrainOptions> = {}) {
  return train({
    ...{ config: tinyConfig(settings), dataDir, project: join(folder, "project"), name },
    ...{ circumstances: circumstances(), progress: () => {} },
    ...more,
  });
}

const found = (results: readonly Results[], algorithm: string) => results.find((own) => own.algorithm === algorithm)!;
const places = ({ evaluations }: Results) => evaluations.map(({ window, k, steps }) => `${window} ${k} ${steps}`);

describe("a run of every algorithm", () => {
  let outcome: Awaited<ReturnType<typeof train>>;
  const told = recorded();
  beforeAll(async () => {
    outcome = await run(
      "all",
      { algorithms: [...algorithmNames], metasgd_config: { warm_start: "gru" } },
      { progress: told.progress, page: (results) => [`${results.length} results`] },
    );
  });

  it("writes the results of each, in the requested order, with paths and versions", async () => {
    expect(outcome.results.map(({ algorithm }) => algorithm)).toEqual([...algorithmNames]);
    expect(outcome.resultFiles.map((file) => relative(outcome.runDir, file))).toContain(
      join("results", "metasgd_K2_Q3.json"),
    );
    const read = await readResults([outcome.runDir]);
    expect(read.map(({ results }) => results)).toEqual(
      expect.arrayContaining(outcome.results.map((result) => JSON.parse(JSON.stringify(result)))),
    );
    expect(readFileSync(outcome.reportPage!, "utf8")).toBe(`${algorithmNames.length} results`);
    expect(outcome.table).toMatch(/Ideal observer/);
    expect(outcome.rates).toMatch(/gru\.weight_hh_l0[\s\S]*Adapted tensors/);
    expect(outcome.personal?.evidence.length).toBeGreaterThan(0);
  });

  it("evaluates the steps curve of what adapts, context with and without, and baselines by what they read", () => {
    const { results } = outcome;
    expect(places(found(results, "gru"))).toEqual(["first 2 0", "last 2 0"]);
    expect(places(found(results, "maml")).slice(0, 3)).toEqual(["first 2 0", "first 2 1", "first 2 2"]);
    expect(places(found(results, "gru-context"))).toEqual(["first 0 0", "first 2 0", "last 0 0", "last 2 0"]);
    expect(places(found(results, "markov"))).toEqual(["first 2 0", "last 2 0"]);
    expect(places(found(results, "session-knn"))).toEqual(["first 0 0", "first 2 0", "last 0 0", "last 2 0"]);
    for (const { evaluations } of results) {
      for (const { window, people } of evaluations) {
        const { pairs, windows } = data.test;
        expect(people.user).toEqual(Array.from(windows[window].user, (u) => pairs.users[u]));
      }
    }
  });

  it("has the swap of every method that reads the support pairs; without a network one draw in the first window", () => {
    const swapped = outcome.results.flatMap(({ algorithm, swap = [] }) =>
      swap.map(({ window, draws }) => `${algorithm} ${window} ${draws}`),
    );
    expect(swapped).toEqual(
      expect.arrayContaining([
        "maml first 5",
        "maml last 5",
        "mixture first 1",
        "hybrid first 1",
        "session-knn first 1",
      ]),
    );
    expect(swapped).not.toContain("mixture last 1");
    expect(swapped.filter((one) => one.startsWith("markov"))).toEqual([]);
  });

  it("writes the report, the rates and the fingerprints of files that are there", async () => {
    const report = await readJsonFile(join(outcome.runDir, "report.json"), reportSchema);
    const { metasgd_few_shot_K2_acc1, gru_baseline_acc1, training_iterations } = report.metrics;
    const sgd = found(outcome.results, "meta-sgd").evaluations.find(
      ({ window, steps }) => window === "last" && steps === 2,
    );
    expect(metasgd_few_shot_K2_acc1).toBe(sgd?.metrics["accuracy@1"].value);
    expect(gru_baseline_acc1).toBe(found(outcome.results, "gru").evaluations[1]?.metrics["accuracy@1"].value);
    expect(training_iterations).toBe(4);
    for (const { path } of Object.values(report.data_fingerprints))
      expect(existsSync(join(outcome.runDir, path))).toBe(true);
    const rates = await readJsonFile(join(outcome.runDir, "rate_analysis.json"), rateAnalysisSchema);
    expect(Object.keys(rates.groups)).toEqual(["none", "embedding", "gru", "gru-biases", "head", "output-bias", "all"]);
    expect(Object.keys(rates.gates)).toContain("gru.weight_hh_l0/n");
    // θ is unchanged and rates have no effect without steps: `none` is zero-shot of the trained model.
    expect(rates.groups.all).not.toEqual(rates.groups.none);
  });

  it("trains the plain GRU before the methods that start from it, and reports each stage", () => {
    const done = told.events.flatMap((event) => (event.type === "done" ? [event.stage] : []));
    expect(done.indexOf("Plain GRU")).toBeLessThan(done.indexOf("Meta-SGD"));
    expect(done).toContain("Fine-tuned GRU");
  });

  it("is the same with the same seed, for all other algorithms and numbers of workers", async () => {
    const again = await run("again", {
      algorithms: ["maml", "gru", "markov"],
      workers: 2,
      metasgd_config: { warm_start: "gru" },
    });
    // A model's file lists the algorithms of its run, so its hash differs.
    for (const result of again.results) {
      const { config: mine, model: _, ...own } = withoutVolatile(result);
      const { config: theirs, model: __, ...other } = withoutVolatile(found(outcome.results, result.algorithm));
      expect(own).toEqual(other);
      expect({ ...mine, algorithms: [] }).toEqual({ ...theirs, algorithms: [] });
    }
    const other = await run("other", { algorithms: ["gru"], seed: 4 });
    expect(other.results[0]?.model).not.toEqual(found(outcome.results, "gru").model);
  });

  const counting = algorithmNames.filter((name) => !isNetwork(name) && name !== "ideal");

  it.each(counting)("the model file of %s is evaluated and recommends as the run did", async (algorithm) => {
    const result = found(outcome.results, algorithm);
    const model = join(outcome.runDir, modelFile(algorithm, data));
    expect(result.model).toEqual(await modelFingerprint(model));
    const own = result.evaluations.map(({ k }) => k);
    const again = await evaluateModel({
      ...{ model, dataDir, split: "test", windows: ["first", "last"], steps: [0], supports: [...new Set(own)] },
      ...{ engine: { engine: "auto", device: "cpu", workers: 1 }, circumstances: circumstances(), progress: () => {} },
    });
    const ranks = ({ evaluations }: Results) => evaluations.map(({ metrics, people }) => [metrics, people.queries]);
    expect(ranks(again)).toEqual(ranks(result));
    const recommender = await openRecommender(model);
    try {
      const { pairs, windows } = data.test;
      const query = episodeQuery(pairs, windows.first, 0).sequences[0]!;
      const history = Array.from(query, (item) => data.items[item]!);
      const answer = await recommender.recommend(history, { top: data.items.length, before: true });
      expect(answer.items).toHaveLength(data.items.length);
      expect(answer.items.reduce((sum, { probability }) => sum + probability, 0)).toBeCloseTo(1, 5);
      const alone = await recommender.recommend([], { top: 1 });
      expect(alone.items).toHaveLength(1);
      const [pair] = await recommender.recommendMany([history, history.slice(-1)], { top: data.items.length });
      expect(pair!.items.map(({ item }) => item)).toEqual(answer.items.map(({ item }) => item));
    } finally {
      recommender.close();
    }
  });

  it("with the seen rule, counting methods are stacks of one expert, evaluated and opened as trained", async () => {
    const algorithms = ["popularity", "recent", "markov", "session-knn", "ease", "mixture"] as const;
    const ruled = await run("ruled", { algorithms: [...algorithms], seen_rule: true });
    for (const algorithm of algorithms.slice(0, 5)) {
      const result = found(ruled.results, algorithm);
      expect(result.stack?.shares.map(({ name }) => name)).toEqual([algorithm, "seen, seen recently, seen often"]);
      expect(places(result)).toEqual(["first 0 0", "first 2 0", "last 0 0", "last 2 0"]);
      expect(found(outcome.results, algorithm).stack).toBeUndefined();
      const model = join(ruled.runDir, modelFile(algorithm, data));
      const again = await evaluateModel({
        ...{ model, dataDir, split: "test", windows: ["first"], steps: [0], supports: [0, 2] },
        ...{
          engine: { engine: "auto", device: "cpu", workers: 1 },
          circumstances: circumstances(),
          progress: () => {},
        },
      });
      const ranks = ({ evaluations }: Results) =>
        evaluations.filter(({ window }) => window === "first").map(({ people }) => people.queries);
      expect(ranks(again)).toEqual(ranks(result));
      const recommender = await openRecommender(model);
      try {
        const query = episodeQuery(data.test.pairs, data.test.windows.first, 0).sequences[0]!;
        const history = Array.from(query, (item) => data.items[item]!);
        const { items } = await recommender.recommend(history, { top: data.items.length });
        expect(items.reduce((sum, { probability }) => sum + probability, 0)).toBeCloseTo(1, 5);
      } finally {
        recommender.close();
      }
    }
    expect(found(ruled.results, "mixture").stack).toEqual(found(outcome.results, "mixture").stack);
    expect(found(ruled.results, "ease").tuning).toEqual(found(outcome.results, "ease").tuning);
  });

  it("a stack's file names its parts to inspect, and is refused as a start and as a network alone", async () => {
    const model = join(outcome.runDir, modelFile("hybrid", data));
    const { facts, problems } = await inspect(model);
    expect(problems).toEqual([]);
    expect(facts.map(([name]) => name)).toEqual(expect.arrayContaining(["markov-1", "stan"]));
    await expect(loadNetwork(model)).rejects.toThrow(/Hybrid of counts and network\. Expected a network alone/);
    await expect(openModel(model)).rejects.toThrow(/stacks counts and a network/);
    const broken = join(folder, "broken.safetensors");
    const { tensors, metadata } = await readModel(model);
    await writeModelTensors(broken, { metadata, tensors: tensors.filter(({ name }) => name !== "counts.stan.items") });
    await expect(openRecommender(broken)).rejects.toThrow(/stan, tensor items: missing/);
  });

  it("a finished run is not trained again, and its report is written again", async () => {
    const { events, progress } = recorded();
    const again = await resumeTraining({
      ...{ project: join(folder, "project"), run: `all/${outcome.runDir.split("/").at(-1)}`, workers: 2 },
      ...{ circumstances: circumstances(), progress },
    });
    expect(again.results).toEqual(JSON.parse(JSON.stringify(outcome.results)));
    expect(events.filter((event) => event.type === "note" && /finished already/.test(event.text))).toHaveLength(
      algorithmNames.length,
    );
    expect(events.some((event) => event.type === "step")).toBe(false);
  });

  it("a file serves as the start of learners and of fine-tuning, and must fit", async () => {
    const model = join(outcome.runDir, "models", "gru", "gru_gru_K2.safetensors");
    const settings = { algorithms: ["gru-finetuned", "maml"] as const, metasgd_config: { warm_start: model } };
    const started = await run("file", { ...settings, algorithms: [...settings.algorithms] }, { warmStartFile: model });
    expect(found(started.results, "maml").config).toMatchObject({ metasgd_config: { warm_start: "file" } });
    // Equal to the numbers of the run whose GRU it was.
    for (const algorithm of ["gru-finetuned", "maml"]) {
      const evaluations = found(outcome.results, algorithm).evaluations;
      expect(found(started.results, algorithm).evaluations).toEqual(evaluations);
    }
    const maml = join(outcome.runDir, "models", "maml", "maml_gru_K2.safetensors");
    const refused = (file: string, more: Settings = {}) =>
      run("refused", { ...settings, algorithms: [...settings.algorithms], ...more }, { warmStartFile: file });
    await expect(refused(maml)).rejects.toThrow(/a model of MAML.*one of Plain GRU: it is fine-tuned/);
    await expect(refused(model, { gru_config: { hidden_dim: 6 } })).rejects.toThrow(/hiddenDim 5.*hiddenDim 6/);
  });
});

it("a learner starts from the result of fine-tuning, and keeps the start unless a gain is significant", async () => {
  const { results, runDir } = await run("tuned", {
    algorithms: ["gru", "gru-context", "meta-sgd"],
    // So slow that no validation can distinguish the learner from its start.
    metasgd_config: { warm_start: "tuned", alpha_range: [-1, 1], outer_lr: 1e-7, alpha_lr: 1e-7 },
  });
  const sgd = found(results, "meta-sgd");
  const { num_inner_steps, context } = sgd.config.metasgd_config as { num_inner_steps: number; context: boolean };
  expect(num_inner_steps).toBeGreaterThan(0);
  const source = await loadNetwork(
    join(
      runDir,
      "models",
      ...(context ? ["grucontext", "grucontext_gru_K2.safetensors"] : ["gru", "gru_gru_K2.safetensors"]),
    ),
  );
  const learned = await loadNetwork(join(runDir, "models", "metasgd", "metasgd_gru_K2.safetensors"));
  expect(Array.from(learned.theta)).toEqual(Array.from(source.theta));
});

describe("a run that is stopped", () => {
  const settings: Settings = {
    algorithms: ["gru", "meta-sgd"],
    metasgd_config: { num_meta_iterations: 6, item_dropout: 0.2 },
  };

  it.each([
    ["in supervised training", "Plain GRU"],
    ["in meta-training", "Meta-SGD"],
  ])("%s continues to the same end as a run without a stop", async (where, stage) => {
    const whole = await run("whole", settings);
    const stop = new AbortController();
    let runId = "";
    const stopped = run(`stopped-${stage.at(0)}`, settings, {
      signal: stop.signal,
      resumeCommand: (name) => `kshot train --resume ${name}`,
      onRun: async (identity) => {
        runId = identity.runId;
      },
      progress: (event) => {
        if (event.type === "step" && event.stage === stage && event.done === 3) stop.abort();
      },
    });
    await expect(stopped).rejects.toMatchObject({
      code: "INTERRUPTED",
      message: expect.stringMatching(/Stopped, with a checkpoint.*[\s\S]*kshot train --resume stopped-/),
    });
    const { events, progress } = recorded();
    const ended = await resumeTraining({
      ...{ project: join(folder, "project"), run: runId, circumstances: circumstances(), progress },
    });
    expect(events).toContainEqual({
      type: "note",
      text: expect.stringMatching(`${stage} continues from (step|iteration) 3`),
    });
    expect(ended.results.map(withoutVolatile)).toEqual(
      whole.results.map((result) => JSON.parse(JSON.stringify(withoutVolatile(result)))),
    );
    // The latest checkpoint is missing, numbered ones are there.
    const checkpoints = join(ended.runDir, "models", "metasgd", "checkpoints");
    expect(existsSync(join(checkpoints, "metasgd_latest.safetensors"))).toBe(false);
    expect(existsSync(join(checkpoints, "metasgd_checkpoint_4.safetensors"))).toBe(true);
    expect(where).toBeTruthy();
  });

  it.each([
    ["Hybrid of counts and network, GRU with context on the counts", "joint", "step"],
    ["Hybrid of counts and network, Meta-SGD on the counts", "meta", "iteration"],
    ["Hybrid of counts and network, network 3 of 3", "network", "step"],
  ])("in the stage %s continues to the same end, and keeps no checkpoint of it", async (stage, part, unit) => {
    const own: Settings = {
      algorithms: ["gru", "gru-context", "meta-sgd", "hybrid"],
      metasgd_config: { num_meta_iterations: 6 },
      hybrid_networks: 3,
    };
    const whole = await run("whole-hybrid", own);
    const stop = new AbortController();
    let runId = "";
    const stopped = run(`stopped-${part}`, own, {
      signal: stop.signal,
      onRun: async (identity) => {
        runId = identity.runId;
      },
      progress: (event) => {
        if (event.type === "step" && event.stage === stage && event.done === 3) stop.abort();
      },
    });
    await expect(stopped).rejects.toMatchObject({ code: "INTERRUPTED" });
    const { events, progress } = recorded();
    const ended = await resumeTraining({
      ...{ project: join(folder, "project"), run: runId, circumstances: circumstances(), progress },
    });
    expect(events).toContainEqual({ type: "note", text: `${stage} continues from ${unit} 3.` });
    // The end of the supervised training is kept: it is not made again.
    const steps = (of: RegExp) => events.filter((event) => event.type === "step" && of.test(event.stage)).length;
    expect(steps(/GRU.* on the counts/) === 0).toBe(part !== "joint");
    expect(steps(/network 2 of 3/) === 0).toBe(part === "network");
    expect(steps(/network 3 of 3/)).toBeGreaterThan(0);
    expect(ended.results.map(withoutVolatile)).toEqual(
      whole.results.map((result) => JSON.parse(JSON.stringify(withoutVolatile(result)))),
    );
    const hybrid = found(ended.results, "hybrid");
    expect(hybrid.stack?.network?.ensemble?.networks).toBe(2);
    expect(hybrid.stack?.network?.tried.map(({ name, onCounts = false }) => [name, onCounts])).toEqual([
      [null, false],
      ["gru", false],
      ["gru-context", false],
      ["meta-sgd", false],
      ["gru-context", true],
      ["meta-sgd", true],
    ]);
    expect(readdirSync(join(ended.runDir, "models", "hybrid", "checkpoints"))).toEqual([]);
  });

  it("after a kill between results and the removal of their checkpoints leaves none", async () => {
    const whole = await run("left-over", { algorithms: ["gru", "hybrid"], hybrid_networks: 2 });
    const left = ["gru/checkpoints/gru_latest", "hybrid/checkpoints/hybrid_network_2_latest"];
    const files = left.map((name) => join(whole.runDir, "models", `${name}.safetensors`));
    for (const file of files) {
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, "of an earlier attempt");
    }
    const kept = join(dirname(files[0]!), "gru_checkpoint_5.safetensors");
    writeFileSync(kept, "");
    rmSync(join(whole.runDir, "manifest.json"));
    const project = join(folder, "project");
    await resumeTraining({
      project,
      run: `left-over/${whole.runDir.split("/").at(-1)}`,
      circumstances: circumstances(),
      progress: () => {},
    });
    expect(files.filter((file) => existsSync(file))).toEqual([]);
    expect(existsSync(kept)).toBe(true);
  });

  it("with hybrid_joint off and one network, hybrid trains no network", async () => {
    const { events, progress } = recorded();
    const settings: Settings = { algorithms: ["gru", "hybrid"], hybrid_joint: "off", hybrid_networks: 1 };
    const off = await run("joint-off", settings, { progress });
    expect(found(off.results, "hybrid").stack?.network?.tried.map(({ name }) => name)).toEqual([
      null,
      "gru",
      "gru-context",
    ]);
    expect(events.filter((event) => "stage" in event && /on the counts|network 2/.test(event.stage))).toEqual([]);
    expect(found(off.results, "hybrid").stack?.network?.ensemble).toBeUndefined();
  });

  it("is not resumed on another configuration than its checkpoint's", async () => {
    const stop = new AbortController();
    const runs: string[] = [];
    const stopped = run("changed", settings, {
      signal: stop.signal,
      onRun: async ({ runTag }) => void runs.push(runTag),
      progress: (event) => {
        if (event.type === "step" && event.stage === "Meta-SGD" && event.done === 3) stop.abort();
      },
    });
    await expect(stopped).rejects.toThrow();
    const config = join(folder, "project", "reports", "changed", runs[0]!, "config.json");
    writeFileSync(config, readFileSync(config, "utf8").replace('"outer_lr": 0.001', '"outer_lr": 0.002'));
    const again = resumeTraining({
      ...{ project: join(folder, "project"), run: runs[0]!, circumstances: circumstances(), progress: () => {} },
    });
    await expect(again).rejects.toThrow(/setting metasgd_config\.outer_lr.*0\.001.*0\.002, as the run's config\.json/);
  });

  it.each([
    ["nothing", /no such run in .*as .*\/2026/],
    [undefined, /--resume: no run in/],
  ])("resuming %s is refused", async (which, message) => {
    const project = which === undefined ? join(folder, "empty") : join(folder, "project");
    const asked = resumeTraining({
      project,
      ...(which ? { run: which } : {}),
      circumstances: circumstances(),
      progress: () => {},
    });
    await expect(asked).rejects.toThrow(message);
  });
});

describe("data without validation and test people", () => {
  let everyone = "";
  beforeAll(async () => {
    everyone = (await tinyCampus(folder, [1, 0, 0])).dataDir;
  });

  it("train networks for a given number of iterations, keep the last parameters and evaluate nothing", async () => {
    const told = recorded();
    const outcome = await run(
      "production",
      { algorithms: ["gru", "meta-sgd"], metasgd_config: { num_meta_iterations: 3 }, gru_training: { max_epochs: 2 } },
      { dataDir: everyone, progress: told.progress, page: () => ["page"] },
    );
    expect(outcome.results.map(({ evaluations }) => evaluations)).toEqual([[], []]);
    expect(outcome.table).toMatch(/All people were train people/);
    expect(outcome.personal).toBeNull();
    expect(outcome.reportPage).toBeNull();
    const model = await loadNetwork(join(outcome.runDir, "models", "metasgd", "metasgd_gru_K2.safetensors"));
    expect(model.metadata).toMatchObject({ iteration: 3, validation: null });
    expect(model.alpha).not.toBeNull();
  });

  it.each([
    [{ algorithms: ["gru", "gru-finetuned"] as const }, /--algorithm gru-finetuned/],
    [{ algorithms: ["markov"] as const }, /--algorithm markov/],
    [
      { algorithms: ["gru", "meta-sgd"] as const, metasgd_config: { warm_start: "tuned", alpha_range: [-1, 1] } },
      /--warm-start tuned/,
    ],
  ])("refuse what chooses on validation people: %j", async ({ algorithms, ...settings }, message) => {
    const asked = run("choice", { ...settings, algorithms: [...algorithms] } as Settings, { dataDir: everyone });
    await expect(asked).rejects.toMatchObject({ code: "USAGE", message: expect.stringMatching(message) });
  });
});
