import { isMetaLearner } from "@kshot/comparison";
import { type DataSet, entryAt } from "@kshot/contract";
import type { Config, Results } from "@kshot/contract/schemas";
import type { MetaAlgorithmName } from "@kshot/meta-sgd";
import { requireReplaceable, writeFileAtomic } from "@kshot/store";
import { episodeDraws } from "../algorithms/index.js";
import { openDataFolder } from "../data/index.js";
import type { TrainOutcome } from "../run/index.js";
import { type ListBatch, type ListColumns, listFormat } from "./list-file.js";

/** Columns of a file of draws: one row for each episode of each meta-batch. */
export const drawColumns: ListColumns = [
  ["algorithm", "string"],
  ["iteration", "int64"],
  ["position", "int64"],
  ["user_id", "string"],
  ["episode_id", "int64"],
  ["support_pair_ids", "string"],
  ["query_pair_ids", "string"],
];

/** Iterations of a batch of rows. */
const iterationsAtOnce = 100;

/** @throws `USAGE` for another ending than .csv, .jsonl and .parquet, or a file that may not be replaced */
export async function requireDrawsFile(file: string): Promise<void> {
  await requireReplaceable(file, listFormat(file, "--export-draws").rule(drawColumns, []));
}

/**
 * Writes the episodes that every meta-learner of a run drew, iteration by iteration: iterations count from 1, as in the history; positions
 * in the meta-batch from 0; pair ids are separated by spaces. The draws are a function of seed and iteration, and are made again here.
 *
 * @param run - its settings, results and data folder
 * @throws `USAGE` as `requireDrawsFile`
 */
export async function exportDraws(
  file: string,
  { config, results, dataDir }: Pick<TrainOutcome, "config" | "results" | "dataDir">,
): Promise<void> {
  const format = listFormat(file, "--export-draws");
  const learners = results.filter(({ algorithm }) => isMetaLearner(algorithm));
  const data = await openDataFolder(dataDir, { k: config.K, q: config.Q });
  await writeFileAtomic(
    file,
    format.pieces(drawColumns, drawsOf(learners, config, data)),
    format.rule(drawColumns, []),
  );
}

async function* drawsOf(learners: readonly Results[], run: Config, data: DataSet): AsyncGenerator<ListBatch> {
  const { pairs, episodes } = data.train;
  const ids = (rows: Int32Array, episode: number, count: number) =>
    Array.from(rows.subarray(episode * count, (episode + 1) * count), (row) => pairs.pairId[row]).join(" ");
  for (const { algorithm, history } of learners) {
    const draw = episodeDraws(algorithm as MetaAlgorithmName, run, data);
    const iterations = history.iteration.at(-1) ?? 0;
    for (let first = 0; first < iterations; first += iterationsAtOnce) {
      const rows: (string | number)[][] = [];
      for (let iteration = first; iteration < Math.min(iterations, first + iterationsAtOnce); iteration++) {
        draw(iteration).drawnEpisodes.forEach((episode, position) => {
          rows.push([
            ...[algorithm, iteration + 1, position, entryAt(pairs.users, entryAt(episodes.user, episode))],
            ...[entryAt(episodes.episodeId, episode), ids(episodes.support, episode, episodes.k)],
            ids(episodes.query, episode, episodes.q),
          ]);
        });
      }
      yield drawColumns.map((_, column) => rows.map((row) => row[column] ?? null));
    }
  }
}
