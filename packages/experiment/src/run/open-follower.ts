import type { Engine } from "@kshot/contract";
import type { Config } from "@kshot/contract/schemas";
import { followMetaTraining, type MetaGradientFunction, type SharedTraining } from "../algorithms/index.js";
import { modelShape } from "../config/index.js";
import { openDataFolder } from "../data/index.js";
import { supportRules } from "../evaluation/index.js";
import type { Progress } from "../progress.js";
import { Engines } from "./engines.js";

/** A process that shares the meta-trainings of a run that another process leads and writes. */
export interface Follower {
  /** Fingerprint of its data. */
  readonly fingerprint: string;
  /**
   * Makes the iterations of one training.
   *
   * @param shared gives the meta-gradient of all processes, computed with this process's engine
   */
  follow(training: SharedTraining, shared: (engine: Engine) => MetaGradientFunction): Promise<void>;
}

/**
 * Reads the data of a run that another process leads.
 *
 * @param options.dataDir data folder of this process, absolute
 * @param options.config the leader's configuration; `workers` are this process's threads
 * @throws `DATA` for bad files
 */
export async function openFollower(options: {
  readonly dataDir: string;
  readonly config: Config;
  readonly progress: Progress;
  readonly seconds: () => number;
}): Promise<Follower> {
  const { dataDir, config, progress, seconds } = options;
  progress({ type: "stage", stage: "Reading data" });
  const data = await openDataFolder(dataDir, { k: config.K, q: config.Q }, { inWorker: true });
  progress({ type: "done", stage: "Reading data", text: `${data.train.pairs.length} train pairs` });
  return {
    fingerprint: data.fingerprint,
    async follow(training, shared) {
      const own = {
        ...training.config,
        ...(config.workers === undefined ? {} : { workers: config.workers }),
      };
      const engines = new Engines(own, modelShape(own, data.items.length));
      try {
        const engine = await engines.get(supportRules(training.algorithm, own.metasgd_config).mask);
        await followMetaTraining(
          { ...training, config: own },
          { engine, data, metaGradient: shared(engine), progress, seconds },
        );
      } finally {
        engines.dispose();
      }
    },
  };
}
