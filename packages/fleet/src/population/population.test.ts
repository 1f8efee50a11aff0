import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { GetObjectCommand, ListObjectsV2Command, S3Client } from "@aws-sdk/client-s3";
import { type Plan, suiteStateSchema } from "@kshot/contract/schemas";
import { readJsonFile } from "@kshot/store";
import { beforeAll, expect, it } from "vitest";
import { startS3 } from "../../test/s3-server.js";
import { circumstances, temporaryFolder, tinyData, tinySuite } from "../../test/tiny-suite.js";
import { writeDone } from "../plan/cell-files.js";
import { carryOutCell } from "../process/carry-out-cell.js";
import { planSuiteWork } from "../suite/plan-suite-work.js";
import { finishPopulation } from "./finish-population.js";
import { type PopulationOptions, planPopulation } from "./plan-population.js";
import { eventsOfShard, listsOfShard } from "./shard-files.js";

// Cells in this process, without workers: a suite's cell trains the model, a population's cells rank with it.

const folder = temporaryFolder();
const version = "1.2.3";
const at = (name: string) => join(folder, name);
const bucket = "lists";
let model = "";

const computed = (name: string, cell: number, signal = new AbortController().signal) =>
  carryOutCell({ directory: at(name), cell, command: "a test", resume: "kshot resume", threads: 1 }, () => {}, signal);

const planned = (name: string, more: Partial<PopulationOptions> = {}): Promise<Plan> =>
  planPopulation({
    ...{ directory: at(name), model, shards: 3, sessionGap: 1800, version, progress: () => {} },
    events: { inputs: [at("events/events.csv")], columns: { user: "user", item: "item", time: "time" } },
    ranking: { top: 2, newOnly: false, unknown: "skip" },
    ...more,
  });

/** Computes all shards of a plan and finishes it. */
async function finished(name: string, plan: Plan) {
  for (const [cell, { name: label }] of plan.cells.entries()) {
    const { output, figures } = await computed(name, cell);
    const volatile = { host: "test", pid: 1, startedAt: new Date().toISOString(), seconds: 1 };
    await writeDone(at(name), cell, { name: label, output, figures: { ...figures }, volatile });
  }
  return finishPopulation(at(name), plan);
}

const sha256 = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");

beforeAll(async () => {
  const dataDir = await tinyData(folder);
  const suite = tinySuite({ seeds: [1] });
  const directory = at("suite");
  await planSuiteWork({ suite, dataDir, project: directory, directory, version, circumstances });
  await computed("suite", 0);
  const state = await readJsonFile(join(directory, "suite.json"), suiteStateSchema);
  model = join(directory, state.runs[0]!.run_tag, "models", "gru", "gru_gru_K2.safetensors");
  await startS3(at("s3"), bucket);
});

it("a cell of a suite that was stopped, or is done, gives one output", async () => {
  const stopped = new AbortController();
  stopped.abort();
  await expect(computed("suite", 1, stopped.signal)).rejects.toMatchObject({ code: "INTERRUPTED" });
  const output = await computed("suite", 1);
  expect(output).toEqual({ output: expect.stringMatching(/^[0-9a-f]{64}$/), figures: {} });
  expect(await computed("suite", 1)).toEqual(output);
});

it("shards, with and without people, become files that the manifest lists; other events or another model are refused", async () => {
  // Two people: at least one of three shards has none.
  const [head, ...rows] = readFileSync(at("events/events.csv"), "utf8").trim().split("\n");
  const user = (row: string) => row.split(",")[head!.split(",").indexOf("user")]!;
  const two = [...new Set(rows.map(user))].slice(0, 2);
  writeFileSync(at("two.csv"), `${[head, ...rows.filter((row) => two.includes(user(row)))].join("\n")}\n`);
  const columns = { user: "user", item: "item", time: "time" };
  const plan = await planned("local", { events: { inputs: [at("two.csv")], columns } });
  const manifest = await finished("local", plan);
  expect(manifest).toMatchObject({ people: 2, rows: 4 });
  expect(manifest.shards.map((shard) => shard.people)).toContain(0);
  for (const shard of manifest.shards) {
    const bytes = readFileSync(join(at("local"), shard.path));
    expect([bytes.length, sha256(bytes)]).toEqual([shard.bytes, shard.sha256]);
  }
  await expect(planned("local")).rejects.toMatchObject({ code: "USAGE" });
  const events = eventsOfShard(at("local"), 0);
  writeFileSync(events, "other");
  await expect(computed("local", 0)).rejects.toThrow(/another file than the events of the shard that was planned/);
});

it("shards and manifest become objects of S3, with the bytes of a local plan", async () => {
  const local = await finished("three", await planned("three"));
  expect(local).toMatchObject({ people: 60, rows: 120 });
  const plan = await planned("remote", { to: `s3://${bucket}/of/today` });
  const manifest = await finished("remote", plan);
  expect(manifest).toEqual(local);
  const client = new S3Client({ forcePathStyle: true });
  const listed = await client.send(new ListObjectsV2Command({ Bucket: bucket }));
  const names = ["_MANIFEST.json", ...manifest.shards.map(({ path }) => path)];
  expect(listed.Contents?.map(({ Key }) => Key)).toEqual(names.map((name) => `of/today/${name}`));
  const read = async (name: string) => {
    const { Body } = await client.send(new GetObjectCommand({ Bucket: bucket, Key: `of/today/${name}` }));
    return Body!.transformToByteArray();
  };
  for (const { path, sha256: planned } of manifest.shards) expect(sha256(await read(path))).toBe(planned);
  expect(JSON.parse(Buffer.from(await read("_MANIFEST.json")).toString())).toEqual(manifest);
  client.destroy();
  // Uploaded shards do not stay in the folder of the plan; a second upload of a cell gives the same object.
  expect(existsSync(join(at("remote"), listsOfShard(0)))).toBe(false);
  expect((await computed("remote", 0)).output).toBe(manifest.shards[0]!.sha256);
});

it("a bucket that does not exist fails the cell, which keeps its file; a wrong address is refused when planning", async () => {
  await planned("nowhere", { to: "s3://no-such-bucket/x" });
  await expect(computed("nowhere", 0)).rejects.toThrow(
    /s3:\/\/no-such-bucket\/x\/recs\/shard=0\/part-0\.parquet: cannot be written: .*bucket/,
  );
  expect(existsSync(join(at("nowhere"), listsOfShard(0)))).toBe(true);
  for (const to of ["s3://", "http://bucket/x", "s3://Capital/x"]) {
    await expect(planned("refused", { to })).rejects.toMatchObject({ code: "USAGE", parts: { where: "--to" } });
  }
});
