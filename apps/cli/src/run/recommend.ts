import { readFileSync } from "node:fs";
import { dataError, parseJson, usageError } from "@kshot/contract";
import { type History, openRecommender } from "@kshot/experiment";
import { engineOptions } from "../flags/engine.js";
import type { RecommendFlags } from "../flags/recommend.js";
import { typedPath } from "../paths.js";
import { modelOf } from "./model.js";

/** `kshot recommend`. */
export async function runRecommend(flags: RecommendFlags): Promise<void> {
  const history = historyOf(flags);
  const recommender = await openRecommender(await modelOf(flags.model), {
    // One person is one task: more threads would wait.
    ...engineOptions(flags),
    workers: flags.workers ?? 1,
  });
  try {
    const { items, adapted } = await recommender.recommend(history, { top: flags.top, newOnly: flags.newOnly });
    if (flags.json) {
      process.stdout.write(`${JSON.stringify({ algorithm: recommender.algorithm, adapted, items }, null, 2)}\n`);
      return;
    }
    const rows = items.map(({ rank, item, title, probability }) => [
      `${rank}`.padStart(`${items.length}`.length),
      `${(100 * probability).toFixed(1).padStart(5)} %`,
      item,
      title !== undefined && title !== item ? title : "",
    ]);
    const width = Math.max(0, ...rows.map((row) => row[2]!.length));
    for (const [rank, share, item, title] of rows) {
      process.stdout.write(`${rank}  ${share}  ${item!.padEnd(width)}  ${title}`.trimEnd().concat("\n"));
    }
    process.stderr.write(`${howFitted(recommender.adapts, adapted)}\n`);
  } finally {
    recommender.dispose();
  }
}

function howFitted(adapts: boolean, { pairs, steps }: { pairs: number; steps: number }): string {
  if (!adapts) return "The model has no inner learning rates: ranked by the history alone.";
  if (pairs === 0) return "One click makes no pair to fit the model to: ranked by the history alone.";
  return `Fitted to the person by ${steps} steps on ${pairs} pair${pairs === 1 ? "" : "s"}.`;
}

function historyOf({ history, historyFile }: RecommendFlags): History {
  if ((history === undefined) === (historyFile === undefined)) {
    throw usageError({
      where: "--history",
      found: history === undefined ? "no history" : "--history and --history-file",
      expected: "--history ITEM, once or more, or --history-file JSON",
    });
  }
  if (history !== undefined) return history;
  const file = typedPath(historyFile!);
  let bytes: Uint8Array;
  try {
    bytes = readFileSync(file);
  } catch (cause) {
    throw dataError({ where: file, found: (cause as Error).message, expected: "a JSON list of items", cause });
  }
  const value = parseJson(bytes, file);
  const items = (list: unknown): boolean => Array.isArray(list) && list.every((entry) => typeof entry === "string");
  if (items(value) || (Array.isArray(value) && value.every(items))) return value as History;
  throw dataError({
    where: file,
    found: JSON.stringify(value).slice(0, 80),
    expected: 'a list of item names, ["a", "b"], or a list of sessions, [["a"], ["b", "c"]]',
  });
}
