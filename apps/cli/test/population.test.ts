import { createHash } from "node:crypto";
import { once } from "node:events";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { beforeAll, expect, it } from "vitest";
import { keptFolder, kshot, kshotChild, writeEvents } from "./kshot.js";

const folder = keptFolder();
const people = 200;
let model = "";

beforeAll(async () => {
  writeEvents(join(folder, "events.csv"));
  const small = {
    algorithms: ["meta-sgd"],
    gru_config: { embedding_dim: 4, hidden_dim: 6 },
    metasgd_config: { num_meta_iterations: 4, meta_batch_size: 4, eval_interval: 2 },
  };
  writeFileSync(join(folder, "small.json"), JSON.stringify(small));
  for (const args of [
    ["prepare", "--input", "events.csv", "--split", ".6,.2,.2", "--out", "data"],
    ["train", "--data", "data", "--config", "small.json"],
  ]) {
    const done = await kshot(args, folder);
    expect(done.status, done.stderr).toBe(0);
  }
  const reports = join("kshot-runs", "reports", "kshot");
  const [run = ""] = readdirSync(join(folder, reports));
  model = join(reports, run, "models", "metasgd", "metasgd_gru_K5.safetensors");
  writeEvents(join(folder, "everybody.csv"), { users: people, perUser: 9 });
});

const plan = async (name: string, shards: number, ...more: string[]) => {
  const args = ["population", "plan", "--events", "everybody.csv", "--model", model, "--shards", `${shards}`];
  const done = await kshot([...args, "--top", "3", "--lease", "2", "--out", name, ...more], folder);
  expect(done.status, done.stderr).toBe(0);
};
const finish = async (name: string) => {
  const done = await kshot(["population", "finish", name, "--json"], folder);
  expect(done.status, done.stderr).toBe(0);
  expect(JSON.parse(done.stdout)).toMatchObject({ people, rows: 3 * people });
  return JSON.parse(readFileSync(join(folder, name, "_MANIFEST.json"), "utf8")).shards as {
    path: string;
    people: number;
    sha256: string;
  }[];
};

/** All rows of a population in the order of people, which no cut into shards changes; each file is in that order itself. */
async function rowsOf(name: string): Promise<string> {
  const { DuckDBInstance } = createRequire(new URL("../../../packages/episodes/package.json", import.meta.url))(
    "@duckdb/node-api",
  );
  const instance = await DuckDBInstance.create(":memory:");
  const database = await instance.connect();
  const files = `'${join(folder, name, "recs", "*", "part-0.parquet")}'`;
  const read = async (sql: string) => JSON.stringify((await database.runAndReadAll(sql)).getRowsJson());
  const unsorted = await read(
    `SELECT count(*) FROM (SELECT user_id u, rank k, lag(user_id) OVER w a, lag(rank) OVER w b FROM read_parquet(${files}, filename = true, file_row_number = true) WINDOW w AS (PARTITION BY filename ORDER BY file_row_number)) WHERE a > u OR (a = u AND b >= k)`,
  );
  expect(unsorted).toBe('[["0"]]');
  const rows = await read(
    `SELECT user_id, rank, item_id, title, score, probability FROM read_parquet(${files}, hive_partitioning = false) ORDER BY user_id, rank`,
  );
  database.closeSync();
  instance.closeSync();
  return rows;
}

it("gives one output for 7 and 20 shards, and where a worker is killed; each file is the manifest's", async () => {
  await plan("seven", 7);
  await plan("many", 20);
  const done = await kshot(["population", "work", "seven", "--workers", "1"], folder);
  expect(done.status, done.stderr).toBe(0);

  const victim = kshotChild(["population", "work", "many", "--workers", "1"], folder);
  const ended = once(victim, "exit");
  const finished = () => readdirSync(join(folder, "many", "cells")).length;
  for (let waited = 0; waited < 60_000 && !(existsSync(join(folder, "many", "cells")) && finished() > 2); waited += 10)
    await sleep(10);
  victim.kill("SIGKILL");
  await ended;
  const early = await kshot(["population", "finish", "many"], folder);
  expect(early.stderr).toMatch(/of 20 cells are not done/);
  const rest = await kshot(["population", "work", "many", "--workers", "2"], folder);
  expect(rest.status, rest.stderr).toBe(0);

  for (const name of ["seven", "many"]) {
    for (const { path, sha256 } of await finish(name)) {
      const bytes = readFileSync(join(folder, name, path));
      expect(createHash("sha256").update(bytes).digest("hex")).toBe(sha256);
    }
  }
  expect(await rowsOf("many")).toBe(await rowsOf("seven"));
});

it("cuts people by the first 15 hexadecimal digits of the MD5 of their names", async () => {
  const shard = (user: string) => Number(BigInt(`0x${createHash("md5").update(user).digest("hex").slice(0, 15)}`) % 7n);
  const counts = Array.from({ length: 7 }, () => 0);
  for (let u = 0; u < people; u++) counts[shard(`u${u}`)]! += 1;
  expect((await finish("seven")).map((one) => one.people)).toEqual(counts);
});

it("refuses another model in the place of the one that was planned with, and a second plan", async () => {
  await plan("moved", 1);
  const file = join(folder, "moved", "plan.json");
  const text = readFileSync(file, "utf8");
  writeFileSync(file, text.replace(/"modelSha256": "[0-9a-f]{64}"/, `"modelSha256": "${"0".repeat(64)}"`));
  const done = await kshot(["population", "cell", "moved", "--index", "0"], folder);
  expect(done.stderr).toMatch(/another file than the model that was planned/);
  expect(done.status).toBe(3);
  const again = ["population", "plan", "--events", "everybody.csv", "--model", model, "--out", "moved"];
  const second = await kshot(again, folder);
  expect(second.stderr).toMatch(/moved: a plan already/);
  mkdirSync(join(folder, "other"));
  writeFileSync(join(folder, "other", "summary.json"), "{}");
  const mixed = await kshot([...again.slice(0, -1), "other"], folder);
  expect(mixed.stderr).toMatch(
    /other: summary\.json, which does not belong to a plan\. Expected a new or an empty folder/,
  );
  expect(mixed.status).toBe(2);
  expect(readdirSync(join(folder, "other"))).toEqual(["summary.json"]);
  expect(second.status).toBe(2);
});
