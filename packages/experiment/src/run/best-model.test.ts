import { mkdirSync, statSync } from "node:fs";
import { join } from "node:path";
import type { AlgorithmName } from "@kshot/contract";
import { describe, expect, it } from "vitest";
import { temporaryFolder } from "../../test/tiny.js";
import { writeSmallModel } from "../../test/write-model.js";
import { bestModel, modelsOfRun } from "./best-model.js";
import { modelForPage } from "./page-model.js";

const folder = temporaryFolder();

describe("the model of a run folder", () => {
  it.each<[string, Partial<Record<AlgorithmName, number | undefined>>, AlgorithmName]>([
    ["is the one with the highest validation MRR", { gru: 0.2, maml: 0.4, "meta-sgd": 0.3 }, "maml"],
    ["of equal ones is the first by name", { "meta-sgd": 0.4, maml: 0.4, gru: 0.1 }, "maml"],
    ["is a validated one if there is any", { gru: undefined, "meta-sgd": 0 }, "meta-sgd"],
    ["is the first by name where none was validated", { "meta-sgd": undefined, gru: undefined }, "gru"],
  ])("%s", async (name, models, best) => {
    const run = join(folder, name.replaceAll(" ", "-"));
    for (const [algorithm, mrr] of Object.entries(models)) {
      await writeSmallModel(run, algorithm as AlgorithmName, { mrr, rates: algorithm !== "gru" });
    }
    const { file, chosen, of } = await bestModel(run);
    expect(chosen).toMatchObject({ algorithm: best, file, mrr: models[best] ?? null });
    expect(of).toBe(Object.keys(models).length);
    expect((await modelsOfRun(run)).map(({ file: one }) => one)).not.toContainEqual(expect.stringMatching(/alpha/));
  });

  it("of a file is the file itself", async () => {
    const file = await writeSmallModel(join(folder, "one"), "gru");
    expect(await bestModel(file)).toEqual({ file });
  });

  it("in its page is Meta-SGD's, otherwise the best one, of those that are small enough", async () => {
    const run = join(folder, "page");
    const gru = await writeSmallModel(run, "gru", { mrr: 0.2 });
    const best = await writeSmallModel(run, "residual-maml", { mrr: 0.4, rates: true });
    expect((await modelForPage(run))?.name).toMatch(/^residualmaml/);
    const [small, large] = [gru, best].map((file) => statSync(file).size) as [number, number];
    expect(large).toBeGreaterThan(small);
    expect((await modelForPage(run, large - 1))?.name).toMatch(/^gru/);
    expect(await modelForPage(run, small - 1)).toBeUndefined();
    await writeSmallModel(run, "meta-sgd", { mrr: 0.1, rates: true });
    expect((await modelForPage(run))?.name).toMatch(/^metasgd/);
  });

  it("is refused for a folder without models", async () => {
    const empty = join(folder, "empty");
    mkdirSync(empty);
    await expect(bestModel(empty)).rejects.toThrow(/empty: no models\/.*\.safetensors in it/);
  });
});
