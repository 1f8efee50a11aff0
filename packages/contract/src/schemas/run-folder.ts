import * as z from "zod";
import { algorithmNames } from "../algorithms.js";
import { configSchema, gruConfig, metasgdConfig, networkSettings } from "./config.js";
import { count, metricValues, sha256, share } from "./shared.js";

/** `meta.json`: the registry of all runs of a project folder. Keys of other programs are kept. */
export const registrySchema = z.looseObject({
  runs: z.array(
    z.looseObject({
      run_id: z.string(),
      notebook: z.string(),
      run_tag: z.string(),
      out_dir: z.string(),
      created_at: z.string(),
      /** How often this run's models were evaluated on the test split. */
      test_opened: count.optional(),
      /** The start of the run: SHA-256 of its settings without paths and threads, and the engine. */
      started_with: z
        .looseObject({
          settings: sha256,
          engine: z.string().optional(),
          device: z.string().optional(),
          backend: z.string().optional(),
          build: z.string().optional(),
        })
        .optional(),
    }),
  ),
});

/** Statistics of α in one tensor. `std` is unbiased; null for one value. */
export const rateStatistics = z.strictObject({
  mean: z.number(),
  std: z.number().nullable(),
  min: z.number(),
  max: z.number(),
});

/** `lr_analysis.json`: mean, standard deviation, least and greatest α per tensor. */
export const lrAnalysisSchema = z.record(z.string(), rateStatistics);

/** `report.json` (docs/files.md). Every value of `metrics` is a number, or null if it does not apply. */
export const reportSchema = z.strictObject({
  run_id: z.string(),
  notebook: z.string(),
  run_tag: z.string(),
  created_at: z.string(),
  repo_root: z.string(),
  metrics: z.record(z.string(), z.number().nullable()),
  key_findings: z.array(z.string()),
  sanity_samples: z.strictObject({
    metasgd_config: metasgdConfig,
    gru_config: gruConfig,
    lr_analysis_summary: z
      .strictObject({
        embedding_mean_alpha: z.number(),
        gru_mean_alpha: z.number(),
        fc_mean_alpha: z.number(),
      })
      .nullable(),
  }),
  data_fingerprints: z.record(z.string(), z.strictObject({ path: z.string(), bytes: count, sha256 })),
  notes: z.array(z.string()),
});

/** `network_search.json`: the settings that the search for the network's size and dropout has tried, written after each setting. */
export const networkSearchSchema = z.strictObject({
  format: z.literal("kshot.network-search/1"),
  /** Number of train people held out; they were not trained on. */
  people: count,
  /**
   * The settings that the budget allows, in the order in which they are tried; the first is kept unless another is significantly
   * better.
   */
  settings: z.array(networkSettings),
  /** Settings beyond the budget. */
  beyondBudget: z.array(networkSettings),
  /** For each setting tried so far: MRR of the held-out people, each person's, and the best epoch. */
  tried: z.array(z.strictObject({ mrr: share, epoch: count, people: z.array(share) })),
  /** The result; omitted while the search is not finished. */
  chosen: z
    .strictObject({
      /** Index into `settings`. */
      setting: count,
      /** For each setting after the first: p of its gain for the number of settings tried (max-z under sign flips). */
      p: z.array(share),
      /** Expected gain in MRR of the best setting if none had an effect. */
      gainByChance: z.number(),
    })
    .optional(),
});

/** `manifest.json`: inputs, outputs, engine and versions. */
export const manifestSchema = z.strictObject({
  run_id: z.string(),
  notebook: z.string(),
  run_tag: z.string(),
  outputs: z.record(z.string(), z.string()),
  /** SHA-256 of the run's files, by path relative to the run; absent in runs of earlier versions. */
  files: z.record(z.string(), sha256).optional(),
  inputs: z.record(z.string(), z.string()),
  engine: z.strictObject({ name: z.string(), backend: z.string(), workers: count }),
  versions: z.record(z.string(), z.string()),
});

/** The settings that change results: a configuration without ids, paths, and without engine, device, workers and its memory. */
export const decidingConfigSchema = configSchema
  .omit({
    $schema: true,
    notebook: true,
    run_tag: true,
    run_id: true,
    files: true,
    engine: true,
    device: true,
    backend: true,
    build: true,
    workers: true,
    gpu_memory: true,
    metrics: true,
  })
  // Files of earlier versions name their run here.
  .extend({ notebook: z.string().optional() });

/** A counting model in a file, in addition to its arrays `counts.<part>.<array>`. */
const countsDescription = z.strictObject({
  /** Each counted part: its name in the stack, its method and options. */
  parts: z
    .array(z.strictObject({ name: z.string(), method: z.string(), options: z.record(z.string(), z.number()) }))
    .min(1),
  /** Weights of the stack: of the parts, of the network and of the ensemble if there are any, then of the three features of seen items. */
  stack: z
    .strictObject({ experts: z.array(z.string()), weights: z.array(z.number()), repeats: z.boolean() })
    .optional(),
  /**
   * Weights of the parts and of the features of seen items in the mixture whose log-probabilities are the offsets of the network's
   * steps; left out: it has none.
   */
  offsets: z.array(z.number()).optional(),
});

/** `__metadata__.kshot` of a model file: the input of `evaluate` and `recommend` in addition to the tensors. */
export const modelMetadataSchema = z.strictObject({
  format: z.literal("kshot.model/1"),
  algorithm: z.enum(algorithmNames),
  /** `theta`: a network; `alpha`: only learning rates; `counts`: a counting method or a stack, with its network in the same file. */
  kind: z.enum(["theta", "alpha", "counts"]),
  counts: countsDescription.optional(),
  /** The algorithm of a stack's network; its settings are `config`. */
  network: z.enum(algorithmNames).optional(),
  /** The number of networks `ensemble.<number>` in a stack's ensemble; left out: it has none. */
  ensemble: z.int().min(1).max(16).optional(),
  config: decidingConfigSchema,
  items: z.array(z.string()),
  titles: z.array(z.string()).optional(),
  /** Fingerprint of the data it was trained on. This key and the next two are left out for imported weights. */
  dataFingerprint: sha256.optional(),
  /** Iteration (meta-learners) or epoch (plain GRU) of these parameters, and the validation metrics they had. */
  iteration: count.optional(),
  validation: metricValues.nullable().optional(),
});

/** `meta.json`, the registry of a project's runs. */
export type Registry = z.infer<typeof registrySchema>;
/** `lr_analysis.json`: statistics of the learned rates by tensor. */
export type LrAnalysis = z.infer<typeof lrAnalysisSchema>;
/** `report.json` of a run. */
export type Report = z.infer<typeof reportSchema>;
/** A search for the network's size, as its file has it. */
export type NetworkSearch = z.infer<typeof networkSearchSchema>;

/** `manifest.json` of a run. */
export type Manifest = z.infer<typeof manifestSchema>;
/** Metadata of a model file. */
export type ModelMetadata = z.infer<typeof modelMetadataSchema>;

const spreadOfRates = z.strictObject({
  mean: z.number(),
  std: z.number().nullable(),
  /** 5, 25, 50, 75 and 95 %. */
  quantiles: z.array(z.number()).length(5),
  /** Shares of the rates at the ends of the allowed range. */
  atLow: share,
  atHigh: share,
  /** `counts[i]` rates are in `[edges[i], edges[i + 1])`; the last bin includes its right edge. */
  histogram: z.strictObject({ edges: z.array(z.number()), counts: z.array(count) }),
});

/** The same for each row of a matrix, as columns: entry i belongs to row i. */
const spreadsOfRows = z.strictObject({
  mean: z.array(z.number()),
  std: z.array(z.number().nullable()),
  quantiles: z.array(z.array(z.number()).length(5)),
  atLow: z.array(share),
  atHigh: z.array(share),
  /** One list of edges for all rows. */
  histogram: z.strictObject({ edges: z.array(z.number()), counts: z.array(z.array(count)) }),
});

/** `rate_analysis.json`: distributions of the learned rates, and the gain from adapting each group of tensors. */
export const rateAnalysisSchema = z.strictObject({
  algorithm: z.string(),
  tensors: z.record(z.string(), spreadOfRates),
  /** Gates r, z, n of every GRU tensor: `gru.weight_hh_l0/r`. */
  gates: z.record(z.string(), spreadOfRates),
  /** Every row of every matrix of up to 4,096 rows: items in embedding and output layer, gate units r, z, n in the GRU. */
  rows: z.record(z.string(), spreadsOfRows),
  /** The rows of embedding and output layer with the greatest mean rate. */
  fastest: z.record(z.string(), z.array(z.strictObject({ row: count, item: z.string(), mean: z.number() }))),
  /** Few-shot validation metrics when one group of tensors adapts and all others stay; `none` is zero-shot. */
  groups: z.record(z.string(), metricValues),
  hypothesis: z.string().nullable(),
});
/** `rate_analysis.json`: distributions of the learned rates and their ablation. */
export type RateAnalysis = z.infer<typeof rateAnalysisSchema>;
