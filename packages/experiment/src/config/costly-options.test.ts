import { expect, test } from "vitest";
import { costlyOptions } from "./costly-options.js";
import { resolveConfig } from "./resolve-config.js";
import type { Settings } from "./settings.js";

const linesOf = (flags: Settings) => costlyOptions(resolveConfig({ flags }));

test.each<[Settings, number]>([
  [{}, 0],
  [{ gru_training: { minibatches: "pairs" } }, 1],
  [{ algorithms: ["markov"], gru_training: { minibatches: "pairs" } }, 0],
  [{ metasgd_config: { inner_clip: 1 } }, 0],
  [{ engine: "tensor" }, 1],
  [{ engine: "tensor", metasgd_config: { inner_clip: 1 } }, 2],
  [{ engine: "tensor", device: "cuda" }, 0],
])("%j: %i lines", (flags, count) => {
  expect(linesOf(flags)).toHaveLength(count);
});

test("a line names the setting and the factor", () => {
  expect(linesOf({ gru_training: { minibatches: "pairs" } })[0]).toMatch(/minibatches: pairs .* 3 times/);
});
