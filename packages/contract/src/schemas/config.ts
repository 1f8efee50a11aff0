import * as z from "zod";
import { adaptingGroups, algorithmNames } from "../algorithms.js";
import { askedMetric, askedMetricForms } from "../asked-metrics.js";
import { mostLayers } from "../most-layers.js";
import { hasBothNames, withAlphaRange } from "./earlier-names.js";

const positive = z.int().positive();
const rate = z.number().positive();
const dropout = z.number().min(0).max(0.9);
const range = z.tuple([z.number(), z.number()]).refine(([low, high]) => low <= high, "low end above high end");

/** The GRU recommender's shape. */
export const gruConfig = z.strictObject({
  embedding_dim: positive.default(64),
  hidden_dim: positive.default(128),
  num_layers: positive.max(mostLayers).default(1),
  /** Acts between layers only. With more than one layer, only 0 is accepted. */
  dropout: z.number().min(0).max(1).default(0.2),
  max_seq_len: positive.default(50),
});

/** Settings of meta-training. */
const metaTraining = z.strictObject({
  inner_lr_init: rate.default(0.01),
  /** Adam's rate for θ; with 0, θ keeps its initial values and only α is learned. */
  outer_lr: z.number().nonnegative().default(0.001),
  num_inner_steps: z.int().nonnegative().default(5),
  meta_batch_size: positive.default(32),
  num_meta_iterations: z.int().nonnegative().default(10000),
  checkpoint_interval: positive.default(1000),
  eval_interval: positive.default(500),
  /**
   * Passes over the train people who have episodes from one validation to the next; null: `eval_interval` alone counts. If these passes
   * take fewer iterations than `eval_interval`, then `num_meta_iterations`, `eval_interval` and `log_interval` are reduced in the same
   * proportion, `eval_interval` not below 10.
   */
  eval_epochs: rate.nullable().default(null),
  /** Iterations between two entries of a results file's history. */
  log_interval: positive.default(10),
  /** Every α is clamped to this range; `lr_clipping` in files of earlier versions. */
  alpha_range: range.default([0.0001, 0.1]),
  order: z.literal([1, 2]).default(2),
  episodes: z.enum(["random", "first"]).default("random"),
  mask: z.enum(["carry", "notebook"]).default("carry"),
  /** Evaluations without a better validation MRR before training stops; 0: never. */
  patience: z.int().nonnegative().default(0),
  warm_start: z.string().nullable().default(null),
  /** Adam's rate for α; null: that of θ. */
  alpha_lr: rate.nullable().default(null),
  /** Each starting rate is drawn from this range (Li et al. 2017: 0.005 to 0.1); null: all are `inner_lr_init`. */
  alpha_init_range: range.nullable().default(null),
  /** Which parameters share one learned rate: none, those of a matrix row, of a tensor, all. */
  alpha_sharing: z.enum(["element", "row", "tensor", "scalar"]).default("element"),
  /** The tensors that adapt. An algorithm that adapts only the output layer reduces them further. */
  adapts: z.enum(adaptingGroups).default("all"),
  /** Each inner gradient is scaled to at most this norm; null: no clipping. */
  inner_clip: rate.nullable().default(null),
  /** The outer gradient of θ, and that of α, is scaled to at most this norm; null: no clipping. */
  outer_clip: rate.nullable().default(null),
  /** How the outer rates decrease over the iterations. */
  outer_schedule: z.enum(["constant", "linear", "cosine"]).default("constant"),
  /** Histories begin with the items of the support pairs: the model reads them in addition to adapting to them. */
  context: z.boolean().default(false),
  /** Probability that an item of a history, except its last, is removed in meta-training; 0: none. */
  item_dropout: dropout.default(0),
});

/** Settings of meta-training. `lr_clipping`, the earlier name of `alpha_range`, is read; both at once are refused. */
export const metasgdConfig = z.preprocess((given, context) => {
  if (hasBothNames(given)) context.addIssue("alpha_range and lr_clipping, its earlier name, are both given");
  return withAlphaRange(given);
}, metaTraining);

/** Fine-tuning of the plain GRU on the support pairs: the rates, steps and tensors that are tried on the validation people. */
export const finetuneConfig = z.strictObject({
  rates: z.array(rate).min(1).default([0.003, 0.01, 0.03, 0.1, 0.3, 1]),
  /** Every number of steps from 0 to this is tried. */
  max_steps: positive.default(10),
  adapts: z.array(z.enum(adaptingGroups)).min(1).default(["all", "head", "biases", "output-bias"]),
});

/** Supervised training of the plain GRU. */
export const gruTraining = z.strictObject({
  learning_rate: rate.default(0.001),
  /** Pairs of a minibatch. With whole sessions: at most this many, except for one session that is longer. */
  batch_size: positive.default(256),
  /**
   * `sessions`: a minibatch consists of whole sessions (for `gru-context`, whole histories). Each position is a label, so shared
   * prefixes are computed once. `pairs`: single pairs in random order.
   */
  minibatches: z.enum(["sessions", "pairs"]).default("sessions"),
  max_epochs: positive.default(50),
  /** Epochs without a better validation MRR before training stops, or before the learning rate falls. */
  patience: positive.default(6),
  /** How often the learning rate falls to a fifth before training stops; each time training continues from the best parameters. */
  rate_drops: z.int().nonnegative().default(0),
  /**
   * Probability that an item of a history, except its last, is removed when a minibatch is built (Tan, Xu & Liu 2016, section
   * 3.2). Without it the GRU overfits small data sets. 0: none.
   */
  item_dropout: dropout.default(0.5),
  /** The same after the learning rate has fallen; null: it does not change. */
  final_item_dropout: dropout.nullable().default(null),
  /** Probability that a unit of the state that the output layer reads is dropped (`torch.nn.Dropout` after `nn.GRU`); 0: none. */
  state_dropout: dropout.default(0),
  /** Decoupled weight decay (AdamW, Loshchilov & Hutter 2019): θ ← θ − learning_rate · weight_decay · θ; 0: none. */
  weight_decay: z.number().nonnegative().default(0),
  /** A minibatch's gradient is scaled to at most this norm; null: no clipping. */
  clip: rate.nullable().default(null),
  /** `all`: every train pair. `episodes`: only pairs of the people of the meta-learners. */
  pairs: z.enum(["all", "episodes"]).default("all"),
});

/** Settings of the network that the search tries; for omitted keys, the run's setting applies. */
export const networkSettings = z.strictObject({
  gru_config: z.strictObject({ embedding_dim: positive.optional(), hidden_dim: positive.optional() }).prefault({}),
  gru_training: z.strictObject({ item_dropout: dropout.optional(), state_dropout: dropout.optional() }).prefault({}),
});

/**
 * The search for the network's size and dropout on train people that are held out for it. The first setting is kept unless
 * another one is significantly better for the number of settings tried.
 */
export const networkSearch = z.strictObject({
  /** The settings that fit into this many minutes of two processor cores, by their arithmetic, are tried. */
  budget_minutes: z.number().positive(),
  settings: z.array(networkSettings).min(2),
});

/** `config.json`: the settings of a run; `--config FILE` reads the same schema. Unknown keys are refused. */
export const configSchema = z.strictObject({
  /** For editors: path of `config.schema.json`. */
  $schema: z.string().optional(),
  notebook: z.string().default("kshot"),
  run_tag: z.string().optional(),
  run_id: z.string().optional(),
  preset: z.enum(["demo", "notebook"]).default("notebook"),
  algorithms: z.array(z.enum(algorithmNames)).min(1).default(["gru", "maml", "meta-sgd"]),
  K: positive.default(5),
  Q: positive.default(10),
  seed: z.int().min(0).max(4294967295).default(42),
  data_seed: z.int().min(0).max(4294967295).default(42),
  /** `auto`: WebGPU on `device: gpu`; `tensor` with `device: cuda` or a `backend`; else `simd`. */
  engine: z.enum(["auto", "simd", "tensor"]).default("auto"),
  /** `gpu`: a card through WebGPU; `gpu-software`: WebGPU's software adapter; `cuda`: TensorFlow's library on NVIDIA's CUDA. */
  device: z.enum(["cpu", "gpu", "gpu-software", "cuda"]).default("cpu"),
  /** TensorFlow.js backend of the tensor engine; left out: `wasm`, or on `device: cuda` the card's. */
  backend: z.enum(["cpu", "wasm"]).optional(),
  /** WebAssembly build of the SIMD engine; left out: the fastest that the runtime has. */
  build: z.enum(["simd", "relaxed-simd"]).optional(),
  /** Threads of the SIMD engine; left out: one per core, at most 8. */
  workers: positive.max(64).optional(),
  /**
   * Memory of the WebGPU device for the tasks of one dispatch, in MiB; left out: the adapter's limit. Results do not depend on
   * it.
   */
  gpu_memory: positive.max(1048576).optional(),
  files: z.record(z.string(), z.string()).default({}),
  gru_config: gruConfig.prefault({}),
  metasgd_config: metasgdConfig.prefault({}),
  gru_training: gruTraining.prefault({}),
  finetune_config: finetuneConfig.prefault({}),
  /** Null: the size and dropout of `gru_config` and `gru_training`, without a search. */
  network_search: networkSearch.nullable().default(null),
  /** The people to evaluate; with `val` the test people are not evaluated. */
  evaluation_split: z.enum(["val", "test"]).default("test"),
  /** Whether results and page leave out ids and items of single people, the command line and paths; left out: they hold them. */
  anonymous: z.boolean().optional(),
  /** Whether each plain counting method is stacked with the features of the items that a person has seen; left out: it is not. */
  seen_rule: z.boolean().optional(),
  /** Whether `hybrid` also tries networks that are trained on the scores of its counts; left out: `auto`, which tries them. */
  hybrid_joint: z.enum(["auto", "off"]).optional(),
  /** Largest number of networks in `hybrid`: the chosen one and GRUs of other seeds; left out: by the size of network and data. */
  hybrid_networks: positive.max(16).optional(),
  /** Metrics to compute in addition to the usual five; left out: none. */
  metrics: z
    .array(z.string().refine((name) => askedMetric(name) !== undefined, `one of ${askedMetricForms}`))
    .min(1)
    .optional(),
});

export type { AdaptingGroup } from "../algorithms.js";
/** A complete configuration, `config.json` with its defaults filled in. */
export type Config = z.infer<typeof configSchema>;
/** The GRU's shape as a configuration file names it. */
export type GruConfigFile = z.infer<typeof gruConfig>;
/** Settings of the network that the search tries. */
export type NetworkSettings = z.infer<typeof networkSettings>;

/** Settings of meta-training. */
export type MetasgdConfig = z.infer<typeof metasgdConfig>;
/** Settings of supervised training. */
export type GruTraining = z.infer<typeof gruTraining>;
