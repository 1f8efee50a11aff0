import * as z from "zod";
import { count, sha256 } from "./shared.js";

/** One piece of work: anyone may do it, any number of times, with one outcome. */
const cell = z.strictObject({
  /** What people call it: `best, seed 1`; `shard 12`. */
  name: z.string(),
  /** Cells that must be done before, by index. */
  needs: z.array(count).default([]),
});

/** What a cell of a sweep takes its settings from: the try in place `place` of several, by validation MRR. */
export const sweepChoice = z.strictObject({
  /** The cells of each try, one for every seed. */
  tries: z.array(z.array(count).min(1)).min(1),
  place: count,
  /** Which of a try's cells: that of the cell's own seed. */
  seed: count,
  /** Settings laid over those of the try. */
  settings: z.record(z.string(), z.unknown()),
});

/** What a plan of a suite holds beside its cells. */
export const suitePlan = z.strictObject({
  kind: z.literal("suite"),
  /** Project folder in whose registry the runs stand; relative to the plan, as all paths here. */
  project: z.string(),
  /** Data folder. */
  data: z.string(),
  /** By cell: null where its settings stand in its run's `config.json` from the beginning. The runs themselves stand in `suite.json`. */
  choices: z.array(sweepChoice.nullable()),
});

/** What a plan of a population holds beside its cells. */
export const populationPlan = z.strictObject({
  kind: z.literal("population"),
  /** Model file. */
  model: z.string(),
  modelSha256: sha256,
  /** Files of events that were cut into shards, as they were given. */
  events: z.array(z.string()),
  /** Idle seconds that end a session; null: none does. */
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
  /** `s3://bucket/prefix` that whole shards go to; left out: they stay in the plan's folder. */
  to: z.string().optional(),
  /** People and events of each cell. */
  shards: z.array(z.strictObject({ people: count, events: count, sha256 })),
});

/** `plan.json`: work that was cut into cells. */
export const planSchema = z.strictObject({
  format: z.literal("kshot.plan/1"),
  /** Tells this plan from others in a queue that they share. */
  id: z.string().regex(/^[0-9a-f]{16}$/, "16 hexadecimal digits"),
  /** Version of kshot that planned it, and that works on it. */
  version: z.string(),
  cells: z.array(cell).min(1),
  /** How often a cell may fail. */
  tries: z.int().positive(),
  /** Seconds without a sign of life after which a cell is taken over. */
  lease: z.number().positive(),
  work: z.discriminatedUnion("kind", [suitePlan, populationPlan]),
});

/** `cells/<n>/done.json`: a cell's outcome. */
export const doneSchema = z.strictObject({
  format: z.literal("kshot.done/1"),
  name: z.string(),
  /** Hash of the output without `volatile`. */
  output: sha256,
  /** Figures of the outcome that others need: rows and people of a shard. */
  figures: z.record(z.string(), z.number()),
  volatile: z.strictObject({ host: z.string(), pid: count, startedAt: z.string(), seconds: z.number() }),
});

/** `cells/<n>/failures.json`: why a cell failed, each time. */
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

/** A plan: cells and what each needs. */
export type Plan = z.infer<typeof planSchema>;
/** Where a cell of a sweep takes its settings from. */
export type SweepChoice = z.infer<typeof sweepChoice>;
/** What a plan of a suite holds beside its cells. */
export type SuitePlan = z.infer<typeof suitePlan>;
/** What a plan of a population holds beside its cells. */
export type PopulationPlan = z.infer<typeof populationPlan>;
/** A finished cell. */
export type Done = z.infer<typeof doneSchema>;
/** Failed tries of a cell. */
export type Failures = z.infer<typeof failuresSchema>;
/** Manifest of a population. */
export type PopulationManifest = z.infer<typeof populationManifestSchema>;
