import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Results } from "@kshot/contract/schemas";
import { expect, it } from "vitest";
import { temporaryFolder, tinyCampus, tinyConfig } from "../../test/tiny.js";
import { exportDraws, requireDrawsFile } from "./export-draws.js";

const folder = temporaryFolder();

it("writes every episode of every meta-batch, with the pairs that the data folder has for it", async () => {
  const { dataDir, data } = await tinyCampus(folder);
  const config = tinyConfig({ K: data.k, Q: data.q, metasgd_config: { meta_batch_size: 4 } });
  const results = ["gru", "maml"].map((algorithm) => ({ algorithm, history: { iteration: [2, 3] } }) as Results);
  const file = join(folder, "draws.csv");
  await exportDraws(file, { config, results, dataDir });
  const [header, ...rows] = readFileSync(file, "utf8").trim().split("\n");
  expect(header).toBe("algorithm,iteration,position,user_id,episode_id,support_pair_ids,query_pair_ids");
  expect(rows).toHaveLength(3 * 4);
  const { pairs, episodes } = data.train;
  for (const [i, row] of rows.entries()) {
    const [algorithm, iteration, position, user, id, support, query] = row.split(",");
    expect([algorithm, iteration, position]).toEqual(["maml", `${1 + Math.floor(i / 4)}`, `${i % 4}`]);
    const episode = episodes.episodeId.indexOf(Number(id));
    const ids = (table: Int32Array, count: number) =>
      Array.from(table.subarray(episode * count, (episode + 1) * count), (at) => pairs.pairId[at]).join(" ");
    expect([user, support, query]).toEqual([
      pairs.users[episodes.user[episode]!],
      ids(episodes.support, data.k),
      ids(episodes.query, data.q),
    ]);
  }
  // A meta-batch has different people.
  expect(new Set(rows.slice(0, 4).map((row) => row.split(",")[3])).size).toBe(4);
  await expect(requireDrawsFile(join(folder, "draws.txt"))).rejects.toThrow(
    /--export-draws .*draws\.txt: another ending/,
  );
});
