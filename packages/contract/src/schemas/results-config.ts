import * as z from "zod";

/** A value of an unexpected type is read as absent, so that a results file with any settings can be opened. */
const absent = <Schema extends z.ZodType>(schema: Schema) => schema.optional().catch(undefined);
const group = absent(z.record(z.string(), z.unknown()));
const range = absent(z.tuple([z.number(), z.number()]));

/**
 * The settings of a results file that a comparison reads. Older files lack some and later files have more, so every key is
 * optional and others are kept.
 */
export const resultsConfigSchema = z.looseObject({
  seed: absent(z.number()),
  algorithms: absent(z.array(z.string())),
  seen_rule: absent(z.boolean()),
  gru_config: group,
  gru_training: group,
  finetune_config: group,
  metasgd_config: absent(
    z.looseObject({
      num_inner_steps: absent(z.number()),
      inner_lr_init: absent(z.number()),
      /** The range of α; files of earlier versions call it `lr_clipping`. */
      alpha_range: range,
      lr_clipping: range,
      warm_start: absent(z.string().nullable()),
    }),
  ),
});

/** The settings that a comparison reads from a results file. */
export type ResultsConfig = z.infer<typeof resultsConfigSchema>;
