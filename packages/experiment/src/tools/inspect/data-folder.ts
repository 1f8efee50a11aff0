import { existsSync, readdirSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { openingsInWords, signalVerdict } from "@kshot/comparison";
import { type DataSet, dataError, entryAt, type PairTable, parseJson, whole } from "@kshot/contract";
import { type PersonalSignal, type Summary, summarySchema } from "@kshot/contract/schemas";
import { readDataFolder } from "@kshot/episodes";
import { openingsOf, readJsonFile } from "@kshot/store";
import { personalSignal } from "../../algorithms/index.js";
import { accountLines, changedSincePrepared, type EpisodeSize, episodeSizes } from "../../data/index.js";
import { everyoneTrains } from "../../evaluation/index.js";
import type { Progress } from "../../progress.js";
import { median } from "../median.js";
import type { Inspection } from "./inspection.js";

/**
 * A data folder, read completely as by `train`; its `summary.json`, if it has one, is compared with the files. With `progress`
 * the personal signal is also measured.
 */
export async function inspectDataFolder(path: string, progress?: Progress): Promise<Inspection> {
  const [size, ...more] = await sizesIn(path);
  const data = await readDataFolder(path, size);
  const others = more.map(({ k, q }) => `K = ${k}, Q = ${q}`);
  const { train, val, test } = data;
  const lengths = [train, val, test].flatMap(({ pairs }) => Array.from(prefixLengths(pairs))).sort((a, b) => a - b);
  const episodes = (name: "val" | "test") =>
    `${whole(data[name].windows.first.length)} first, ${whole(data[name].windows.last.length)} last`;
  const facts: [string, string][] = [
    ["Items", `${whole(data.items.length)}${data.titles ? ", with titles" : ", without titles"}`],
    [
      "Train",
      `${whole(train.pairs.users.length)} people, ${whole(train.pairs.length)} pairs, ${whole(train.episodes.length)} episodes of ${whole(new Set(train.episodes.user).size)}`,
    ],
    [
      "Validation",
      `${whole(val.pairs.users.length)} people, ${whole(val.pairs.length)} pairs, windows: ${episodes("val")}`,
    ],
    [
      "Test",
      `${whole(test.pairs.users.length)} people, ${whole(test.pairs.length)} pairs, windows: ${episodes("test")}`,
    ],
    [
      "Episodes",
      `K = ${data.k} support and Q = ${data.q} query pairs${others.length ? `; also ${others.join("; ")}` : ""}`,
    ],
    ["Histories", `${lengths[0]} to ${lengths.at(-1)} items, median ${median(lengths)}`],
    ["Fingerprint", data.fingerprint],
    ["Test people", openingsInWords(await openingsOf(path, data.fingerprint))],
  ];
  if (progress !== undefined && !everyoneTrains(data))
    facts.push(...personalFacts(await personalSignal(data, { progress })));
  const summary = await summaryOf(path);
  if (summary) facts.push(...accountLines(summary));
  const changed = await changedSincePrepared(path, data);
  const problems = [...(summary ? summaryProblems(summary, data) : []), ...changed];
  if (summary) {
    const unchanged = changed.length === 0 ? "every byte is unchanged since prepare" : "changed since prepare";
    facts.push(["Hashes", summary.files ? unchanged : "none: a folder of an earlier version"]);
  }
  return { kind: "data folder", path, facts, problems };
}

/** Whether there is a personal signal: the sentence and its evidence. */
function personalFacts(signal: PersonalSignal): [string, string][] {
  const { sentence, evidence } = signalVerdict(signal);
  return [["Personal?", sentence], ...evidence.map((text): [string, string] => ["", text])];
}

/** The sizes of a folder's train episodes. @throws `DATA` for a folder without any. */
async function sizesIn(path: string): Promise<[EpisodeSize, ...EpisodeSize[]]> {
  const [first, ...more] = await episodeSizes(path);
  if (first !== undefined) return [first, ...more];
  const folder = join(path, "episodes");
  const names = existsSync(folder) ? readdirSync(folder).sort() : [];
  throw dataError({
    where: folder,
    found: names.length === 0 ? "no files" : names.join(", "),
    expected: "episodes_train_K5_Q10.parquet, or another K and Q",
  });
}

/** The folder's `summary.json`; null if it has none. */
async function summaryOf(path: string): Promise<Summary | null> {
  const file = join(path, "summary.json");
  if (!existsSync(file)) return null;
  // Other programs also write a summary.json, which cannot be compared.
  const found = parseJson(await readFile(file, "utf8"), file);
  if (typeof found !== "object" || found === null || !("fingerprint" in found)) return null;
  return readJsonFile(file, summarySchema);
}

function summaryProblems(summary: Summary, data: DataSet): string[] {
  if (Number(summary.options.k ?? data.k) !== data.k || Number(summary.options.q ?? data.q) !== data.q) return [];
  const { train, val, test, items } = data;
  const splits = { train, val, test };
  const total = (of: (pairs: PairTable) => number) => of(train.pairs) + of(val.pairs) + of(test.pairs);
  const counts: [name: string, said: number, there: number][] = [
    ["items", summary.items, items.length],
    ["users", summary.users, total(({ users }) => users.length)],
    ["pairs", summary.pairs, total(({ length }) => length)],
    ...(["train", "val", "test"] as const).flatMap((split): [string, number, number][] => [
      [`${split}.users`, summary[split].users, splits[split].pairs.users.length],
      [`${split}.pairs`, summary[split].pairs, splits[split].pairs.length],
    ]),
    ["firstWindow.val", summary.firstWindow.val, val.windows.first.length],
    ["firstWindow.test", summary.firstWindow.test, test.windows.first.length],
  ];
  const { rows } = summary;
  if (rows) {
    const dropped = Object.values(rows.dropped).reduce((sum, { count }) => sum + count, 0);
    counts.push(
      ["rows.pairs.kept", rows.pairs.kept, total(({ length }) => length)],
      ["rows.read", rows.read, dropped + rows.sessionStarts + rows.pairs.kept],
    );
  }
  return counts.flatMap(([name, said, there]) =>
    said === there ? [] : [`summary.json has ${name} ${whole(said)}, the files ${whole(there)}`],
  );
}

function prefixLengths({ length, prefixOffsets }: PairTable): Int32Array {
  return prefixOffsets.slice(1, length + 1).map((end, row) => end - entryAt(prefixOffsets, row));
}
