import { describe, expect, test } from "vitest";
import { configSchema, parseFile, suiteSchema, withCurrentNames } from "./index.js";

const range = [-1, 1] as const;

describe("lr_clipping, the earlier name of alpha_range", () => {
  test("is read in a configuration and written under the present name", () => {
    const config = configSchema.parse({ metasgd_config: { lr_clipping: range } });
    expect(config.metasgd_config.alpha_range).toEqual(range);
    expect(config).toEqual(configSchema.parse({ metasgd_config: { alpha_range: range } }));
    expect(config.metasgd_config).not.toHaveProperty("lr_clipping");
  });

  test("is read in a suite's settings and in those of its runs", () => {
    const settings = { metasgd_config: { lr_clipping: range, order: 1 } };
    const runs = [{ name: "r", algorithms: ["meta-sgd"], settings }];
    const suite = suiteSchema.parse({ format: "kshot.suite/1", seeds: [1], settings, runs });
    const current = { metasgd_config: { alpha_range: range, order: 1 } };
    expect([suite.settings, suite.runs[0]?.settings]).toEqual([current, current]);
  });

  test("is checked as the present name is", () => {
    const config = { metasgd_config: { lr_clipping: [1, 0] } };
    expect(() => parseFile(configSchema, config, "a.json")).toThrow(/metasgd_config\.alpha_range: low end above high/);
  });

  test("is refused together with the present name", () => {
    const both = { metasgd_config: { lr_clipping: range, alpha_range: range } };
    expect(() => parseFile(configSchema, both, "a.json")).toThrow(
      /^a\.json: metasgd_config: alpha_range and lr_clipping, its earlier name, are both given\. /,
    );
    expect(withCurrentNames(both)).toEqual(both);
  });

  test("other settings stay as they are", () => {
    for (const settings of [{}, { K: 3 }, { metasgd_config: { order: 1 } }, { metasgd_config: null }, null, [1]]) {
      expect(withCurrentNames(settings)).toEqual(settings);
    }
  });
});
