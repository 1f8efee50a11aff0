import { existsSync, readdirSync } from "node:fs";
import { basename, dirname, join, relative } from "node:path";
import { defaultLease, defaultTries, entryAt, usageError } from "@kshot/contract";
import type { Plan, PopulationPlan } from "@kshot/contract/schemas";
import { cutEventsIntoShards, inputFiles, parquetColumns, type ReadOptions, shardColumns } from "@kshot/episodes";
import { type EngineChoice, type Progress, withBuild } from "@kshot/experiment";
import { openRecommender } from "@kshot/recommend";
import { type ReplaceRule, requireReplaceable, sha256File, withScratchFolder, writeFileAtomic } from "@kshot/store";
import { planFile, writePlan } from "../plan/plan-file.js";
import type { PlanSettings } from "../suite/plan-suite-work.js";
import { placeOf } from "./s3.js";
import { eventsOfShard } from "./shard-files.js";

/** A population of people and the model that recommends to them. */
export interface PopulationOptions extends PlanSettings {
  /** Folder of the plan, absolute. */
  readonly directory: string;
  /** Files of events of all people. */
  readonly events: ReadOptions;
  /** Idle seconds that end a session; null: sessions have no time limit. */
  readonly sessionGap: number | null;
  /** Model file, absolute. */
  readonly model: string;
  /** Number of shards, ≥ 1: each is one cell. */
  readonly shards: number;
  readonly ranking: PopulationPlan["ranking"];
  /** Build of the engine that computes all shards; if omitted, the fastest that this Node runs. */
  readonly build?: "simd" | "relaxed-simd";
  /** `s3://bucket/prefix`, the target of the lists; if omitted, the folder of the plan. */
  readonly to?: string;
  readonly progress: Progress;
}

/** The stage that writes the shards, in words. */
const cutting = "Cutting into shards";

/**
 * Cuts a population into shards by a hash of the person (the hash does not depend on a library's version), writes one file of
 * events for each, and plans one cell for each.
 *
 * @throws `DATA` for events or a model that cannot be read, `USAGE` for a folder with another plan, items of `among` or `exclude`
 * that the model does not know, and an invalid target.
 */
export async function planPopulation(options: PopulationOptions): Promise<Plan> {
  const { directory, events, sessionGap, model, shards, ranking, to, progress, version } = options;
  if (to !== undefined) placeOf(to);
  if (existsSync(join(directory, planFile))) {
    throw usageError({
      where: directory,
      found: "a plan already",
      expected: "a folder without a plan",
      todo: "Work on it with kshot population work, or give another --out",
    });
  }
  requireOwnFolder(directory);
  // An input can have the path of a shard.
  const rule: ReplaceRule = {
    wrote: async (file) => String(await parquetColumns(file)) === String(Object.values(shardColumns)),
    inputs: await inputFiles(events.inputs),
  };
  for (let shard = 0; shard < shards; shard++) await requireReplaceable(eventsOfShard(directory, shard), rule);
  await requireRanking(model, ranking);
  const { sha256: modelSha256 } = await sha256File(model);
  progress({ type: "stage", stage: cutting, total: shards, unit: "shard" });
  const cells = await withScratchFolder((spillFolder) => writeShards(options, { ...events, spillFolder }, rule));
  const people = cells.reduce((sum, shard) => sum + shard.people, 0);
  progress({ type: "done", stage: cutting, text: `${people} people in ${shards} shards` });
  const build = options.build ?? fastestBuild();
  return writePlan(directory, {
    ...{ version, tries: options.tries ?? defaultTries, lease: options.lease ?? defaultLease },
    cells: cells.map((_, shard) => ({ name: `shard ${shard}`, needs: [] })),
    work: {
      kind: "population",
      model: relative(directory, model).replaceAll("\\", "/"),
      ...{ modelSha256, sessionGap, build, ranking },
      events: [...events.inputs],
      ...(to === undefined ? {} : { to }),
      shards: cells,
    },
  });
}

/**
 * A stopped plan leaves only its shards in the folder. Other files are refused, so that they are not mixed with a plan. @throws
 * `USAGE`
 */
function requireOwnFolder(directory: string): void {
  if (!existsSync(directory)) return;
  const shardFolder = basename(dirname(eventsOfShard(directory, 0)));
  const [foreign] = readdirSync(directory).filter((name) => name !== shardFolder && !name.startsWith("."));
  if (foreign === undefined) return;
  throw usageError({
    where: directory,
    found: `${foreign}, which does not belong to a plan`,
    expected: "a new or an empty folder",
    todo: "Give another --out",
  });
}

/** Cuts the events and writes the file of each shard. */
async function writeShards(
  { directory, shards, progress }: PopulationOptions,
  events: ReadOptions,
  rule: ReplaceRule,
): Promise<PopulationPlan["shards"]> {
  const cut = await cutEventsIntoShards(events, shards);
  const cells: PopulationPlan["shards"] = [];
  try {
    for await (const pieces of cut.files) {
      const file = eventsOfShard(directory, cells.length);
      await writeFileAtomic(file, pieces, rule);
      const { sha256 } = await sha256File(file);
      cells.push({ ...entryAt(cut.counts, cells.length), sha256 });
      progress({ type: "step", stage: cutting, done: cells.length, figures: {} });
    }
  } finally {
    cut.close();
  }
  return cells;
}

/** The build that this runtime chooses. */
function fastestBuild(): "simd" | "relaxed-simd" {
  const choice: EngineChoice = { engine: "auto", device: "cpu" };
  return withBuild(choice).build ?? "simd";
}

/** Checks before the events are cut that the model can be opened and knows the items. */
async function requireRanking(model: string, { among, exclude }: PopulationPlan["ranking"]): Promise<void> {
  const recommender = await openRecommender(model, { workers: 1 });
  try {
    await recommender.recommend([], {
      ...(among === undefined ? {} : { among }),
      ...(exclude === undefined ? {} : { exclude }),
    });
  } finally {
    recommender.close();
  }
}
