import * as z from "zod";
import { algorithmNames } from "../algorithms.js";
import { withCurrentNames } from "./earlier-names.js";
import { count, sha256 } from "./shared.js";

const seed = z.int().min(0).max(4294967295);
/** Part of a configuration that overrides the defaults; checked as a whole when the run starts. */
const settings = z.preprocess(withCurrentNames, z.record(z.string(), z.unknown())).default({});

const range = z
  .tuple([z.number(), z.number()])
  .refine(([low, high]) => low < high, "the lower end first, then a higher end");
/** Values of one setting: a list, or a range that is drawn from. */
const sweptValues = z.union([
  z.array(z.union([z.number(), z.string(), z.boolean(), z.null(), z.array(z.number())])).min(1),
  z.strictObject({ uniform: range }),
  /** Uniform in the logarithm. */
  z.strictObject({ log: range.refine(([low]) => low > 0, "both ends above 0") }),
  /** Whole numbers, both ends included. */
  z.strictObject({ whole: range.refine((ends) => ends.every(Number.isInteger), "whole numbers") }),
]);

/** A suite (`train --suite FILE`): runs × seeds, each a whole `train`, compared at the end. */
export const suiteSchema = z.strictObject({
  $schema: z.string().optional(),
  format: z.literal("kshot.suite/1"),
  seeds: z.array(seed).min(1),
  /** Algorithm that the others are compared with. */
  reference: z.enum(algorithmNames).default("gru"),
  /** For every run. */
  settings,
  runs: z
    .array(
      z.strictObject({
        name: z.string().regex(/^[\w][\w.-]*$/, "letters, digits, dots, hyphens and underscores"),
        algorithms: z.array(z.enum(algorithmNames)).min(1),
        /** Override the suite's. */
        settings,
      }),
    )
    .min(1),
  /** Settings that are tried in every run that they change, by dotted name: `metasgd_config.inner_lr_init`. The best try by validation MRR becomes the run. */
  sweep: z.record(z.string(), sweptValues).optional(),
  /** Number of random draws of the sweep; if omitted, every combination of its lists. */
  draws: z.int().positive().max(10_000).optional(),
  draw_seed: seed.optional(),
  /**
   * Successive halving: all tries start with the value `from` of a setting; of every `factor` tries the best one continues, with
   * `factor` times the value.
   */
  halving: z
    .strictObject({
      setting: z.string().default("metasgd_config.num_meta_iterations"),
      from: z.int().positive(),
      factor: z.int().min(2).default(3),
    })
    .optional(),
});

/** `reports/<name>/suite.json`: the state of a suite. */
export const suiteStateSchema = z.strictObject({
  format: z.literal("kshot.suite-state/1"),
  suite: suiteSchema,
  /** Settings of the command line that change results and override the suite's. Omitted by older versions. */
  flags: z.preprocess(withCurrentNames, z.record(z.string(), z.unknown()).optional()).optional(),
  dataFingerprint: sha256,
  runs: z.array(z.strictObject({ name: z.string(), seed, run_id: z.string(), run_tag: z.string(), done: z.boolean() })),
  /** Number of runs. */
  total: count,
});

/** A suite file: runs and seeds. */
export type Suite = z.infer<typeof suiteSchema>;
/** State of a suite: its runs, and which of them are done. */
export type SuiteState = z.infer<typeof suiteStateSchema>;
