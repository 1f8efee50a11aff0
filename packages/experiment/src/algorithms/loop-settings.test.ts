import { gruParameterLayout } from "@kshot/gru-layout";
import { expect, it } from "vitest";
import { modelShape, resolveConfig } from "../config/index.js";
import { loopSettings } from "./loop-settings.js";

/** Settings with another name in the loop, and the reason. */
const others: Readonly<Record<string, string | null>> = {
  // Counts, named as in the equations and by the flags.
  num_meta_iterations: "iterations",
  num_inner_steps: "innerSteps",
  // A group's name becomes the names of its tensors.
  adapts: "adapting",
  // Read before the loop begins: the start of θ and α, the episodes and what is read from them.
  inner_lr_init: null,
  alpha_init_range: null,
  warm_start: null,
  meta_batch_size: null,
  episodes: null,
  mask: null,
  // Becomes numbers of iterations when the data are known.
  eval_epochs: null,
  context: null,
  item_dropout: null,
};

const config = resolveConfig({
  flags: { metasgd_config: { alpha_lr: 0.003, inner_clip: 0.5, outer_clip: 0.25 } },
});
const layout = gruParameterLayout(modelShape(config, 6));

it("a setting has one name: the file's in camel case", () => {
  const names = Object.keys(config.metasgd_config).flatMap((key) => {
    const own = others[key];
    return own === null ? [] : [own ?? key.replaceAll(/_([a-z])/g, (_, letter: string) => letter.toUpperCase())];
  });
  const { head, ...settings } = loopSettings(config, layout);
  expect(head).toEqual(["fc.weight", "fc.bias"]);
  expect(Object.keys(settings).sort()).toEqual(names.sort());
});

it("the values are those of the configuration", () => {
  expect(loopSettings(config, layout)).toMatchObject({
    ...{ alphaLr: 0.003, innerClip: 0.5, outerClip: 0.25, outerLr: config.metasgd_config.outer_lr },
    ...{ iterations: config.metasgd_config.num_meta_iterations, innerSteps: config.metasgd_config.num_inner_steps },
  });
});
