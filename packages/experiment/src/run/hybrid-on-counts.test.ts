import { join } from "node:path";
import { fitExperts, openCounts, openMixture, storeMixture } from "@kshot/baselines";
import type { DataSet, Engine, Pairs, ParameterVector } from "@kshot/contract";
import { episodeQuery, episodeSupport } from "@kshot/episodes";
import { initialParameters } from "@kshot/gru-layout";
import { createSimdEngine } from "@kshot/gru-simd";
import { randomStream } from "@kshot/metrics";
import { ensembleScores, openRecommender, openSavedModel } from "@kshot/recommend";
import { readModel, writeModelTensors } from "@kshot/store";
import { beforeAll, describe, expect, it } from "vitest";
import { temporaryFolder, tinyCampus, tinyConfig } from "../../test/tiny.js";
import { modelShape } from "../config/index.js";
import { type Person, type PersonScorer, stackedScorer, supportRules } from "../evaluation/index.js";
import { saveCounts } from "./model-files.js";
import { loadScorer } from "./saved-model.js";

const folder = temporaryFolder();
const config = tinyConfig({ metasgd_config: { num_inner_steps: 3 } });
let data: DataSet;
let model: string;
let inRun: PersonScorer;
let withoutOffsets: PersonScorer;
let withoutEnsemble: PersonScorer;
let engine: Engine;
let ensemble: readonly ParameterVector[];

/** A stack whose network is Meta-SGD with the counts' scores as offsets, and an ensemble, saved as `hybrid` saves it. */
beforeAll(async () => {
  ({ data } = await tinyCampus(folder));
  const counting = fitExperts(data.train.pairs, data.items.length);
  const names = counting.map(({ name }) => name);
  const weights = counting.map((_, i) => 0.1 + 0.05 * i);
  const offsetWeights = [...weights.map((weight) => 2 * weight), 0.3, -0.4, 0.2];
  const stack = {
    experts: [...names, "Meta-SGD on the counts", "ensemble"],
    weights: [...weights, 1.5, 0.7, 0.1, 0.2, -0.1],
    repeats: false,
  };
  const mixture = openMixture("hybrid", counting, stack);
  const shape = modelShape(config, data.items.length);
  engine = await createSimdEngine({ config: shape, workers: 1 });
  const theta = initialParameters(shape, randomStream(1, "theta"));
  const alpha = initialParameters(shape, randomStream(2, "alpha")).map((value) => 0.5 * Math.abs(value));
  const rules = supportRules("meta-sgd", config.metasgd_config);
  const offsets = openMixture("counts", counting, { experts: names, weights: offsetWeights, repeats: false });
  ensemble = [3, 4].map((seed) => initialParameters(shape, randomStream(seed, "theta")));
  inRun = stackedScorer(mixture, { engine, theta, alpha, rules, offsets, ensemble });
  withoutOffsets = stackedScorer(mixture, { engine, theta, alpha, rules, ensemble });
  const [own] = ensemble;
  withoutEnsemble = stackedScorer(mixture, { engine, theta, alpha, rules, offsets, ensemble: [own!] });
  const metrics = { "accuracy@1": 0, "recall@5": 0, "recall@10": 0, "ndcg@10": 0, mrr: 0 };
  const network = { algorithm: "meta-sgd" as const, theta, alpha };
  const counts = storeMixture(mixture, offsetWeights);
  model = join(
    folder,
    await saveCounts(folder, { algorithm: "hybrid", counts, validation: metrics, network, ensemble }, config, data),
  );
});

const people = (): Person[] =>
  Array.from({ length: data.test.windows.first.length }, (_, e) => ({
    support: episodeSupport(data.test.pairs, data.test.windows.first, e),
    query: episodeQuery(data.test.pairs, data.test.windows.first, e),
  }));

const values = async (scorer: PersonScorer, asked: readonly Person[]) =>
  (await scorer.scores(asked, [0]))[0]!.map(({ values }) => Array.from(values));

describe("a stack whose network steps on the counts' scores", () => {
  it("is evaluated from its file as in the run, and its offsets matter where there are support pairs", async () => {
    const saved = await loadScorer(model);
    expect([saved.ownSteps, saved.stackSteps]).toEqual([0, 3]);
    const { scorer, engine: opened } = await saved.open({ engine: "auto", device: "cpu", workers: 1 });
    const own = await values(inRun, people());
    expect(await values(scorer, people())).toEqual(own);
    expect(await values(withoutOffsets, people())).not.toEqual(own);
    expect(await values(withoutEnsemble, people())).not.toEqual(own);
    const none: Pairs = { sequences: [], labels: [] };
    const alone = people().map(({ query }) => ({ support: none, query }));
    expect(await values(withoutOffsets, alone)).toEqual(await values(inRun, alone));
    opened?.dispose();
  });

  it("recommends with the scores of the evaluation", async () => {
    const recommender = await openRecommender(model);
    try {
      // One session: its last pairs are the support, and its end is the query.
      const items = [3, 8, 1, 12, 5];
      const support = { sequences: [items.slice(0, 3), items.slice(0, 4)], labels: [12, 5] };
      const [expected] = await values(inRun, [{ support, query: { sequences: [items], labels: [0] } }]);
      const [plain] = await values(withoutOffsets, [{ support, query: { sequences: [items], labels: [0] } }]);
      const history = items.map((item) => data.items[item]!);
      const answer = await recommender.recommend(history, { top: data.items.length });
      const scoreOf = new Map(answer.items.map(({ item, score }) => [item, score]));
      expect(data.items.map((item) => scoreOf.get(item))).toEqual(expected);
      expect(plain).not.toEqual(expected);
      expect(answer.adapted).toEqual({ pairs: 2, steps: 3 });
      // The fitted weights are those of the same steps.
      const fitted = await recommender.fit(history);
      const ranked = await fitted.rank({ top: data.items.length });
      expect(ranked.items).toEqual(answer.items);
      const parameters = await fitted.parameters();
      expect(Array.from(parameters)).not.toEqual(Array.from((await openSavedModel(model)).network!.theta));
    } finally {
      recommender.close();
    }
  });

  it("has the mean of the logits of the ensemble's networks as an expert", async () => {
    const [{ query }] = people() as [Person];
    const batch = engine.batch(query);
    const each = await engine.logits(ensemble, [batch, batch]);
    const [mean] = await ensembleScores(engine, ensemble, [query]);
    expect(mean).toHaveLength(query.labels.length * data.items.length);
    for (const [i, value] of Array.from(mean!).entries())
      expect(value).toBeCloseTo((each[0]!.values[i]! + each[1]!.values[i]!) / 2, 6);
    const { network } = await openSavedModel(model);
    expect(network!.ensemble!.map((theta) => Array.from(theta))).toEqual(ensemble.map((theta) => Array.from(theta)));
  });

  it.each([
    ["fewer networks than tensors", { ensemble: 1 }, /tensor ensemble\.2\..*not part of the model/],
    ["more networks than tensors", { ensemble: 3 }, /tensor ensemble\.3\..*missing/],
    ["no ensemble", { ensemble: undefined }, /Expected all experts but the network counted/],
  ])("a file that says %s is refused", async (_, changes, message) => {
    const { tensors, metadata } = await readModel(model);
    const broken = join(folder, "broken-ensemble.safetensors");
    await writeModelTensors(broken, { tensors, metadata: { ...metadata, ...changes } as typeof metadata });
    await expect(openRecommender(broken)).rejects.toThrow(message);
  });

  it.each(["ensemble.2.fc.bias", "alpha.fc.bias", "fc.bias"])(
    "a value of %s that is not finite is named",
    async (name) => {
      const { tensors, metadata } = await readModel(model);
      const broken = join(folder, "not-finite.safetensors");
      const changed = tensors.map((tensor) => {
        if (tensor.name !== name) return tensor;
        const values = Float32Array.from(tensor.values);
        values[3] = Number.NaN;
        return { ...tensor, values };
      });
      expect(changed.some((tensor, i) => tensor !== tensors[i])).toBe(true);
      await writeModelTensors(broken, { tensors: changed, metadata });
      await expect(openRecommender(broken)).rejects.toMatchObject({
        code: "DATA",
        message: expect.stringContaining(`tensor ${name}: NaN at 3. Expected finite numbers`),
      });
    },
  );

  it("a file with another number of weights of the offsets is refused", async () => {
    const { tensors, metadata } = await readModel(model);
    const broken = join(folder, "broken.safetensors");
    const counts = { ...metadata.counts!, offsets: metadata.counts!.offsets!.slice(1) };
    await writeModelTensors(broken, { tensors, metadata: { ...metadata, counts } });
    await expect(openRecommender(broken)).rejects.toThrow(/counts\.offsets: .*Expected \d+ numbers/);
    expect(() => openCounts("x", { description: { parts: [] }, tensors: {} }, 3)).toThrow(/at least one/);
  });
});
