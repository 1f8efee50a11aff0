import { join } from "node:path";
import type { DataSet } from "@kshot/contract";
import { type Summary, summarySchema } from "@kshot/contract/schemas";
import { dataFolderFiles, type PrepareOptions, type PrepareProgress, prepareEvents, summarise } from "@kshot/episodes";
import { readJsonFile, writeFolderAtomic } from "@kshot/store";
import type { Progress } from "../progress.js";

/** What `prepare` made. */
export interface PreparedFolder {
  readonly directory: string;
  readonly data: DataSet;
  readonly summary: Summary;
}

/**
 * Events → a data folder on disk, all of it or none: built beside, then renamed. An existing folder is replaced only if its
 * `summary.json` says that kshot wrote it.
 */
export async function prepareFolder(
  options: PrepareOptions & { directory: string; describe?: Record<string, unknown> },
  progress: Progress,
): Promise<PreparedFolder> {
  const stage = "Preparing";
  progress({ type: "stage", stage });
  const data = await prepareEvents({
    ...options,
    onProgress: (now) => progress({ type: "stage", stage: stageOf(now) }),
  });
  const recorded = { ...recordedOptions(options), ...options.describe };
  const files = dataFolderFiles(data, recorded);
  await writeFolderAtomic(options.directory, files, {
    replace: async (existing) => {
      try {
        await readJsonFile(join(existing, "summary.json"), summarySchema);
        return true;
      } catch {
        return false;
      }
    },
  });
  const summary = summarise(data, recorded);
  progress({
    type: "done",
    stage,
    text: `${summary.items} items, ${summary.users} people with a pair, ${summary.pairs} pairs, ${summary.train.episodes} train episodes`,
  });
  return { directory: options.directory, data, summary };
}

/** What `prepare` is at, in words. */
function stageOf(now: PrepareProgress): string {
  const whole = (value: number) => value.toLocaleString("en-US");
  if (now.stage === "read") return `Reading ${now.files === 1 ? "a file" : `${now.files} files`} of events`;
  if (now.stage === "sessions") return `Cutting ${whole(now.events)} events into sessions`;
  if (now.stage === "pairs") return `Making the pairs of ${whole(now.people)} people`;
  return `Making episodes of ${whole(now.pairs)} pairs`;
}

/** The options that decide the folder's content; not paths, which differ between machines. */
function recordedOptions(options: PrepareOptions): Record<string, unknown> {
  const { columns, timeUnit = "s", sessionGap, maxPrefix, split, k, q, dataSeed } = options;
  return { columns, timeUnit, sessionGap, maxPrefix, split, k, q, dataSeed };
}
