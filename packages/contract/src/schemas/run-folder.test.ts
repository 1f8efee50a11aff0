import { expect, test } from "vitest";
import { configSchema, modelMetadataSchema, parseFile, registrySchema } from "./index.js";

const run = { run_id: "a", notebook: "kshot", run_tag: "t", out_dir: "reports/kshot/t", created_at: "now" };

test("the registry keeps the keys of other programs", () => {
  const registry = { project: "mooc", runs: [{ ...run, mood: "good" }] };
  expect(registrySchema.parse(registry)).toEqual(registry);
  expect(() => parseFile(registrySchema, { runs: [{ ...run, run_id: 1 }] }, "meta.json")).toThrow(/runs\.0\.run_id: /);
});

test("a model file's metadata does not depend on run or machine", () => {
  const { engine, device, backend, workers, files, ...config } = configSchema.parse({ backend: "cpu", workers: 2 });
  const metadata = {
    format: "kshot.model/1",
    algorithm: "maml",
    kind: "theta",
    config,
    items: ["a"],
    dataFingerprint: "0".repeat(64),
    iteration: 3,
    validation: null,
  };
  expect(modelMetadataSchema.parse(metadata)).toEqual(metadata);
  for (const [key, value] of Object.entries({ engine, device, backend, workers, files, run_id: "a", run_tag: "t" })) {
    const withIt = { ...metadata, config: { ...config, [key]: value } };
    expect(() => parseFile(modelMetadataSchema, withIt, "m"), key).toThrow(new RegExp(`config: .*${key}`));
  }
});
