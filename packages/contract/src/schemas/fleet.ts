import * as z from "zod";
import { count, sha256 } from "./shared.js";

/** One piece of work. Any machine can do it, any number of times, with the same outcome. */
const cell = z.strictObject({
  /** Its name for people: `best, seed 1`; `shard 12`. */
  name: z.string(),
  /** Cells that must be done before, by index. */
  needs: z.array(count).default([]),
});

/** The source of a sweep cell's settings: the try at rank `place` of several, by validation MRR. */
export const sweepChoice = z.strictObject({
  /** The cells of each try, one for every seed. */
  tries: z.array(z.array(count).min(1)).min(1),
  place: count,
  /** The index of the cell's own seed among a try's cells. */
  seed: count,
  /** Settings that override those of the try. */
  settings: z.record(z.string(), z.unknown()),
});

/** The part of a plan that is specific to a suite. */
export const suitePlan = z.strictObject({
  kind: z.literal("suite"),
  /** Project folder whose registry lists the runs; relative to the plan, as all paths here. */
  project: z.string(),
  /** Data folder. */
  data: z.string(),
  /** By cell: null if its settings are in its run's `config.json` from the start. The runs are in `suite.json`. */
  choices: z.array(sweepChoice.nullable()),
});

/** The part of a plan that is specific to a population. */
export const populationPlan = z.strictObject({
  kind: z.literal("population"),
  /** Model file. */
  model: z.string(),
  modelSha256: sha256,
  /** Files of events that were cut into shards, as the user gave them. */
  events: z.array(z.string()),
  /** Idle seconds that end a session; null: sessions have no time limit. */
  sessionGap: z.number().nullable(),
  /** Build of the engine that computes every shard. */
  build: z.enum(["simd", "relaxed-simd"]),
  ranking: z.strictObject({
    top: z.int().positive(),
    newOnly: z.boolean(),
    unknown: z.enum(["refuse", "skip"]),
    among: z.array(z.string()).optional(),
    exclude: z.array(z.string()).optional(),
  }),
  /** `s3://bucket/prefix`, the target of whole shards; if omitted, they stay in the plan's folder. */
  to: z.string().optional(),
  /** People and events of each cell. */
  shards: z.array(z.strictObject({ people: count, events: count, sha256 })),
});

/** `plan.json`: work that was cut into cells. */
export const planSchema = z.strictObject({
  format: z.literal("kshot.plan/1"),
  /** Distinguishes this plan from others in the same queue. */
  id: z.string().regex(/^[0-9a-f]{16}$/, "16 hexadecimal digits"),
  /** Version of kshot of the plan; only this version works on it. */
  version: z.string(),
  cells: z.array(cell).min(1),
  /** Number of failures after which a cell is not tried again. */
  tries: z.int().positive(),
  /** Seconds without renewal after which a cell is taken over. */
  lease: z.number().positive(),
  work: z.discriminatedUnion("kind", [suitePlan, populationPlan]),
});

/** `cells/<n>/done.json`: a cell's outcome. */
export const doneSchema = z.strictObject({
  format: z.literal("kshot.done/1"),
  name: z.string(),
  /** Hash of the output without `volatile`. */
  output: sha256,
  /** Figures of the outcome for other programs: rows and people of a shard. */
  figures: z.record(z.string(), z.number()),
  volatile: z.strictObject({ host: z.string(), pid: count, startedAt: z.string(), seconds: z.number() }),
});

/** `cells/<n>/failures.json`: the reason of each failure of a cell. */
export const failuresSchema = z.strictObject({
  format: z.literal("kshot.failures/1"),
  failures: z.array(z.strictObject({ code: z.string(), message: z.string(), host: z.string(), at: z.string() })),
});

/** `_MANIFEST.json` of a population's lists. */
export const populationManifestSchema = z.strictObject({
  format: z.literal("kshot.population/1"),
  people: count,
  rows: count,
  columns: z.array(z.string()),
  modelSha256: sha256,
  shards: z.array(z.strictObject({ path: z.string(), people: count, rows: count, bytes: count, sha256 })),
});

/** A plan: cells and their dependencies. */
export type Plan = z.infer<typeof planSchema>;
/** The source of a sweep cell's settings. */
export type SweepChoice = z.infer<typeof sweepChoice>;
/** The part of a plan that is specific to a suite. */
export type SuitePlan = z.infer<typeof suitePlan>;
/** The part of a plan that is specific to a population. */
export type PopulationPlan = z.infer<typeof populationPlan>;
/** A finished cell. */
export type Done = z.infer<typeof doneSchema>;
/** Failed tries of a cell. */
export type Failures = z.infer<typeof failuresSchema>;
/** Manifest of a population. */
export type PopulationManifest = z.infer<typeof populationManifestSchema>;
