import * as z from "zod";
import { count, sha256 } from "./shared.js";

/** `vocab/course2id.json`: item name → 0 … n − 1, each number once. */
export const vocabularySchema = z.record(z.string(), count).superRefine((vocabulary, context) => {
  const n = Object.keys(vocabulary).length;
  const byId = new Map<number, string>();
  for (const [name, id] of Object.entries(vocabulary)) {
    const other = byId.get(id);
    if (id >= n) context.addIssue({ code: "custom", path: [name], message: `id ${id}, expected 0 to ${n - 1}` });
    else if (other !== undefined)
      context.addIssue({ code: "custom", path: [name], message: `id ${id}, which "${other}" has already` });
    byId.set(id, name);
  }
});

/** `vocab/titles.json`: item name → title. */
export const titlesSchema = z.record(z.string(), z.string());

const evaluationCounts = z.object({ users: count, pairs: count, episodes: count, episodeUsers: count });

/** `summary.json`: the folder's counts; `users` have at least one pair. */
export const summarySchema = z.strictObject({
  items: count,
  users: count,
  pairs: count,
  train: evaluationCounts,
  val: evaluationCounts,
  test: evaluationCounts,
  /** Episodes of the `first` window. */
  firstWindow: z.strictObject({ val: count, test: count }),
  fingerprint: sha256,
  options: z.record(z.string(), z.unknown()),
});

/** `campus.json`, which `synth` writes beside its events: from it the ideal observer can be made again. */
export const campusSchema = z.strictObject({
  format: z.literal("kshot.campus/1"),
  version: count,
  users: count,
  items: count,
  taste: z.number(),
  dataSeed: count,
});

export type Vocabulary = z.infer<typeof vocabularySchema>;
export type Summary = z.infer<typeof summarySchema>;
