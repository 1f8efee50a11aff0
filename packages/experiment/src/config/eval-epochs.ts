import type { Config } from "@kshot/contract/schemas";

/** Fewest iterations between two validations. */
const fewest = 10;

/**
 * The configuration with the numbers of iterations that `eval_epochs` gives for so many train people: with s = min(1, I / `eval_interval`) and
 * I = max(10, ⌈`eval_epochs` · people / `meta_batch_size`⌉, the iterations of that many passes over the people), `eval_interval` becomes I,
 * `num_meta_iterations` and `log_interval` become s times what they were, and the number of validations stays.
 *
 * With few people meta-training is at its best after some dozens of iterations, and then overfits.
 *
 * @param people the train people who have episodes
 */
export function withEvalEpochs(config: Config, people: number): Config {
  const { eval_epochs, eval_interval, meta_batch_size, num_meta_iterations, log_interval } = config.metasgd_config;
  if (eval_epochs === null) return config;
  const interval = Math.max(fewest, Math.ceil((eval_epochs * people) / meta_batch_size));
  if (interval >= eval_interval) return config;
  return {
    ...config,
    metasgd_config: {
      ...config.metasgd_config,
      eval_interval: interval,
      num_meta_iterations: Math.ceil((num_meta_iterations * interval) / eval_interval),
      log_interval: Math.max(1, Math.round((log_interval * interval) / eval_interval)),
    },
  };
}
