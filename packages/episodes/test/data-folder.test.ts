import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { DataSet } from "@kshot/contract";
import { describe, expect, it } from "vitest";
import {
  dataFolderFiles,
  encodeEpisodeTable,
  encodePairTable,
  prepareEvents,
  readDataFolder,
  summarise,
} from "../src/index.js";
import { bytesOf } from "./bytes-of.js";
import { eventsFile, temporaryFolder } from "./events.js";

async function someData(): Promise<DataSet> {
  const lines = Array.from({ length: 12 }, (_, u) =>
    Array.from({ length: 8 + (u % 3) }, (_, e) => `person ${u},item ${(u * 3 + e * e) % 9},${u * 100_000 + e * 100}`),
  ).flat();
  return prepareEvents(eventsFile(`user,item,time\n${lines.join("\n")}\n`, { split: [0.5, 0.25, 0.25], k: 2, q: 3 }));
}

async function write(data: DataSet): Promise<string> {
  const folder = temporaryFolder();
  for (const [path, content] of dataFolderFiles(data, { some: "options" })) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), await bytesOf(content));
  }
  return folder;
}

const read = (folder: string) => readDataFolder(folder, { k: 2, q: 3 });

describe("a data folder", () => {
  it("is read back as it was written", async () => {
    const data = await someData();
    const back = await read(await write(data));
    expect(back).toEqual(data);
    expect(summarise(back, {})).toEqual(summarise(data, {}));
  });

  it("derives the first windows where their files are missing, with the same fingerprint", async () => {
    const data = await someData();
    const folder = await write(data);
    for (const split of ["val", "test"]) rmSync(join(folder, `episodes/episodes_${split}_first_K2_Q3.parquet`));
    expect(await read(folder)).toEqual(data);
  });

  it("has another fingerprint after any change", async () => {
    const data = await someData();
    const label = data.test.pairs.label.slice();
    label[0] = (label[0]! + 1) % data.items.length;
    const changed = { ...data, test: { ...data.test, pairs: { ...data.test.pairs, label } } };
    expect((await read(await write(changed))).fingerprint).not.toBe(data.fingerprint);
  });

  it.each<[name: string, spoil: (folder: string, data: DataSet) => void, says: RegExp[]]>([
    ["no such folder", (folder) => rmSync(folder, { recursive: true }), [/no such folder/]],
    ["no pairs", (folder) => rmSync(join(folder, "pairs/pairs_val.parquet")), [/pairs_val\.parquet: no such file/]],
    [
      "a vocabulary that is not JSON",
      (folder) => writeFileSync(join(folder, "vocab/course2id.json"), "{"),
      [/course2id\.json, line \d+, column \d+: Not JSON/],
    ],
    [
      "two items of one number",
      (folder) => writeFileSync(join(folder, "vocab/course2id.json"), '{"a": 0, "b": 0}'),
      [/b: id 0, which "a" has already/],
    ],
    [
      "an item beyond the vocabulary",
      (folder) => writeFileSync(join(folder, "vocab/course2id.json"), '{"a": 0, "b": 1}'),
      [/pairs_train\.parquet, column (prefix|label), row \d+: [2-8]/],
    ],
    [
      "a pair id that is not there",
      (folder, data) => {
        const pairs = {
          ...data.val.pairs,
          pairId: data.val.pairs.pairId.map((id, row) => (row === data.val.windows.last.query[0] ? 99999 : id)),
        };
        writeFileSync(
          join(folder, "episodes/episodes_val_K2_Q3.parquet"),
          encodeEpisodeTable(data.val.windows.last, pairs),
        );
      },
      [/episodes_val_K2_Q3\.parquet, column query_pair_ids, row 0: pair id 99999/, /pairs_val\.parquet/],
    ],
    [
      "a pair of another person",
      (folder, data) => {
        const { last } = data.val.windows;
        const support = last.support.slice();
        support[0] = data.val.pairs.user.findIndex((user) => user !== last.user[0]);
        writeFileSync(
          join(folder, "episodes/episodes_val_K2_Q3.parquet"),
          encodeEpisodeTable({ ...last, support }, data.val.pairs),
        );
      },
      [/column support_pair_ids, row 0: pair id \d+ of "person \d+"/],
    ],
    [
      "a query before its support",
      (folder, data) => {
        const { last } = data.val.windows;
        const [support, query] = [last.support.slice(), last.query.slice()];
        [support[0], query[0]] = [query[0]!, support[0]!];
        writeFileSync(
          join(folder, "episodes/episodes_val_K2_Q3.parquet"),
          encodeEpisodeTable({ ...last, support, query }, data.val.pairs),
        );
      },
      [/every support pair before every query pair/],
    ],
    [
      "no episodes",
      (folder, data) => {
        const none = {
          ...data.test.windows.last,
          length: 0,
          episodeId: new Int32Array(),
          user: new Int32Array(),
          support: new Int32Array(),
          query: new Int32Array(),
          supportMaxTime: new Float64Array(),
          queryMinTime: new Float64Array(),
        };
        writeFileSync(join(folder, "episodes/episodes_test_K2_Q3.parquet"), encodeEpisodeTable(none, data.test.pairs));
      },
      [/episodes_test_K2_Q3\.parquet: no episodes/],
    ],
    [
      "half a file",
      (folder, data) =>
        writeFileSync(join(folder, "pairs/pairs_test.parquet"), encodePairTable(data.test.pairs).subarray(0, 300)),
      [/pairs_test\.parquet: not a complete Parquet file/],
    ],
  ])("names what is wrong: %s", async (_, spoil, says) => {
    const data = await someData();
    const folder = await write(data);
    spoil(folder, data);
    const error: Error = await read(folder).then(
      () => expect.fail("no error"),
      (caught) => caught,
    );
    expect(error).toMatchObject({ code: "DATA" });
    for (const words of says) expect(error.message).toMatch(words);
  });
});
