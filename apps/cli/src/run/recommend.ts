import { alignedLines, printable, usageError } from "@kshot/contract";
import type { History } from "@kshot/recommend";
import type { RecommendFlags } from "../flags/recommend.js";
import { typedPath } from "../paths.js";
import { print, printNote } from "../terminal/print.js";
import { historyInFile } from "./history-file.js";
import { modelOf } from "./model.js";
import { openedRecommender, rankingOptions } from "./opened-recommender.js";

/** `kshot recommend`. */
export async function runRecommend(flags: RecommendFlags): Promise<void> {
  if (flags.events !== undefined) {
    const { recommendEvents } = await import("./recommend-events.js");
    return recommendEvents(flags);
  }
  if (flags.out !== undefined) {
    throw usageError({ where: "--out", found: "no --events", expected: "--events FILE, whose people get lists" });
  }
  const history = historyOf(flags);
  const options = rankingOptions(flags);
  const recommender = await openedRecommender(flags, await modelOf(flags.model), 1);
  try {
    const { items, adapted, ignored } = await recommender.recommend(history, options);
    if (flags.json) {
      const answer = { algorithm: recommender.algorithm, adapted, items, ignored };
      process.stdout.write(`${JSON.stringify(answer, null, 2)}\n`);
      return;
    }
    const rows = items.map(({ rank, item, title, probability }) => [
      `${rank}`,
      `${(100 * probability).toFixed(1).padStart(5)} %`,
      printable(item),
      title !== undefined && title !== item ? printable(title) : "",
    ]);
    for (const line of alignedLines(rows, (column) => column === 0)) print(`${line}\n`);
    process.stderr.write(`${howFitted(recommender.adapts, adapted)}\n`);
    if (ignored.length > 0) {
      const named = ignored.slice(0, 5).map((name) => JSON.stringify(name));
      printNote(`Left out, unknown to the model: ${named.join(", ")}${ignored.length > 5 ? ", …" : ""}.\n`);
    }
  } finally {
    recommender.close();
  }
}

function howFitted(adapts: boolean, { pairs, steps }: { pairs: number; steps: number }): string {
  if (!adapts)
    return "The model has no inner learning rates, so it was not fitted to the person. The ranking uses the history alone.";
  if (pairs === 0)
    return "The history has no pair, so the model was not fitted to the person. The ranking uses the history alone.";
  return `Fitted to the person by ${steps} steps on ${pairs} pair${pairs === 1 ? "" : "s"}.`;
}

function historyOf({ history, historyFile }: RecommendFlags): History {
  const value = history ?? (historyFile === undefined ? undefined : historyInFile(typedPath(historyFile)));
  if (value === undefined || (history !== undefined && historyFile !== undefined)) {
    throw usageError({
      where: "--history",
      found: history === undefined ? "no history" : "--history and --history-file",
      expected: "--history ITEM, once or more, --history-file JSON, or --events FILE for many people",
    });
  }
  if (value.length > 0 && value.flat().length > 0) return value;
  throw usageError({ where: "--history", found: "no items", expected: "at least one item, the oldest first" });
}
