import { join } from "node:path";
import { type DataSet, whole } from "@kshot/contract";
import { type Summary, summarySchema } from "@kshot/contract/schemas";
import {
  dataFolderFiles,
  inputFiles,
  isDataFolderFile,
  type PrepareOptions,
  type PrepareProgress,
  prepareEventsWithAccount,
  standardSplit,
  summarise,
} from "@kshot/episodes";
import {
  type FileContent,
  type FolderFiles,
  openingsFile,
  type ReplaceRule,
  readJsonFile,
  readOpenings,
  requireReplaceable,
  withScratchFolder,
  writeFolderAtomic,
} from "@kshot/store";
import { machineResources } from "../config/index.js";
import type { Progress } from "../progress.js";
import { editedFiles, withHashes } from "./folder-hashes.js";
import { neededForPreparing } from "./needed-for-preparing.js";
import { preparingInWords, requirePreparing } from "./require-preparing.js";

/** Result of `prepare`. */
export interface PreparedFolder {
  readonly directory: string;
  readonly data: DataSet;
  readonly summary: Summary;
  /** Notes about what was recognised in the files, in sentences. */
  readonly notes: readonly string[];
  /** Warnings about likely mistakes, with advice, in sentences. */
  readonly warnings: readonly string[];
}

/**
 * Events → a data folder on disk, completely or not at all: built under a temporary name, then renamed. An existing folder is replaced only if all of it was
 * written by `prepare`, no person edited it, and no input is in it.
 *
 * @throws `USAGE` for options or a folder that cannot be used, `DATA` for bad events, `FAILED` for a full disk, and before any work
 * if this machine has clearly too little memory or disk.
 */
export async function prepareFolder(
  options: PrepareOptions & { directory: string; describe?: Record<string, unknown> },
  progress: Progress,
): Promise<PreparedFolder> {
  const stage = "Preparing";
  progress({ type: "stage", stage });
  const inputs = await inputFiles(options.inputs);
  const rule: ReplaceRule = {
    wrote: hasSummary,
    own: isDataFolderFile,
    edited: editedFiles,
    inputs: [...inputs, ...(options.titles ? [options.titles.file] : [])],
  };
  // Checked before the work.
  await requireReplaceable(options.directory, rule);
  const needed = await neededForPreparing(inputs, { filtered: options.where !== undefined });
  requirePreparing(needed, await machineResources(options.directory), options.directory);
  progress({ type: "note", text: preparingInWords(needed) });
  const { data, notes, warnings, numberForm, ...account } = await withScratchFolder((spillFolder) =>
    prepareEventsWithAccount({
      ...{ ...options, spillFolder },
      onProgress: (now) => progress({ type: "stage", stage: stageOf(now) }),
    }),
  );
  const recorded = { ...recordedOptions(options, numberForm), ...options.describe };
  // The registry of evaluations of the test people is not in the hashes, because it changes.
  const files = withOpenings(withHashes(dataFolderFiles(data, recorded, account)), options.directory);
  await writeFolderAtomic(options.directory, files, rule);
  const summary = summarise(data, recorded, account);
  progress({
    type: "done",
    stage,
    text: `${summary.items} items, ${summary.users} people with a pair, ${summary.pairs} pairs, ${summary.train.episodes} train episodes`,
  });
  return { directory: options.directory, data, summary, notes, warnings };
}

/**
 * The files of a data folder, and last the registry of test evaluations of the replaced folder: it is kept when the data are
 * replaced.
 */
async function* withOpenings(files: FolderFiles, directory: string): AsyncGenerator<readonly [string, FileContent]> {
  yield* files;
  const openings = await readOpenings(directory);
  if (Object.keys(openings.data).length > 0) yield [openingsFile, `${JSON.stringify(openings, null, 2)}\n`];
}

/** Whether a folder has a `summary.json` of kshot. */
async function hasSummary(directory: string): Promise<boolean> {
  try {
    await readJsonFile(join(directory, "summary.json"), summarySchema);
    return true;
  } catch {
    return false;
  }
}

/** The stage of `prepare`, in words. */
function stageOf(now: PrepareProgress): string {
  if (now.stage === "read") return `Reading ${now.files === 1 ? "a file" : `${now.files} files`} of events`;
  if (now.stage === "sessions") return `Cutting ${whole(now.events)} events into sessions`;
  if (now.stage === "pairs") return `Making the pairs of ${whole(now.people)} people`;
  return `Making episodes of ${whole(now.pairs)} pairs`;
}

/** Options that are recorded only if they differ from the default. */
const recordedWhereGiven = [
  "timeFormat",
  "header",
  "quotes",
  "separator",
  "encoding",
  "nulls",
  "skipBad",
  "userFromFilename",
  "ties",
  "where",
  "topItems",
  "minEventsPerUser",
  "minEventsPerItem",
  "splitTime",
] as const satisfies readonly (keyof PrepareOptions)[];

/** The options that decide the folder's content; not paths, which differ between machines. */
function recordedOptions(options: PrepareOptions, numberForm: string | null): Record<string, unknown> {
  const { columns, timeUnit = numberForm ?? "s", maxPrefix, k, q, dataSeed } = options;
  const given = recordedWhereGiven.flatMap((name) => {
    const value = options[name];
    const isDefault =
      value === undefined || value === false || value === 0 || (Array.isArray(value) && value.length === 0);
    return (name === "header" || name === "quotes" ? value !== false : isDefault || value === "drop")
      ? []
      : [[name, value] as const];
  });
  // An option without effect (because another one decides) is not recorded.
  const sessionGap = columns.session === undefined ? { sessionGap: options.sessionGap } : {};
  const split = options.splitTime || columns.split !== undefined ? {} : { split: options.split ?? standardSplit };
  return { columns, timeUnit, ...sessionGap, maxPrefix, ...split, k, q, dataSeed, ...Object.fromEntries(given) };
}
