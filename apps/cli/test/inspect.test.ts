import { cpSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { keptFolder, kshot, writeEvents } from "./kshot.js";

const folder = keptFolder();
let run: string;

beforeAll(async () => {
  writeEvents(join(folder, "events.csv"));
  writeFileSync(
    join(folder, "small.json"),
    JSON.stringify({
      gru_config: { embedding_dim: 4, hidden_dim: 6 },
      gru_training: { max_epochs: 1 },
      metasgd_config: { num_meta_iterations: 4, meta_batch_size: 4, eval_interval: 2, checkpoint_interval: 2 },
    }),
  );
  for (const args of [
    ["prepare", "--input", "events.csv", "--split", ".6,.2,.2", "--out", "data"],
    ["train", "--data", "data", "--config", "small.json", "--algorithm", "gru,meta-sgd"],
  ]) {
    const done = await kshot(args, folder);
    expect(done.status, done.stderr).toBe(0);
  }
  const reports = join(folder, "kshot-runs", "reports", "kshot");
  run = join(reports, readdirSync(reports)[0]!);
});

const inspect = (path: string) => kshot(["inspect", path], folder);

describe("inspect", () => {
  it.each([
    ["a data folder", () => "data", [/data folder, sound/, /Items +12, without titles/, /K = 5 support and Q = 10/]],
    ["a project", () => "kshot-runs", [/project, sound/, /kshot\/\d{8}_\d{6} +finished, .* test evaluated 1 time$/m]],
    ["a run", () => run, [/run, sound/, /meta-sgd +finished, test Acc@1/, /State +finished/]],
    [
      "a model",
      () => join(run, "models/metasgd/metasgd_gru_K5.safetensors"),
      [/model, sound/, /θ fc\.bias +\[12\] +mean/, /Best at +iteration/],
    ],
    [
      "learning rates",
      () => join(run, "models/metasgd/metasgd_gru_K5.alpha.safetensors"),
      [/learning rates, sound/, /α fc\.bias/],
    ],
    [
      "a checkpoint",
      () => join(run, "models/metasgd/checkpoints/metasgd_checkpoint_2.safetensors"),
      [/checkpoint, sound/, /Stopped at +iteration 2 of 4/, /Holds +.*theta\.firstMoment, .*best\.alpha/],
    ],
    ["results", () => join(run, "results/metasgd_K5_Q10.json"), [/results, sound/, /test, last, K 5, 5 steps +Acc@1/]],
  ])("describes the content of %s", async (_, path, patterns) => {
    const { status, stdout, stderr } = await inspect(path());
    expect(status, stderr).toBe(0);
    for (const pattern of patterns) expect(stdout).toMatch(pattern);
  });

  it("finds what is not sound", async () => {
    const copy = join(folder, "copy");
    cpSync(run, copy, { recursive: true });
    const model = join(copy, "models/metasgd/metasgd_gru_K5.safetensors");
    const bytes = readFileSync(model);
    bytes.writeFloatLE(Number.NaN, bytes.length - 4);
    writeFileSync(model, bytes);
    expect(await inspect(model)).toMatchObject({
      status: 3,
      stderr: expect.stringMatching(/α of fc\.bias is NaN at 11/),
    });
    const changed = await inspect(copy);
    expect(changed.status).toBe(3);
    expect(changed.stderr).toMatch(/meta_model: .* another SHA-256 than report\.json/);
    rmSync(model);
    expect((await inspect(copy)).stderr).toMatch(/meta_model: .* is missing/);
    const file = join(copy, "results/metasgd_K5_Q10.json");
    const results = JSON.parse(readFileSync(file, "utf8"));
    results.evaluations[0].people.user.pop();
    writeFileSync(file, JSON.stringify(results));
    expect(await inspect(file)).toMatchObject({
      status: 3,
      stderr: expect.stringMatching(/\d+ people, \d+ history lengths/),
    });
  });

  it("finds a summary that is not the folder's", async () => {
    const copy = join(folder, "miscounted");
    cpSync(join(folder, "data"), copy, { recursive: true });
    const file = join(copy, "summary.json");
    const summary = JSON.parse(readFileSync(file, "utf8"));
    writeFileSync(file, JSON.stringify({ ...summary, pairs: summary.pairs + 1 }));
    expect(await inspect(copy)).toMatchObject({
      status: 3,
      stderr: expect.stringMatching(/summary\.json has pairs [\d,]+, the files [\d,]+/),
    });
    writeFileSync(file, "{");
    expect(await inspect(copy)).toMatchObject({ status: 3, stderr: expect.stringMatching(/summary\.json.*Not JSON/) });
    writeFileSync(file, "null");
    expect((await inspect(copy)).status).toBe(0);
  });

  it("refuses what it does not know", async () => {
    expect(await inspect("nowhere")).toMatchObject({
      status: 3,
      stderr: expect.stringMatching(/no such file or folder/),
    });
    expect(await inspect("events.csv")).toMatchObject({
      status: 3,
      stderr: expect.stringMatching(/a file of another kind/),
    });
    expect(await inspect(".")).toMatchObject({ status: 3, stderr: expect.stringMatching(/a folder without vocab/) });
  });
});
