import { expect, it } from "vitest";
import { decidingConfig } from "./deciding-config.js";
import { differingSettings } from "./differing-settings.js";
import { resolveConfig } from "./resolve-config.js";
import { mergeSettings } from "./settings.js";
import { isOwnStart, parseWarmStart } from "./warm-start.js";

it.each([
  [null, { kind: "none" }],
  ["tuned", { kind: "tuned" }],
  ["gru", { kind: "network", algorithm: "gru" }],
  ["gru-context", { kind: "network", algorithm: "gru-context" }],
  ["maml", { kind: "network", algorithm: "maml" }],
  ["meta-sgd", { kind: "file", path: "meta-sgd" }],
  ["../a/b.safetensors", { kind: "file", path: "../a/b.safetensors" }],
])("%s means %j", (setting, meaning) => {
  expect(parseWarmStart(setting)).toEqual(meaning);
  expect(isOwnStart(setting)).toBe(meaning.kind !== "file");
});

it("the path of a file is not a deciding setting", () => {
  const config = (warm_start: string) => decidingConfig(resolveConfig({ flags: { metasgd_config: { warm_start } } }));
  expect(config("/a.safetensors")).toEqual(config("b/c.safetensors"));
  expect(config("/a.safetensors")).not.toEqual(config("gru"));
});

it("a recipe that starts from tuning adds the networks to tune", () => {
  const recipe = { metasgd_config: { warm_start: "tuned", alpha_range: [-1, 1] as [number, number] } };
  const config = resolveConfig({ recipe, flags: { algorithms: ["meta-sgd"] } });
  expect(config.algorithms).toEqual(["gru", "gru-context", "meta-sgd"]);
});

it("merges groups key by key, and replaces lists", () => {
  const below = { K: 3, gru_config: { hidden_dim: 4, num_layers: 2 }, algorithms: ["gru" as const] };
  expect(mergeSettings(below, { gru_config: { hidden_dim: 5 }, algorithms: ["maml"] })).toEqual({
    ...{ K: 3, gru_config: { hidden_dim: 5, num_layers: 2 }, algorithms: ["maml"] },
  });
});

it("names the differing settings, in groups and in lists of groups", () => {
  const before = { K: 1, same: [1], group: { a: 1, b: 2 }, runs: [{ name: "x" }, { name: "y" }], gone: { c: 3 } };
  const now = { K: 2, same: [1], group: { a: 1, b: 3 }, runs: [{ name: "x" }, { name: "z" }], come: { d: 4 } };
  expect(differingSettings(before, now, "s").map(({ key }) => key)).toEqual([
    ...["s.K", "s.group.b", "s.runs[1].name", "s.gone.c", "s.come.d"],
  ]);
  expect(differingSettings([1, 2], [1], "s")).toEqual([{ key: "s", before: [1, 2], now: [1] }]);
});
