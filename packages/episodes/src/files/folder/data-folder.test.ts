import { cpSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import { type DataSet, type EpisodeTable, KshotError, type PairTable } from "@kshot/contract";
import { summarySchema } from "@kshot/contract/schemas";
import { describe, expect, it } from "vitest";
import { dataSet, pairTable } from "../../../test/data-set.js";
import { temporaryFolder } from "../../../test/temporary-folder.js";
import { slidingEpisodes } from "../../core/windows.js";
import { dataFolderFiles } from "./data-folder-files.js";
import { encodeEpisodeTable, encodePairTable } from "./encode.js";
import { readDataFolder } from "./read-data-folder.js";
import { readEpisodeTable } from "./read-episode-table.js";
import { readPairTable } from "./read-pair-table.js";

const size = { k: 2, q: 3 };

async function errorOf(work: () => unknown): Promise<KshotError> {
  try {
    await work();
  } catch (error) {
    if (KshotError.isInstance(error)) return error;
    throw error;
  }
  throw new Error("no error");
}

describe("a data folder", () => {
  it("reads back as it was, with one fingerprint", async () => {
    const data = dataSet();
    expect(await readDataFolder(await temporaryFolder(dataFolderFiles(data, {})), size)).toEqual(data);
  });

  it("has exactly the files of docs/files.md, and a summary that its schema reads", () => {
    const files = new Map(dataFolderFiles(dataSet(), { dataSeed: 7 }));
    expect([...files.keys()].sort()).toEqual([
      "episodes/episodes_test_K2_Q3.parquet",
      "episodes/episodes_test_first_K2_Q3.parquet",
      "episodes/episodes_train_K2_Q3.parquet",
      "episodes/episodes_val_K2_Q3.parquet",
      "episodes/episodes_val_first_K2_Q3.parquet",
      "pairs/pairs_test.parquet",
      "pairs/pairs_train.parquet",
      "pairs/pairs_val.parquet",
      "summary.json",
      "vocab/course2id.json",
      "vocab/titles.json",
    ]);
    expect(summarySchema.parse(JSON.parse(files.get("summary.json") as string))).toMatchObject({
      items: 6,
      users: 7,
      pairs: 15 + 9 + 11,
      // 7 and 5 pairs have 3 and 1 windows of 5; 3 pairs have none.
      train: { users: 3, pairs: 15, episodes: 4, episodeUsers: 2 },
      val: { users: 2, pairs: 9, episodes: 1, episodeUsers: 1 },
      test: { users: 2, pairs: 11, episodes: 2, episodeUsers: 2 },
      firstWindow: { val: 1, test: 2 },
      options: { dataSeed: 7 },
    });
  });

  it("derives the first windows where their files are missing: same data, same fingerprint", async () => {
    const data = dataSet();
    const folder = await temporaryFolder(dataFolderFiles(data, {}));
    for (const split of ["val", "test"]) rmSync(join(folder, `episodes/episodes_${split}_first_K2_Q3.parquet`));
    expect(await readDataFolder(folder, size)).toEqual(data);
  });

  it("works without titles", async () => {
    const folder = await temporaryFolder(dataFolderFiles(dataSet(), {}));
    rmSync(join(folder, "vocab/titles.json"));
    expect((await readDataFolder(folder, size)).titles).toBeUndefined();
  });

  const cases: readonly [string, (folder: string, data: DataSet) => void, readonly RegExp[]][] = [
    [
      "a missing file",
      (folder) => rmSync(join(folder, "pairs/pairs_val.parquet")),
      [/pairs_val\.parquet: no such file/, /pairs_train\.parquet/, /vocab\/course2id\.json/],
    ],
    ["no vocabulary", (folder) => rmSync(join(folder, "vocab/course2id.json")), [/course2id\.json: no such file/]],
    [
      "a truncated file",
      (folder, data) =>
        writeFileSync(join(folder, "pairs/pairs_train.parquet"), encodePairTable(data.train.pairs).subarray(0, 500)),
      [/pairs_train\.parquet: not a complete Parquet file/],
    ],
    [
      "a file cut in its middle that still ends well",
      (folder, data) => {
        const bytes = encodePairTable(data.train.pairs);
        bytes.fill(255, 8, bytes.length - 8);
        writeFileSync(join(folder, "pairs/pairs_train.parquet"), bytes);
      },
      [/pairs_train\.parquet: not a complete Parquet file/],
    ],
    [
      "bytes at which the reader's WebAssembly traps, found by fuzzing",
      (folder) =>
        cpSync(
          new URL("../../../test/damaged/trap.parquet", import.meta.url),
          join(folder, "pairs/pairs_train.parquet"),
        ),
      [/pairs_train\.parquet: not a complete Parquet file: damaged bytes/],
    ],
    [
      "a vocabulary that is smaller than the items",
      (folder, data) => {
        writeFileSync(join(folder, "vocab/course2id.json"), '{"a": 0, "b": 1}');
        data.train.pairs.prefixItems.fill(0);
        data.train.pairs.label.fill(0);
        data.train.pairs.label[4] = 2;
        writeFileSync(join(folder, "pairs/pairs_train.parquet"), encodePairTable(data.train.pairs));
      },
      [/pairs_train\.parquet, column label, row 4: 2\./, /vocabulary, 0 to 1/],
    ],
    [
      "an item beyond the vocabulary in a prefix",
      (folder, data) => {
        data.test.pairs.prefixItems[data.test.pairs.prefixOffsets[3]!] = 6;
        writeFileSync(join(folder, "pairs/pairs_test.parquet"), encodePairTable(data.test.pairs));
      },
      [/pairs_test\.parquet, column prefix, row 3: 6\./, /0 to 5/],
    ],
    [
      "an empty vocabulary",
      (folder) => writeFileSync(join(folder, "vocab/course2id.json"), "{}"),
      [/course2id\.json: no items/],
    ],
    [
      "a vocabulary that is not JSON",
      (folder) => writeFileSync(join(folder, "vocab/course2id.json"), "{"),
      [/course2id\.json, line \d+, column \d+: Not JSON/],
    ],
    [
      "a vocabulary with a number twice",
      (folder) => writeFileSync(join(folder, "vocab/course2id.json"), '{"a": 0, "b": 0}'),
      [/course2id\.json/, /"a" has already/],
    ],
    [
      "a person in two splits",
      (folder, data) => {
        const users = data.test.pairs.users.map((name, i) => (i === 1 ? "u2" : name));
        const pairs = { ...data.test.pairs, users };
        writeFileSync(join(folder, "pairs/pairs_test.parquet"), encodePairTable(pairs));
        for (const [window, name] of [
          ["last", ""],
          ["first", "_first"],
        ] as const) {
          writeFileSync(
            join(folder, `episodes/episodes_test${name}_K2_Q3.parquet`),
            encodeEpisodeTable(data.test.windows[window], pairs),
          );
        }
      },
      [/pairs_test\.parquet, column user_id, row 5: "u2", who is in .*pairs_train\.parquet too/],
    ],
  ];
  for (const [name, spoil, says] of cases) {
    it(`refuses ${name}`, async () => {
      const data = dataSet();
      const folder = await temporaryFolder(dataFolderFiles(data, {}));
      spoil(folder, data);
      const error = await errorOf(() => readDataFolder(folder, size));
      expect(error.code).toBe("DATA");
      for (const words of says) expect(error.message).toMatch(words);
    });
  }

  it("names a missing folder, and the existing sizes of episodes", async () => {
    const folder = await temporaryFolder(dataFolderFiles(dataSet(), {}));
    expect((await errorOf(() => readDataFolder(join(folder, "nowhere"), size))).message).toMatch(
      /nowhere: no such folder/,
    );
    const error = await errorOf(() => readDataFolder(folder, { k: 5, q: 10 }));
    expect(error.message).toMatch(
      /episodes_train_K5_Q10\.parquet: no such file; episodes\/ holds .*episodes_train_K2_Q3/,
    );
  });
});

describe("a pairs file", () => {
  const pairs = pairTable([3, 2]);

  it("may lack session_id and prefix_len; prefix_len is checked where it exists", async () => {
    const bare = await rewrite(encodePairTable(pairs), "SELECT * EXCLUDE (session_id, prefix_len)");
    expect(readPairTable(bare, "p.parquet")).toEqual({ ...pairs, sessions: pairs.users, session: pairs.user });
    const wrong = await rewrite(
      encodePairTable(pairs),
      "SELECT * REPLACE (prefix_len + CAST(pair_id = 3 AS BIGINT) AS prefix_len)",
    );
    const error = await errorOf(() => readPairTable(wrong, "p.parquet"));
    expect(error.message).toMatch(/p\.parquet, column prefix_len, row 3: 2\. Expected 1/);
  });

  it("is int64, string and list<int64> in zstd for another reader", async () => {
    const { rows, codecs } = await inspect(encodePairTable(pairs));
    expect(rows).toEqual([
      ["pair_id", "BIGINT"],
      ["user_id", "VARCHAR"],
      ["session_id", "VARCHAR"],
      ["prefix", "BIGINT[]"],
      ["label", "BIGINT"],
      ["label_ts_epoch", "BIGINT"],
      ["prefix_len", "BIGINT"],
    ]);
    expect(codecs).toEqual(["ZSTD"]);
  });

  it("round-trips when it has no rows", () => {
    const none = pairTable([]);
    expect(readPairTable(encodePairTable(none), "p.parquet")).toEqual(none);
  });
});

describe("an episodes file", () => {
  const pairs = pairTable([7, 5], { firstId: 40 });
  const episodes = slidingEpisodes(pairs, 2, 3);
  const read = (bytes: Uint8Array, table: PairTable = pairs) =>
    readEpisodeTable(bytes, "e.parquet", table, { ...size, pairsFile: "pairs_train.parquet" });
  const changed = (change: Partial<EpisodeTable>) => encodeEpisodeTable({ ...episodes, ...change }, pairs);

  it("is int64, string and list<int64> for another reader", async () => {
    expect((await inspect(encodeEpisodeTable(episodes, pairs))).rows).toEqual([
      ["episode_id", "BIGINT"],
      ["user_id", "VARCHAR"],
      ["K", "BIGINT"],
      ["Q", "BIGINT"],
      ["support_pair_ids", "BIGINT[]"],
      ["query_pair_ids", "BIGINT[]"],
      ["support_max_ts", "BIGINT"],
      ["query_min_ts", "BIGINT"],
    ]);
  });

  it("puts ids listed in any order into label-time order", () => {
    const support = episodes.support.slice();
    support.subarray(0, 2).reverse();
    expect(read(changed({ support }))).toEqual(episodes);
  });

  it("resolves pair ids by value: the pairs can be in another order", () => {
    const reversed = { ...pairs, pairId: pairs.pairId.map((_, row) => pairs.pairId[pairs.length - 1 - row]!) };
    const file = encodeEpisodeTable(episodes, pairs);
    // Row 0 now has the id of the last row, which belongs to another person.
    expect(() => read(file, reversed)).toThrow(/column support_pair_ids, row 0: pair id 40 of "u1"/);
  });

  it("names a dangling pair id", () => {
    const fewer = { ...pairs, pairId: pairs.pairId.map((id) => (id === 43 ? 999 : id)) };
    expect(() => read(encodeEpisodeTable(episodes, pairs), fewer)).toThrow(
      /e\.parquet, column \w+_pair_ids, row \d: pair id 43, which no row of pairs_train\.parquet has/,
    );
  });

  it("refuses a pair twice, support after query, another size, foreign times and unknown people", () => {
    const support = episodes.support.slice();
    support[3] = support[2]!;
    expect(() => read(changed({ support }))).toThrow(/column support_pair_ids, row 1: pair id 41 twice/);
    const late = episodes.support.slice();
    late[3] = 6;
    expect(() => read(changed({ support: late }))).toThrow(/row 1: support up to 1500000006, query from 1500000003/);
    expect(() => readEpisodeTable(changed({}), "e.parquet", pairs, { k: 3, q: 2, pairsFile: "p" })).toThrow(
      /column K, row 0: 2\. Expected 3/,
    );
    const supportMaxTime = episodes.supportMaxTime.map((time, row) => time + (row === 2 ? 1 : 0));
    expect(() => read(changed({ supportMaxTime }))).toThrow(
      /column support_max_ts, row 2: 1500000004\. Expected 1500000003/,
    );
    expect(() => read(changed({}), { ...pairs, users: ["u0", "x"] })).toThrow(/column user_id, row 3: "u1"/);
  });
});

/** A Parquet file through a query of DuckDB, an independent reader and writer. */
async function rewrite(bytes: Uint8Array, select: string): Promise<Uint8Array> {
  const { readFileSync } = await import("node:fs");
  const folder = await temporaryFolder([["in.parquet", bytes]]);
  const connection = await (await DuckDBInstance.create(":memory:")).connect();
  await connection.run(`COPY (${select} FROM '${folder}/in.parquet') TO '${folder}/out.parquet' (FORMAT parquet)`);
  connection.closeSync();
  return readFileSync(join(folder, "out.parquet"));
}

async function inspect(bytes: Uint8Array) {
  const folder = await temporaryFolder([["in.parquet", bytes]]);
  const connection = await (await DuckDBInstance.create(":memory:")).connect();
  const file = `'${folder}/in.parquet'`;
  const described = await connection.runAndReadAll(`DESCRIBE SELECT * FROM ${file}`);
  const codecs = await connection.runAndReadAll(`SELECT DISTINCT compression FROM parquet_metadata(${file})`);
  connection.closeSync();
  return { rows: described.getRows().map((row) => row.slice(0, 2)), codecs: codecs.getRows().map(([codec]) => codec) };
}
