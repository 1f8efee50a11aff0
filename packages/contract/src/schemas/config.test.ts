import { describe, expect, test } from "vitest";
import { configSchema, parseFile } from "./index.js";

test("nothing given: the settings of the preset notebook (cell 07c-03)", () => {
  const config = configSchema.parse({});
  expect(config).toMatchObject({ K: 5, Q: 10, seed: 42 });
  expect(config.gru_config).toEqual({
    embedding_dim: 64,
    hidden_dim: 128,
    num_layers: 1,
    dropout: 0.2,
    max_seq_len: 50,
  });
  expect(config.metasgd_config).toMatchObject({
    inner_lr_init: 0.01,
    outer_lr: 0.001,
    num_inner_steps: 5,
    meta_batch_size: 32,
    num_meta_iterations: 10000,
    checkpoint_interval: 1000,
    eval_interval: 500,
    alpha_range: [0.0001, 0.1],
  });
});

test("where kshot differs from that preset on purpose, the default is kshot's", () => {
  const { metasgd_config } = configSchema.parse({});
  expect(metasgd_config).toMatchObject({ mask: "carry", episodes: "random", order: 2 });
});

test("a configuration is read back unchanged", () => {
  const config = configSchema.parse({ K: 3, gru_config: { hidden_dim: 7 }, algorithms: ["markov"] });
  expect(config).toMatchObject({
    K: 3,
    Q: 10,
    algorithms: ["markov"],
    gru_config: { hidden_dim: 7, embedding_dim: 64 },
  });
  expect(configSchema.parse(JSON.parse(JSON.stringify(config)))).toEqual(config);
});

describe("refused, with file and path", () => {
  test.each<[string, unknown, RegExp]>([
    ["an unknown key", { colour: 1 }, /^a\.json: .*colour/],
    ["an unknown key below", { metasgd_config: { meta_batch: 4 } }, /metasgd_config: .*meta_batch/],
    ["a fraction", { K: 2.5 }, /^a\.json: K: /],
    ["zero", { gru_config: { hidden_dim: 0 } }, /gru_config\.hidden_dim: /],
    ["text for a number", { seed: "42" }, /seed: /],
    ["a seed beyond 32 bits", { seed: 4294967296 }, /seed: /],
    [
      "ends in the wrong order",
      { metasgd_config: { alpha_range: [0.1, 0.01] } },
      /alpha_range: low end above high end/,
    ],
    ["an unknown algorithm", { algorithms: ["gru", "lstm"] }, /algorithms\.1: /],
    ["no algorithm", { algorithms: [] }, /algorithms: /],
    ["third order", { metasgd_config: { order: 3 } }, /metasgd_config\.order: /],
    ["a list", [], /^a\.json: /],
  ])("%s", (_, value, message) => {
    expect(() => parseFile(configSchema, value, "a.json")).toThrow(
      expect.objectContaining({ code: "DATA", message: expect.stringMatching(message) }),
    );
  });

  test("ten issues are named, the others counted", () => {
    const algorithms = Array.from({ length: 13 }, (_, i) => `x${i}`);
    expect(() => parseFile(configSchema, { algorithms }, "a.json")).toThrow(/algorithms\.9: .*; and 3 more/);
  });
});
