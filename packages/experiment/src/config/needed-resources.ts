import { isMetaLearner, isNetwork } from "@kshot/comparison";
import type { Config } from "@kshot/contract/schemas";
import { gruParameterCount } from "@kshot/gru-layout";
import { modelShape } from "./model-shape.js";
import { withNetworkSettings } from "./network-settings.js";
import { networksOfHybrid } from "./networks-of-hybrid.js";

/** The memory and disk that a run needs, in bytes. */
export interface NeededResources {
  /** Resident memory, about: the mean of the measurements on docs/performance.md. */
  readonly memory: number;
  /** The least memory of the training: its vectors and the list of its tasks. */
  readonly leastMemory: number;
  /** Checkpoints and models. */
  readonly disk: number;
  /** Kept checkpoints of all algorithms. */
  readonly checkpoints: number;
}

/** Resident bytes of a process with a small network. */
const processBytes = 150e6;

/** Measured resident bytes per parameter, with two workers: 185 MB at 140,695 parameters, 1,361 MB at 6,484,026. */
const bytesPerParameter = 190;

/** θ, α, both at the best iteration, their gradients (float32), and two moments of each (float64). */
const metaVectors = 6 * 4 + 4 * 8;

/** θ, the best θ, the gradient (float32), and two moments (float64). */
const supervisedVectors = 3 * 4 + 2 * 8;

/** A checkpoint's bytes per parameter: as above, without gradients. */
const [metaCheckpoint, supervisedCheckpoint] = [metaVectors - 8, supervisedVectors - 4];

/** Least bytes of one task of a meta-batch. */
const taskBytes = 500;

/**
 * The memory of a run, and the disk space of its checkpoints and models. Counting methods need little and are not included. With
 * a search for the network's size, the largest of its networks counts.
 *
 * @param nItems number of items of the data, ≥ 1
 */
export function neededResources(config: Config, nItems: number): NeededResources {
  const networks = config.algorithms.filter(isNetwork);
  if (networks.length === 0) return { memory: processBytes, leastMemory: 0, disk: 0, checkpoints: 0 };
  const candidates = [
    config,
    ...(config.network_search?.settings ?? []).map((own) => withNetworkSettings(config, own)),
  ];
  const parameters = Math.max(...candidates.map((own) => gruParameterCount(modelShape(own, nItems))));
  const { num_meta_iterations, checkpoint_interval, meta_batch_size } = config.metasgd_config;
  const meta = networks.filter(isMetaLearner).length;
  const kept = Math.floor(num_meta_iterations / checkpoint_interval);
  // One checkpoint more is written while the newest is replaced.
  const checkpointBytes = meta * kept * metaCheckpoint + 2 * (meta > 0 ? metaCheckpoint : supervisedCheckpoint);
  const vectors = meta > 0 ? metaVectors : supervisedVectors;
  // The model of `hybrid` has θ and α of one network and θ of the others, whose checkpoints stay until it is written.
  const others = networksOfHybrid(config, { trainPairs: 0, parameters }) - 1;
  const hybrid = config.algorithms.includes("hybrid") ? 8 + (4 + supervisedCheckpoint) * others : 0;
  return {
    memory: processBytes + bytesPerParameter * parameters,
    leastMemory: vectors * parameters + (meta > 0 ? taskBytes * meta_batch_size : 0),
    disk: (checkpointBytes + 12 * networks.length + hybrid) * parameters,
    checkpoints: meta * kept,
  };
}
