import type { DataSet } from "@kshot/contract";
import type { Config } from "@kshot/contract/schemas";
import { episodeSampler } from "@kshot/episodes";
import type { MetaAlgorithmName } from "@kshot/meta-sgd";
import { randomStream } from "@kshot/metrics";
import type { RandomGenerator } from "pure-rand/types/RandomGenerator";

/** The meta-batch of one iteration. */
export interface EpisodeDraw {
  /** Rows of the train episodes, in the order of the tasks. */
  readonly drawnEpisodes: Int32Array;
  /** The iteration's random stream, after the draw. */
  readonly random: RandomGenerator;
}

/**
 * The meta-batches of a meta-learner, by iteration, from 0. Each iteration has a separately named stream, so a draw is a function of seed,
 * name and iteration: resuming needs no generator's state, and a finished training's draws can be made again.
 */
export function episodeDraws(
  name: MetaAlgorithmName | "hybrid/meta",
  { seed, metasgd_config: { meta_batch_size: batch, episodes: mode } }: Pick<Config, "seed" | "metasgd_config">,
  { train: { episodes } }: Pick<DataSet, "train">,
): (iteration: number) => EpisodeDraw {
  const sample = episodeSampler({ episodes, batch, mode });
  return (iteration) => {
    const random = randomStream(seed, `${name}/iteration ${iteration}`);
    return { drawnEpisodes: sample(random), random };
  };
}
