import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { dataError, isRecord, parseJson, usageError } from "@kshot/contract";
import { type EpisodeSize, episodeSize, type Settings, withoutEmpty } from "@kshot/experiment";
import type { TrainFlags } from "../flags/train.js";
import { typedPath } from "../paths.js";

/** The absolute path of a model to start from. */
export function modelFile(from: string, path: string): string {
  if (path === "") {
    throw usageError({ where: "warm_start", found: "empty text", expected: "a model's file, or a network of the run" });
  }
  return resolve(from, path);
}

/** A JSON file of settings, read and not yet checked. */
export function configFile(path: string, flag = "--config"): { path: string; content: unknown } {
  const file = typedPath(path);
  let bytes: Uint8Array;
  try {
    bytes = readFileSync(file);
  } catch (cause) {
    throw dataError({ where: `${flag} ${file}`, found: "the file cannot be read", expected: "a JSON file", cause });
  }
  return { path: file, content: parseJson(bytes, file) };
}

/** Flags under the configuration's names; missing flags have no key. */
export function settingsOf(flags: Partial<TrainFlags>, content?: unknown): Settings {
  // Dropout between layers is not implemented. With several layers it is 0; a file that sets another value is refused.
  const dropout = (flags.layers ?? 1) > 1 && valueAt(content, "gru_config", "dropout") === undefined ? 0 : undefined;
  return withoutEmpty({
    algorithms: flags.algorithm,
    K: flags.k,
    Q: flags.q,
    seed: flags.seed,
    data_seed: flags.dataSeed,
    engine: flags.engine,
    device: flags.device,
    backend: flags.backend,
    build: flags.build,
    workers: flags.workers,
    gpu_memory: flags.gpuMemory,
    evaluation_split: flags.split,
    anonymous: flags.anonymous,
    seen_rule: flags.seenRule,
    hybrid_joint: flags.hybridJoint,
    hybrid_networks: flags.hybridNetworks,
    metrics: flags.metrics?.map(({ name }) => name),
    network_search: flags.budget === 0 ? null : withoutEmpty({ budget_minutes: flags.budget }),
    gru_config: withoutEmpty({
      embedding_dim: flags.embeddingDim,
      hidden_dim: flags.hiddenDim,
      num_layers: flags.layers,
      dropout,
    }),
    metasgd_config: withoutEmpty({
      num_meta_iterations: flags.iterations,
      num_inner_steps: flags.innerSteps,
      meta_batch_size: flags.metaBatch,
      outer_lr: flags.outerLr,
      inner_lr_init: flags.alphaInit,
      alpha_range: flags.alphaRange,
      alpha_lr: flags.alphaLr,
      alpha_sharing: flags.alphaSharing,
      adapts: flags.adapts,
      order: flags.order,
      warm_start: flags.warmStart,
      mask: flags.mask,
      episodes: flags.episodes,
      eval_interval: flags.evalInterval,
      eval_epochs: flags.evalEpochs,
      checkpoint_interval: flags.checkpointInterval,
      patience: flags.patience,
    }),
    gru_training: withoutEmpty({ max_epochs: flags.epochs, batch_size: flags.batchPairs, pairs: flags.pairs }),
  });
}

/** K and Q: from the flags, otherwise from the settings, otherwise from the data folder. */
export function sizeOn(data: string, { k, q }: Partial<TrainFlags>, settings: unknown): Promise<Partial<EpisodeSize>> {
  const asked = { k: k ?? valueAt(settings, "K"), q: q ?? valueAt(settings, "Q") };
  return episodeSize(typedPath(data), withoutEmpty(asked) as Partial<EpisodeSize>);
}

/** A value in settings that are not checked yet; undefined if there is none. */
function valueAt(content: unknown, ...path: string[]): unknown {
  return path.reduce<unknown>((value, key) => (isRecord(value) ? value[key] : undefined), content);
}
