import { join, resolve } from "node:path";
import { entryAt } from "@kshot/contract";
import type { PopulationPlan } from "@kshot/contract/schemas";
import { shardColumns } from "@kshot/episodes";
import { listColumns, listFormat, type Progress, recommendPeople } from "@kshot/experiment";
import { openRecommender } from "@kshot/recommend";
import { removeFile, sha256File, writeFileAtomic } from "@kshot/store";
import { requirePlannedFile } from "../plan/planned-inputs.js";
import type { CellOutcome } from "../process/messages.js";
import { upload } from "./s3.js";
import { eventsOfShard, listsOfShard } from "./shard-files.js";

/** Number of people adapted together: more do not save time, and results do not depend on it. */
const peopleAtOnce = 256;

/** A shard and its inputs. */
export interface ShardOptions {
  /** Folder of the plan, absolute. */
  readonly directory: string;
  readonly work: PopulationPlan;
  readonly shard: number;
  /** Threads; does not change results. */
  readonly threads: number;
  readonly progress: Progress;
  readonly signal: AbortSignal;
}

/**
 * Writes the lists of one shard: Parquet sorted by person and rank, in the folder of the plan, or uploaded as one object if the
 * plan says so.
 *
 * @returns the hash of the file, and its number of people, rows and bytes
 * @throws `DATA` if model or events differ from the planned ones; as `recommendPeople`.
 */
export async function carryOutShard(options: ShardOptions): Promise<CellOutcome> {
  const { directory, work, shard } = options;
  await requirePlannedFile(resolve(directory, work.model), work.modelSha256, "the model");
  const { people, sha256 } = entryAt(work.shards, shard);
  await requirePlannedFile(eventsOfShard(directory, shard), sha256, "the events of the shard");
  const out = join(directory, listsOfShard(shard));
  const done = people === 0 ? await nobody(out) : await listsInto(out, options);
  const { sha256: output, bytes } = await sha256File(out);
  if (work.to !== undefined) {
    await upload(work.to, listsOfShard(shard), out);
    await removeFile(out);
  }
  return { output, figures: { ...done, bytes } };
}

async function listsInto(out: string, { directory, work, shard, threads, progress, signal }: ShardOptions) {
  const { top, newOnly, unknown, among, exclude } = work.ranking;
  const recommender = await openRecommender(resolve(directory, work.model), { workers: threads, build: work.build });
  try {
    const { people, rows } = await recommendPeople({
      ...{ recommender, out, peopleAtOnce, progress, signal },
      events: {
        ...{ inputs: [eventsOfShard(directory, shard)], columns: shardColumns, timeUnit: "s" },
        sessionGap: work.sessionGap,
      },
      ranking: {
        ...{ top, newOnly, unknown },
        ...(among === undefined ? {} : { among }),
        ...(exclude === undefined ? {} : { exclude }),
      },
    });
    return { people, rows };
  } finally {
    recommender.close();
  }
}

/** A shard without people has a file without rows. */
async function nobody(out: string) {
  const { pieces, rule } = listFormat(out, "--out");
  await writeFileAtomic(out, pieces(listColumns, (async function* () {})()), rule(listColumns, []));
  return { people: 0, rows: 0 };
}
