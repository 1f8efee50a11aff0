import { expect, it } from "vitest";
import { withEvalEpochs } from "./eval-epochs.js";
import { recipes } from "./recipes.js";
import { resolveConfig } from "./resolve-config.js";

const settings = {
  ...{ eval_epochs: 3, eval_interval: 50, num_meta_iterations: 1500, meta_batch_size: 32, log_interval: 25 },
} as const;

it.each([
  // 3 passes over 256 people are 24 meta-batches of 32.
  [256, { eval_interval: 24, num_meta_iterations: 720, log_interval: 12 }],
  // 1,500 · .28 is 420 and no more: 30 validations as before.
  [149, { eval_interval: 14, num_meta_iterations: 420, log_interval: 7 }],
  [257, { eval_interval: 25, num_meta_iterations: 750, log_interval: 13 }],
  [5, { eval_interval: 10, num_meta_iterations: 300, log_interval: 5 }],
  [534, { eval_interval: 50, num_meta_iterations: 1500, log_interval: 25 }],
  [1e6, { eval_interval: 50, num_meta_iterations: 1500, log_interval: 25 }],
])("with %i people", (people, expected) => {
  const config = resolveConfig({ flags: { metasgd_config: settings } });
  expect(withEvalEpochs(config, people).metasgd_config).toMatchObject(expected);
  const without = resolveConfig({ flags: { metasgd_config: { ...settings, eval_epochs: null } } });
  expect(withEvalEpochs(without, people)).toEqual(without);
});

it("no log entry is less than one iteration apart", () => {
  const config = resolveConfig({ flags: { metasgd_config: { ...settings, log_interval: 1 } } });
  expect(withEvalEpochs(config, 5).metasgd_config.log_interval).toBe(1);
});

it.each([
  ["num_meta_iterations", 200],
  ["eval_interval", 40],
] as const)("a recipe leaves %s as the user gives it", (name, value) => {
  const config = resolveConfig({ recipe: recipes.best, flags: { metasgd_config: { [name]: value } } });
  expect(config.metasgd_config.eval_epochs).toBeNull();
  expect(withEvalEpochs(config, 5).metasgd_config[name]).toBe(value);
  expect(resolveConfig({ recipe: recipes.best }).metasgd_config.eval_epochs).toBe(3);
});
