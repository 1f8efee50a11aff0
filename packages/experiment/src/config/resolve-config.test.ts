import { describe, expect, it } from "vitest";
import { decidingConfig } from "./deciding-config.js";
import { resolveConfig } from "./resolve-config.js";

describe("resolveConfig", () => {
  it("is the preset notebook by default", () => {
    const config = resolveConfig({});
    expect(config).toMatchObject({
      preset: "notebook",
      K: 5,
      Q: 10,
      seed: 42,
      algorithms: ["gru", "maml", "meta-sgd"],
    });
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
      order: 2,
      mask: "carry",
    });
  });

  it("lays file over preset and flags over file, key by key", () => {
    const config = resolveConfig({
      preset: "demo",
      file: { path: "c.json", content: { seed: 7, metasgd_config: { outer_lr: 0.5, num_inner_steps: 2 } } },
      flags: { metasgd_config: { num_inner_steps: 3 } },
    });
    expect(config.seed).toBe(7);
    expect(config.metasgd_config).toMatchObject({ outer_lr: 0.5, num_inner_steps: 3, meta_batch_size: 16 });
    expect(config.gru_config.hidden_dim).toBe(32);
  });

  it("reads the earlier name of a setting in a file over a preset with its present name", () => {
    const content = { metasgd_config: { lr_clipping: [0.001, 0.9] } };
    const config = resolveConfig({ preset: "demo", file: { path: "c.json", content } });
    expect(config.metasgd_config.alpha_range).toEqual([0.001, 0.9]);
  });

  it("names the file and the unknown or invalid key", () => {
    const from = (content: unknown) => () => resolveConfig({ file: { path: "c.json", content } });
    expect(from({ gru_config: { hiden_dim: 3 } })).toThrow(/c\.json: .*gru_config.*hiden_dim/);
    expect(from({ K: 0 })).toThrow(/c\.json: K/);
    expect(from({ metasgd_config: { alpha_range: [1, 0] } })).toThrow(/alpha_range/);
  });

  it("refuses a start outside the range, for Meta-SGD only", () => {
    const flags = { metasgd_config: { inner_lr_init: 0.5 } };
    expect(() => resolveConfig({ flags })).toThrow(/inner_lr_init.*0\.5.*0\.0001, 0\.1/);
    expect(resolveConfig({ flags: { ...flags, algorithms: ["maml"] } }).metasgd_config.inner_lr_init).toBe(0.5);
  });

  it("refuses starting rates that the first step would clamp", () => {
    const flags = (metasgd_config: object) => () => resolveConfig({ flags: { metasgd_config } });
    expect(flags({ alpha_init_range: [0.05, 0.5] })).toThrow(/alpha_init_range: 0\.05, 0\.5 reaches beyond/);
    expect(flags({ alpha_init_range: [0.005, 0.1] })).not.toThrow();
    expect(flags({ warm_start: "tuned" })).toThrow(/--warm-start tuned.*0\.0001, 0\.1/);
    expect(flags({ warm_start: "tuned", alpha_range: [-1, 1] })).not.toThrow();
  });

  it("drops the demo's warm start if its source is not trained, and keeps a requested one", () => {
    const warmStart = (flags: object) => resolveConfig({ preset: "demo", flags }).metasgd_config.warm_start;
    expect(warmStart({})).toBe("gru");
    expect(warmStart({ algorithms: ["meta-sgd"] })).toBeNull();
    expect(warmStart({ algorithms: ["meta-sgd"], metasgd_config: { warm_start: "gru" } })).toBe("gru");
  });
});

it("the deciding settings hold no clock, path or machine", () => {
  const config = { ...resolveConfig({}), run_id: "a", run_tag: "b", files: { x: "y" } };
  expect(decidingConfig(config)).toEqual(
    decidingConfig({ ...config, run_id: "c", run_tag: "d", files: {}, workers: 9, backend: "cpu" }),
  );
});
