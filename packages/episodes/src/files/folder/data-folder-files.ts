import type { DataSet } from "@kshot/contract";
import { type Summary, summarySchema } from "@kshot/contract/schemas";
import { type EventAccount, summarise } from "../../core/summarise.js";
import { episodeTablePieces, pairTablePieces } from "./encode.js";
import { episodesFile, pairsFile, summaryFile, titlesFile, vocabularyFile } from "./file-names.js";

/**
 * All files of a data folder, by path inside it; `options` and `account` are recorded in `summary.json`. Files are encoded piece by
 * piece on demand.
 */
export function* dataFolderFiles(
  data: DataSet,
  options: Record<string, unknown>,
  account?: EventAccount,
): Generator<readonly [path: string, content: AsyncIterable<Uint8Array> | string]> {
  const { k, q } = data;
  yield [vocabularyFile, json(Object.fromEntries(data.items.map((name, id) => [name, id])))];
  if (data.titles) yield [titlesFile, json(Object.fromEntries(data.items.map((name, id) => [name, data.titles![id]])))];
  yield [pairsFile("train"), pairTablePieces(data.train.pairs)];
  yield [episodesFile("train", "last", k, q), episodeTablePieces(data.train.episodes, data.train.pairs)];
  for (const split of ["val", "test"] as const) {
    const { pairs, windows } = data[split];
    yield [pairsFile(split), pairTablePieces(pairs)];
    for (const window of ["last", "first"] as const) {
      yield [episodesFile(split, window, k, q), episodeTablePieces(windows[window], pairs)];
    }
  }
  const summary: Summary = summarySchema.parse(summarise(data, options, account));
  yield [summaryFile, json(summary)];
}

function json(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
