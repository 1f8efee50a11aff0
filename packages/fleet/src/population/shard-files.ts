import { join } from "node:path";

/** The events of a shard, in the folder of the plan. */
export function eventsOfShard(directory: string, shard: number): string {
  return join(directory, "events", `shard-${String(shard).padStart(4, "0")}.parquet`);
}

/** Path of the lists of a shard, relative to the folder of the plan and below `--to`. */
export function listsOfShard(shard: number): string {
  return `recs/shard=${shard}/part-0.parquet`;
}

/** Name of the manifest. */
export const manifestName = "_MANIFEST.json";
