import { join } from "node:path";
import { expect, it } from "vitest";
import {
  alphaFile,
  checkpointIteration,
  dataFiles,
  folderOfVocabulary,
  modelFile,
  modelOfAlphaFile,
  numberedCheckpoint,
  resultFile,
} from "./run-files.js";

it("names a run's files as the contract has them", () => {
  expect(resultFile("meta-sgd", { k: 5, q: 10 })).toBe(join("results", "metasgd_K5_Q10.json"));
  const model = modelFile("residual-maml", { k: 5 });
  expect(model).toBe(join("models", "residualmaml", "residualmaml_gru_K5.safetensors"));
  expect(alphaFile(model)).toBe(join("models", "residualmaml", "residualmaml_gru_K5.alpha.safetensors"));
  expect(modelOfAlphaFile(alphaFile(model))).toBe(model);
});

it("reads back the iteration of a numbered checkpoint, and of no other file", () => {
  expect(numberedCheckpoint("meta-sgd", 150)).toBe("metasgd_checkpoint_150.safetensors");
  expect(checkpointIteration("meta-sgd", "metasgd_checkpoint_150.safetensors")).toBe(150);
  expect(checkpointIteration("maml", "metasgd_checkpoint_150.safetensors")).toBeUndefined();
  expect(checkpointIteration("meta-sgd", "metasgd_latest.safetensors")).toBeUndefined();
});

it("names the input files of a data folder", () => {
  const files = dataFiles("../data", { K: 5, Q: 10 });
  expect(files).toMatchObject({
    episodes_test: "../data/episodes/episodes_test_K5_Q10.parquet",
    pairs_train: "../data/pairs/pairs_train.parquet",
  });
  expect(folderOfVocabulary(files.vocab ?? "")).toBe("../data");
});
