import type { Pairs, Task } from "@kshot/contract";
import { episodeQuery, episodeSupport } from "@kshot/episodes";
import { type MetaAlgorithmName, metaAlgorithms } from "@kshot/meta-sgd";
import { queryExamples, supportExamples, supportRules } from "../evaluation/index.js";
import { episodeDraws } from "./episode-draws.js";
import { dropItems } from "./item-dropout.js";
import type { NetworkTraining } from "./network-training.js";
import { joined, pairMinibatches } from "./pair-minibatches.js";

/**
 * The meta-batch of each iteration. Each stream is named after its iteration, so a resumed training needs no generator's state.
 */
export function metaBatchTasks(
  name: MetaAlgorithmName,
  { engine, config, data }: Pick<NetworkTraining, "engine" | "config" | "data">,
): (iteration: number) => Task[] {
  const settings = config.metasgd_config;
  const rules = supportRules(name, settings);
  const { pairs, episodes } = data.train;
  const drawn = episodeDraws(name, config, data);
  return (iteration) => {
    const { drawnEpisodes, random } = drawn(iteration);
    const withDropout = (examples: Pairs) => dropItems(examples, settings.item_dropout, random);
    return Array.from(drawnEpisodes, (episode) => {
      const observed = episodeSupport(pairs, episodes, episode);
      const asked = episodeQuery(pairs, episodes, episode);
      const support = supportExamples(observed, rules);
      const query = queryExamples({ support: observed, query: asked }, rules);
      if (metaAlgorithms[name].gradient === "displacement") {
        const task = engine.task(withDropout(support), query);
        const minibatches = pairMinibatches(joined(support, query), data.k, settings.num_inner_steps, random);
        return { ...task, minibatches: minibatches.map((pairs) => engine.batch(withDropout(pairs))) };
      }
      return engine.task(withDropout(support), withDropout(query));
    });
  };
}
