import * as z from "zod";
import { algorithmNames } from "../algorithms.js";
import { withCurrentNames } from "./earlier-names.js";
import { count, sha256 } from "./shared.js";

const seed = z.int().min(0).max(4294967295);
/** Part of a configuration, laid over the defaults; checked as a whole when the run starts. */
const settings = z.preprocess(withCurrentNames, z.record(z.string(), z.unknown())).default({});

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
        /** Over the suite's own. */
        settings,
      }),
    )
    .min(1),
});

/** `reports/<name>/suite.json`: the state of a suite. */
export const suiteStateSchema = z.strictObject({
  format: z.literal("kshot.suite-state/1"),
  suite: suiteSchema,
  /** Settings of the command line that decide numbers, laid over the suite's. Left out by older versions. */
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
