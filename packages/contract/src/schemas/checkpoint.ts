import * as z from "zod";
import { algorithmNames } from "../algorithms.js";
import { history } from "./results.js";
import { decidingConfigSchema } from "./run-folder.js";
import { count, metricValues, sha256 } from "./shared.js";

/**
 * `__metadata__.kshot` of a checkpoint: the state of a training without its tensors. With the seed in `config`, the numbers of
 * iterations, epochs and steps are the whole state of the samplers: each draws from a stream named after its iteration.
 */
export const checkpointMetadataSchema = z.strictObject({
  format: z.literal("kshot.checkpoint/1"),
  algorithm: z.enum(algorithmNames),
  config: decidingConfigSchema,
  items: z.array(z.string()),
  dataFingerprint: sha256,
  /** Outer iterations (meta-learners) or minibatches (plain GRU) made. */
  iteration: count,
  /** Plain GRU: completed epochs, and completed minibatches of the current epoch. */
  epoch: count.optional(),
  stepInEpoch: count.optional(),
  /** Adam's updates of θ and, for a meta-learner, of α. */
  adam: z.strictObject({ theta: count, alpha: count.optional() }),
  best: z
    .strictObject({ iteration: count, epoch: count.optional(), score: z.number(), metrics: metricValues })
    .nullable(),
  /** Iteration (plain GRU: epoch) of the last validation; −1 before the first. */
  evaluatedAt: z.int().min(-1),
  evaluationsWithoutBetter: count,
  /** Plain GRU: how often the learning rate has fallen; left out: never. */
  rateDrops: count.optional(),
  history,
  secondsPerIteration: z.array(z.number()),
  pending: z.strictObject({ lossSum: z.number(), seconds: z.number(), iterations: count }),
});

/** Metadata of a checkpoint, as read. */
export type CheckpointMetadata = z.infer<typeof checkpointMetadataSchema>;
