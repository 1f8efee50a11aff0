import { cpSync, existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { DataSet } from "@kshot/contract";
import { resultsSchema } from "@kshot/contract/schemas";
import { episodeQuery, episodeSupport } from "@kshot/episodes";
import { createSimdEngine } from "@kshot/gru-simd";
import { rankOf } from "@kshot/metrics";
import { openModel, openRecommender } from "@kshot/recommend";
import { openingsOf, readJsonFile } from "@kshot/store";
import { beforeAll, describe, expect, it } from "vitest";
import { circumstances, recorded, temporaryFolder, tinyCampus, tinyConfig, withoutVolatile } from "../../test/tiny.js";
import { type TrainOutcome, train } from "../run/index.js";
import { type BenchOptions, bench } from "./bench.js";
import { evaluateModel } from "./evaluate-model.js";
import type { EvaluateModelOptions } from "./evaluation-request.js";
import { inspect } from "./inspect/index.js";
import { writeReportPage } from "./report-page.js";

const folder = temporaryFolder();
const project = join(folder, "project");
const engine = tinyConfig();
let dataDir = "";
let data: DataSet;
let run: TrainOutcome;
const model = (id: string) => join(run.runDir, "models", id, `${id}_gru_K2.safetensors`);
beforeAll(async () => {
  ({ dataDir, data } = await tinyCampus(folder));
  const config = tinyConfig({ algorithms: ["gru", "gru-context", "meta-sgd"] });
  run = await train({ config, dataDir, project, name: "run", circumstances: circumstances(), progress: () => {} });
});

describe("evaluateModel", () => {
  const asked = (more: Partial<EvaluateModelOptions>): EvaluateModelOptions => ({
    ...{ model: model("metasgd"), dataDir, split: "test", windows: ["first", "last"], steps: [0, 1, 2], engine },
    ...{ circumstances: circumstances(), progress: () => {} },
    ...more,
  });

  it("gives the same as training, and counts the opening of the test people", async () => {
    const out = join(folder, "evaluated.json");
    const found = await evaluateModel(asked({ out }));
    const trained = run.results.find(({ algorithm }) => algorithm === "meta-sgd")!;
    const { history: _, ...own } = withoutVolatile(found);
    const {
      history: __,
      clicks: ___,
      swap: ____,
      personal: _____,
      ablation: ______,
      ...theirs
    } = withoutVolatile(trained);
    expect(own).toEqual(theirs);
    expect(found.test.opened).toBe(2);
    expect(found.volatile.runId).toBe(trained.volatile.runId);
    expect(await readJsonFile(out, resultsSchema)).toEqual(found);
  });

  it("replaces results of an evaluation, and none of a training; two outputs need two files", async () => {
    const out = join(folder, "again.json");
    await evaluateModel(asked({ split: "val", steps: [0], out }));
    await evaluateModel(asked({ split: "val", steps: [0], out }));
    const trained = join(run.runDir, "results", "metasgd_K2_Q3.json");
    const before = readFileSync(trained);
    await expect(evaluateModel(asked({ split: "val", out: trained }))).rejects.toMatchObject({ code: "USAGE" });
    expect(readFileSync(trained).equals(before)).toBe(true);
    const lists = join(folder, "twice.csv");
    await expect(evaluateModel(asked({ split: "val", lists, logits: lists }))).rejects.toThrow(
      /^--logits: .*twice\.csv, the path of --lists as well/,
    );
    expect(existsSync(lists)).toBe(false);
  });

  it("takes fewer support pairs, and none only where they are read", async () => {
    const found = await evaluateModel(asked({ split: "val", windows: ["first"], supports: [1, 2], steps: [0, 5] }));
    expect(found.evaluations.map(({ k, steps }) => [k, steps])).toEqual([
      [1, 0],
      [1, 5],
      [2, 0],
      [2, 5],
    ]);
    expect(found.test.opened).toBe(0);
    await expect(evaluateModel(asked({ supports: [0] }))).rejects.toThrow(/^--k: 0\. Expected 1 to 2/);
    await expect(evaluateModel(asked({ supports: [3] }))).rejects.toThrow(/^--k: 3/);
    const context = await evaluateModel(asked({ model: model("grucontext"), split: "val", supports: [0], steps: [0] }));
    expect(context.evaluations.map(({ k, steps }) => [k, steps])).toEqual([
      [0, 0],
      [0, 0],
    ]);
  });

  it("after the first k pairs: equals the results of training, and adapting each person by hand", async () => {
    const firstSupports = [0, 1, 2];
    const found = await evaluateModel(asked({ windows: ["first"], supports: [2], firstSupports, steps: [2] }));
    const trained = run.results.find(({ algorithm }) => algorithm === "meta-sgd")!;
    expect(found.clicks).toEqual(trained.clicks);
    const entries = found.evaluations.filter(({ support }) => support === "first");
    expect(entries.map(({ k, steps }) => [k, steps])).toEqual([
      [0, 0],
      [1, 2],
      [2, 2],
    ]);
    const { shape, theta, alpha } = await openModel(model("metasgd"));
    const simd = await createSimdEngine({ config: shape, mask: "carry" });
    const [clicks] = found.clicks!;
    for (const [at, k] of firstSupports.entries()) {
      for (let person = 0; person < entries[at]!.people.user.length; person++) {
        const all = episodeSupport(data.test.pairs, data.test.windows.first, person);
        const query = episodeQuery(data.test.pairs, data.test.windows.first, person);
        const given = { sequences: all.sequences.slice(0, k), labels: Array.from(all.labels).slice(0, k) };
        // θ − α∘∇L twice, written out; without a pair θ stays.
        let own = theta.slice();
        for (let step = 0; step < (k === 0 ? 0 : 2); step++) {
          const { gradients } = await simd.gradients([own], [simd.batch(given)]);
          own = own.map((value, i) => value - alpha![i]! * gradients[0]![i]!) as typeof own;
        }
        const [logits] = await simd.logits([own], [simd.batch(query)]);
        const ranks = Array.from(query.labels, (label, row) =>
          rankOf(logits!.values.subarray(row * logits!.columns, (row + 1) * logits!.columns), label),
        );
        expect(clicks!.higher[at]![person]).toEqual(ranks.map(({ higher }) => higher));
        expect(clicks!.tied[at]![person]).toEqual(ranks.map(({ tied }) => tied));
        const first = Array.from(logits!.values.subarray(0, logits!.columns));
        const best = [...first.keys()].sort((a, b) => first[b]! - first[a]! || a - b).slice(0, 5);
        expect(clicks!.top[at]![person]).toEqual(best);
        expect(clicks!.labels[person]).toEqual(Array.from(all.labels));
      }
    }
    simd.dispose();
    // The last pair alone is another pair than the first alone.
    const last = await evaluateModel(asked({ windows: ["first"], supports: [1], steps: [2] }));
    expect(last.evaluations[0]!.people.queries).not.toEqual(entries[1]!.people.queries);
    await expect(evaluateModel(asked({ firstSupports: [3] }))).rejects.toThrow(/^--first-k: 3\. Expected 0 to 2/);
  });

  it("a model without rates is evaluated without steps, and says so", async () => {
    const { events, progress } = recorded();
    const found = await evaluateModel(asked({ model: model("gru"), split: "val", progress }));
    expect(found.evaluations.map(({ steps }) => steps)).toEqual([0, 0]);
    expect(events).toContainEqual({ type: "note", text: expect.stringMatching(/no inner learning rates/) });
    await expect(evaluateModel(asked({ model: model("gru"), steps: [1] }))).rejects.toThrow(/^--steps: 1 for a model/);
  });

  it("a model outside of a project is evaluated, and the evaluation is counted with the data", async () => {
    const apart = join(folder, "apart.safetensors");
    cpSync(model("gru"), apart);
    const before = await openingsOf(dataDir, run.results[0]!.data.fingerprint);
    const found = await evaluateModel(asked({ model: apart, steps: [0] }));
    expect(before).toBeGreaterThan(1);
    expect(found.test.opened).toBe(before + 1);
  });
});

describe("the recommender", () => {
  it("opens what training wrote: rates inside the file, the ranking that the evaluation gives", async () => {
    const recommender = await openRecommender(model("metasgd"));
    const [a, b, c] = data.items as [string, string, string];
    const { items, adapted } = await recommender.recommend([a, b, c], { top: 40 });
    recommender.close();
    expect(adapted).toEqual({ pairs: 2, steps: 2 });
    expect(items.reduce((sum, { probability }) => sum + probability, 0)).toBeCloseTo(1, 6);
    expect(items[0]?.title).toBe(data.titles?.[data.items.indexOf(items[0]!.item)]);
    const apart = join(folder, "one-file.safetensors");
    cpSync(model("metasgd"), apart);
    const alone = await openRecommender(apart);
    expect(await alone.recommend([a, b, c], { top: 40 })).toEqual({ items, adapted, ignored: [] });
    alone.close();
  });

  it("a model that reads context reads all sessions, a plain one the last", async () => {
    const [a, b, c] = data.items as [string, string, string];
    const ask = async (id: string, history: string[][]) => {
      const recommender = await openRecommender(model(id));
      const { items } = await recommender.recommend(history, { top: 3 });
      recommender.close();
      return items;
    };
    expect(await ask("gru", [[a, b], [c]])).toEqual(await ask("gru", [[c]]));
    expect(await ask("grucontext", [[a, b], [c]])).not.toEqual(await ask("grucontext", [[c]]));
    expect(await ask("grucontext", [[a, b], [c]])).toEqual(await ask("grucontext", [[a, b, c]]));
  });
});

describe("inspect", () => {
  const fact = (facts: readonly (readonly [string, string])[], label: string) =>
    facts.find(([name]) => name === label)?.[1];

  it("describes each file and finds it valid", async () => {
    const checkpoint = join(run.runDir, "models", "metasgd", "checkpoints", "metasgd_checkpoint_4.safetensors");
    const found = await Promise.all(
      [
        dataDir,
        project,
        run.runDir,
        model("metasgd"),
        model("metasgd").replace(".saf", ".alpha.saf"),
        checkpoint,
        run.resultFiles[2]!,
      ].map((path) => inspect(path)),
    );
    expect(found.map(({ kind }) => kind)).toEqual([
      ...["data folder", "project", "run", "model", "learning rates", "checkpoint", "results"],
    ]);
    expect(found.flatMap(({ problems }) => problems)).toEqual([]);
    const [folderFacts, , runFacts, modelFacts, , checkpointFacts] = found.map(({ facts }) => facts);
    expect(fact(folderFacts!, "Fingerprint")).toBe(data.fingerprint);
    expect(fact(runFacts!, "State")).toBe("finished");
    expect(fact(modelFacts!, "Network")).toMatch(/^40 items, embedding 4, hidden 5, 1 layer: [\d,]+ parameters$/);
    expect(fact(checkpointFacts!, "Stopped at")).toBe("iteration 4 of 4");
  });

  it("finds a model that was changed, an output that is missing, and results whose parts disagree", async () => {
    const copy = join(folder, "copy");
    cpSync(run.runDir, copy, { recursive: true });
    const changed = join(copy, "models", "gru", "gru_gru_K2.safetensors");
    cpSync(join(copy, "models", "metasgd", "metasgd_gru_K2.safetensors"), changed);
    rmSync(join(copy, "models", "metasgd", "metasgd_gru_K2.safetensors"));
    const { problems } = await inspect(copy);
    expect(problems.join("\n")).toMatch(/gru_model: .*another SHA-256/);
    expect(problems.join("\n")).toMatch(/meta_model: .* is missing/);
    expect(problems.join("\n")).toMatch(/manifest\.json names models\/metasgd\/metasgd_gru_K2\.safetensors/);
    const file = run.resultFiles[2]!;
    const result = JSON.parse(readFileSync(file, "utf8"));
    result.evaluations[0].people.user.pop();
    result.evaluations[1].people.queries[0][0].label = 40;
    result.history.metaLoss.pop();
    const spoiled = join(folder, "spoiled.json");
    writeFileSync(spoiled, JSON.stringify(result));
    expect((await inspect(spoiled)).problems).toEqual([
      "content that kshot did not write (SHA-256)",
      expect.stringMatching(/people, \d+ histories and/),
      expect.stringMatching(/history lengths and/),
      expect.stringMatching(/item 40, ranked below/),
      expect.stringMatching(/^history: \d iterations? and \d losses/),
    ]);
  });

  it("a run that is not finished can be resumed; a summary of another folder is a problem", async () => {
    const copy = join(folder, "unfinished");
    cpSync(run.runDir, copy, { recursive: true });
    rmSync(join(copy, "report.json"));
    rmSync(join(copy, "results", "metasgd_K2_Q3.json"));
    const { facts } = await inspect(copy);
    expect(fact(facts, "State")).toMatch(/^2 of 3 finished; kshot train --resume/);
    expect(fact(facts, "meta-sgd")).toBe("stopped, with 2 checkpoints");
    const other = join(folder, "other-data");
    cpSync(dataDir, other, { recursive: true });
    const summary = join(other, "summary.json");
    writeFileSync(
      summary,
      readFileSync(summary, "utf8")
        .replace(/"items": ?40/, '"items": 41')
        .replace(data.fingerprint, "0".repeat(64)),
    );
    expect((await inspect(other)).problems).toEqual([
      "summary.json has items 41, the files 40",
      expect.stringMatching(/summary\.json has the fingerprint 000000000000…/),
      "summary.json is not what prepare wrote (SHA-256)",
    ]);
  });

  it.each([
    ["nowhere", /no such file or folder/],
    [".", /a folder without/],
    ["text.txt", /a file of another kind/],
  ])("%s is refused", async (name, message) => {
    writeFileSync(join(folder, "text.txt"), "");
    await expect(inspect(join(folder, name))).rejects.toThrow(message);
  });
});

it("writeReportPage gives the page all results of a run", async () => {
  const out = join(folder, "page.html");
  const page = (results: readonly { results: { algorithm: string } }[]) =>
    results.map((own) => `${own.results.algorithm};`);
  expect(await writeReportPage({ paths: [run.runDir], out, page })).toBe(3);
  expect(readFileSync(out, "utf8").split(";").sort()).toEqual(["", "gru", "gru-context", "meta-sgd"]);
  await expect(writeReportPage({ paths: [join(folder, "none")], out, page })).rejects.toThrow(/nothing there/);
  await expect(writeReportPage({ paths: [dataDir], out, page })).rejects.toThrow(/a file of another kind/);
  const other = join(folder, "other.html");
  await expect(writeReportPage({ paths: [dataDir], out: other, page })).rejects.toThrow(/no results\/\*\.json/);
});

describe("bench", () => {
  const options: BenchOptions = {
    ...{ items: 9, embeddingDim: 3, hiddenDim: 4, tasks: 2, innerSteps: 1, iterations: 5, history: "nested", engine },
    milliseconds: (() => {
      let time = 0;
      return () => (time += 1);
    })(),
    processorMilliseconds: () => performance.now(),
    peakRssBytes: () => 7,
  };

  it.each(["nested", "long"] as const)(
    "times iterations and one person's adaptation on %s histories",
    async (history) => {
      const found = await bench({ ...options, history });
      expect(found.msPerMetaIteration).toEqual({ median: 1, min: 1, max: 1 });
      expect(found).toMatchObject({ engine: "simd", workers: 1, peakRssBytes: 7, options: { items: 9, history } });
    },
  );

  it("refuses one item", async () => {
    await expect(bench({ ...options, items: 1 })).rejects.toThrow(/^--items: 1/);
  });
});
