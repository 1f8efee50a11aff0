import type { Config } from "@kshot/contract/schemas";
import { sha256Json } from "@kshot/store";
import { expect, it } from "vitest";
import { tinyConfig } from "../../test/tiny.js";
import { startedWith } from "./started-with.js";

const size = (hidden_dim: number) => ({ gru_config: { hidden_dim }, gru_training: {} });

/** The settings of earlier versions. */
function withoutLater({ eval_epochs, ...metasgd_config }: Config["metasgd_config"]) {
  return metasgd_config;
}

it("a run without a search has the fingerprint that earlier versions gave it; a search changes it; threads and memory do not", () => {
  const config = tinyConfig();
  const { notebook, files, workers, network_search, ...settings } = config;
  const { settings: fingerprint } = startedWith(config);
  const { metasgd_config } = settings;
  expect(fingerprint).toBe(sha256Json({ ...settings, metasgd_config: withoutLater(metasgd_config) }));
  const fitted = tinyConfig({ metasgd_config: { ...metasgd_config, eval_epochs: 3 } });
  expect(startedWith(fitted).settings).not.toBe(fingerprint);
  const searching = tinyConfig({ network_search: { budget_minutes: 1, settings: [size(2), size(3)] } });
  expect(startedWith(searching).settings).not.toBe(fingerprint);
  expect(startedWith({ ...config, workers: 5, gpu_memory: 100 }).settings).toBe(fingerprint);
});
