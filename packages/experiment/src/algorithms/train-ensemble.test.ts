import type { DataSet, Engine } from "@kshot/contract";
import { initialParameters } from "@kshot/gru-layout";
import { createSimdEngine } from "@kshot/gru-simd";
import { randomStream } from "@kshot/metrics";
import { afterAll, beforeAll, expect, it } from "vitest";
import { circumstances, recorded, temporaryFolder, tinyCampus, tinyConfig } from "../../test/tiny.js";
import { modelShape } from "../config/index.js";
import { supportRules } from "../evaluation/index.js";
import type { TrainingCheckpoints } from "./network-training.js";
import { trainEnsemble } from "./train-ensemble.js";
import { trainPlainGru } from "./train-supervised.js";

const folder = temporaryFolder();
const config = tinyConfig({ gru_training: { max_epochs: 2 } });
const noCheckpoints: TrainingCheckpoints = { due: () => false, save: async () => {}, latest: async () => undefined };
let data: DataSet;
let engine: Engine;
beforeAll(async () => {
  ({ data } = await tinyCampus(folder));
  engine = await createSimdEngine({ config: modelShape(config, data.items.length), workers: 1 });
});
afterAll(() => engine.dispose());

it.each(["gru", "gru-context"] as const)("trains networks like the run's %s, each from another seed", async (kind) => {
  const shape = modelShape(config, data.items.length);
  const theta = initialParameters(shape, randomStream(config.seed, "initial"));
  const rules = supportRules(kind, config.metasgd_config);
  const { events, progress } = recorded();
  const training = { engine, shape, config, data, progress, seconds: circumstances().seconds };
  const network = { algorithm: kind, theta, alpha: null, rules, engine };
  const trained = await trainEnsemble({ network }, { ...training, networks: 3, checkpoints: () => noCheckpoints });
  expect(trained.rules.context).toBe(kind === "gru-context");
  const own = await trainPlainGru(kind, { ...training, checkpoints: noCheckpoints });
  const all = [own.theta, ...trained.thetas].map((vector) => Array.from(vector).join());
  expect(new Set(all).size).toBe(3);
  const stages = events.flatMap((event) => (event.type === "done" ? [event.stage] : []));
  expect(stages).toEqual([2, 3].map((number) => `Hybrid of counts and network, network ${number} of 3`));
  // Again to the digit.
  const again = await trainEnsemble({ network }, { ...training, networks: 2, checkpoints: () => noCheckpoints });
  expect(Array.from(again.thetas[0]!)).toEqual(Array.from(trained.thetas[0]!));
});
