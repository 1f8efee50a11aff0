import * as z from "zod";
import { isRecord } from "../records.js";
import { count, sha256 } from "./shared.js";

/**
 * An object of JSON as a map from names to values. A name may be `__proto__` or `constructor`: objects, and `z.record`, treat those
 * unlike others.
 */
function namesTo<Value extends z.ZodType>(value: Value) {
  const entries = (given: unknown) => (isRecord(given) ? new Map(Object.entries(given)) : given);
  return z.preprocess(entries, z.map(z.string(), value, { error: "expected an object of names" }));
}

/** `vocab/course2id.json`: item name → 0 … n − 1, each number once. */
export const vocabularySchema = namesTo(count).superRefine((vocabulary, context) => {
  const n = vocabulary.size;
  const byId = new Map<number, string>();
  for (const [name, id] of vocabulary) {
    const other = byId.get(id);
    if (id >= n) context.addIssue({ code: "custom", path: [name], message: `id ${id}, expected 0 to ${n - 1}` });
    else if (other !== undefined)
      context.addIssue({ code: "custom", path: [name], message: `id ${id}, which "${other}" has already` });
    byId.set(id, name);
  }
});

/** `vocab/titles.json`: item name → title. */
export const titlesSchema = namesTo(z.string());

const evaluationCounts = z.object({ users: count, pairs: count, episodes: count, episodeUsers: count });

/** Number of rows, people or pairs of a kind, and the place of the first (zero-based row, without the header). */
const tally = z.strictObject({ count, first: z.strictObject({ file: z.string(), row: count }).optional() });

/**
 * The account of all rows that `prepare` read. Each row is counted once: it is dropped for one reason, begins a session, or is the label
 * of a pair; `read` = Σ dropped + `sessionStarts` + `pairs.kept`.
 */
export const rowAccountSchema = z.strictObject({
  read: count,
  /** Files in the order read; names without the folders common to all. */
  files: z.array(z.strictObject({ file: z.string(), read: count })),
  /** Number of pairs, and the number without tied times. */
  pairs: z.strictObject({ kept: count, possible: count }),
  /** First events of sessions with more than one: they begin histories. */
  sessionStarts: count,
  dropped: z.strictObject({
    noUser: tally,
    noItem: tally,
    noTime: tally,
    badRow: tally,
    repeat: tally,
    tiedTime: tally,
    filtered: tally,
    sessionOfOne: tally,
  }),
  /** People with events and without a pair. */
  peopleWithoutPair: tally,
});

/** Number of people with K + Q pairs: first for the requested K and Q, then for smaller ones that serve more people. */
export const servedSchema = z.array(z.strictObject({ k: count, q: count, people: count }));

/** A split at two moments: the times at which validation and test begin, and the people and events that were left out. */
export const splitTimeSchema = z.strictObject({
  moments: z.tuple([z.number(), z.number()]),
  people: count,
  events: count,
});

/** The account of the input rows of a data folder, and the number of people that each K and Q serve. */
export const eventAccountSchema = z.strictObject({
  rows: rowAccountSchema,
  served: servedSchema,
  /** With `--split-time`. */
  splitTime: splitTimeSchema.optional(),
});

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
  /** Absent in folders of earlier versions. */
  rows: rowAccountSchema.optional(),
  served: servedSchema.optional(),
  /** With `--split-time`. */
  splitTime: splitTimeSchema.optional(),
  fingerprint: sha256,
  /**
   * SHA-256 of each file of the folder, by path; of `summary.json` that of itself as JSON on one line without this key. Absent in folders of
   * earlier versions.
   */
  files: z.record(z.string(), sha256).optional(),
  options: z.record(z.string(), z.unknown()),
});

/** `campus.json`, which `synth` writes next to its events. The ideal observer is computed from it. */
export const campusSchema = z.strictObject({
  format: z.literal("kshot.campus/1"),
  version: count,
  users: count,
  items: count,
  taste: z.number(),
  dataSeed: count,
});

/** `vocab/course2id.json`: item number by name. */
export type Vocabulary = z.infer<typeof vocabularySchema>;
/** The account of rows and the people served, as results files hold them. */
export type EventAccount = z.infer<typeof eventAccountSchema>;
/** Account of the rows of a `prepare`: read, dropped by reason, kept. */
export type RowAccount = z.infer<typeof rowAccountSchema>;
/** `summary.json` of a data folder. */
export type Summary = z.infer<typeof summarySchema>;
