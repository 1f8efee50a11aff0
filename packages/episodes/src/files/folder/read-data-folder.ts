import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import {
  type DataSet,
  dataError,
  type EpisodeTable,
  type EvaluationSplit,
  type PairTable,
  parseJson,
  type SplitName,
  type Window,
} from "@kshot/contract";
import {
  type EventAccount,
  parseFile,
  type Summary,
  summarySchema,
  titlesSchema,
  vocabularySchema,
} from "@kshot/contract/schemas";
import { windowEpisodes } from "../../core/windows.js";
import { fingerprint } from "../fingerprint.js";
import { episodesFile, pairsFile, summaryFile, titlesFile, vocabularyFile } from "./file-names.js";
import { readEpisodeTable } from "./read-episode-table.js";
import { readPairTable } from "./read-pair-table.js";
import { requireDisjointPeople } from "./require-disjoint-people.js";

const folderContent =
  "a data folder: pairs/pairs_{train,val,test}.parquet, episodes/episodes_{train,val,test}_K5_Q10.parquet and vocab/course2id.json";

/**
 * Reads a data folder (docs/data.md) that `prepare` or pandas wrote, checks it and resolves it to columns and row numbers.
 * The `first` windows are derived if the folder has no file for them.
 *
 * No person may be in two splits. Otherwise a model would be evaluated on people it was trained on.
 *
 * @param directory - the data folder
 * @param size - K support and Q query pairs per episode; both are part of the episode files' names
 * @returns the data set with its fingerprint
 * @throws `DATA`, which names the file, column and row, or the missing file.
 */
export async function readDataFolder(directory: string, { k, q }: { k: number; q: number }): Promise<DataSet> {
  if (!existsSync(directory)) {
    throw dataError({
      where: directory,
      found: "no such folder",
      expected: folderContent,
      todo: "Make one with kshot prepare",
    });
  }
  const items = itemNames(
    parseFile(vocabularySchema, await readJson(directory, vocabularyFile), join(directory, vocabularyFile)),
  );
  if (items.length === 0) {
    throw dataError({
      where: join(directory, vocabularyFile),
      found: "no items",
      expected: "item names with their numbers",
    });
  }
  const titleText = await readIfThere(join(directory, titlesFile));
  const titles = titleText && titleList(titleText, join(directory, titlesFile), items);
  const summary = await summaryOf(directory);
  // Made with --split 1,0,0: validation and test are empty on purpose.
  const everyone = String(summary?.options.split) === "1,0,0";
  const pairsOf = async (split: SplitName): Promise<PairTable> => {
    const file = join(directory, pairsFile(split));
    const pairs = readPairTable(await readNeeded(directory, pairsFile(split)), file, items.length);
    if (pairs.length === 0 && !(everyone && split !== "train"))
      throw dataError({ where: file, found: "no pairs", expected: "at least one" });
    return pairs;
  };
  const episodesOf = async (
    split: SplitName,
    window: Window,
    pairs: PairTable,
    bytes: Uint8Array,
  ): Promise<EpisodeTable> => {
    const file = join(directory, episodesFile(split, window, k, q));
    const episodes = readEpisodeTable(bytes, file, pairs, { k, q, pairsFile: pairsFile(split) });
    if (episodes.length === 0 && !(everyone && split !== "train")) {
      throw dataError({ where: file, found: "no episodes", expected: `at least one person with ${k} + ${q} pairs` });
    }
    return episodes;
  };
  const evaluation = async (split: "val" | "test"): Promise<EvaluationSplit> => {
    const pairs = await pairsOf(split);
    const last = await episodesOf(split, "last", pairs, await readNeeded(directory, episodesFile(split, "last", k, q)));
    const written = await readIfThere(join(directory, episodesFile(split, "first", k, q)));
    const first = written ? await episodesOf(split, "first", pairs, written) : windowEpisodes(pairs, k, q, "first");
    return { pairs, windows: { first, last } };
  };
  const trainPairs = await pairsOf("train");
  const train = {
    pairs: trainPairs,
    episodes: await episodesOf(
      "train",
      "last",
      trainPairs,
      await readNeeded(directory, episodesFile("train", "last", k, q)),
    ),
  };
  const val = await evaluation("val");
  const test = await evaluation("test");
  requireDisjointPeople({ train: train.pairs, val: val.pairs, test: test.pairs }, (split) =>
    join(directory, pairsFile(split)),
  );
  const data = { items, ...(titles ? { titles } : {}), k, q, train, val, test };
  const hash = fingerprint(data);
  const account = summary && accountOf(summary, hash);
  return { ...data, fingerprint: hash, ...(account ? { account } : {}) };
}

/** The account of the rows in the summary, if the summary belongs to this data. */
function accountOf({ fingerprint, rows, served, splitTime }: Summary, hash: string): EventAccount | undefined {
  return fingerprint === hash && rows && served ? { rows, served, ...(splitTime ? { splitTime } : {}) } : undefined;
}

/** `summary.json`, if kshot wrote it; other programs also write a file of that name. */
async function summaryOf(directory: string): Promise<Summary | undefined> {
  const bytes = await readIfThere(join(directory, summaryFile));
  if (!bytes) return undefined;
  const { success, data } = summarySchema.safeParse(parseJson(bytes, join(directory, summaryFile)));
  return success ? data : undefined;
}

/** Names by number. */
function itemNames(vocabulary: ReadonlyMap<string, number>): string[] {
  const names = new Array<string>(vocabulary.size);
  for (const [name, id] of vocabulary) names[id] = name;
  return names;
}

/** Titles by item number; an item without one keeps its name. */
function titleList(bytes: Uint8Array, file: string, items: readonly string[]): string[] {
  const titles = parseFile(titlesSchema, parseJson(bytes, file), file);
  return items.map((name) => titles.get(name) ?? name);
}

async function readJson(directory: string, file: string): Promise<unknown> {
  return parseJson(await readNeeded(directory, file), join(directory, file));
}

async function readNeeded(directory: string, file: string): Promise<Uint8Array> {
  const bytes = await readIfThere(join(directory, file));
  if (bytes) return bytes;
  const existing = await readdir(join(directory, dirname(file))).catch(() => []);
  const there = existing.length === 0 ? "" : `; ${dirname(file)}/ holds ${existing.sort().join(", ")}`;
  throw dataError({
    where: join(directory, file),
    found: `no such file${there}`,
    expected: folderContent,
    todo: "Make one with kshot prepare; K and Q are part of the episode files' names",
  });
}

async function readIfThere(path: string): Promise<Uint8Array | undefined> {
  try {
    return await readFile(path);
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ENOTDIR") return undefined;
    throw dataError({ where: path, found: `it cannot be read (${code})`, expected: "a readable file", cause });
  }
}
