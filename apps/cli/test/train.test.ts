import { createHash } from "node:crypto";
import { copyFileSync, cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  configSchema,
  lrAnalysisSchema,
  manifestSchema,
  parseFile,
  type Results,
  registrySchema,
  reportSchema,
  resultsSchema,
} from "@kshot/contract/schemas";
import { beforeAll, describe, expect, it } from "vitest";
import { keptFolder, kshot, temporaryFolder, writeEvents } from "./kshot.js";

/** A model and a training small enough for a test. */
const small = {
  gru_config: { embedding_dim: 4, hidden_dim: 6 },
  gru_training: { max_epochs: 2 },
  metasgd_config: { num_meta_iterations: 4, meta_batch_size: 4, eval_interval: 2 },
};

const made = keptFolder();
beforeAll(async () => {
  writeEvents(join(made, "events.csv"));
  writeFileSync(join(made, "small.json"), JSON.stringify(small));
  const done = await kshot(["prepare", "--input", "events.csv", "--split", ".6,.2,.2", "--out", "data"], made);
  expect(done.status, done.stderr).toBe(0);
});

/** A folder with a prepared data set and the configuration of a very small model. */
function prepared(): string {
  const folder = temporaryFolder();
  cpSync(made, folder, { recursive: true });
  return folder;
}

async function train(folder: string, ...flags: string[]): Promise<{ stdout: string; run: string }> {
  const done = await kshot(["train", "--data", "data", "--config", "small.json", ...flags], folder);
  expect(done.status, done.stderr).toBe(0);
  const run = /^Run\s+(.*)$/m.exec(done.stdout)?.[1];
  expect(run, done.stdout).toBeDefined();
  return { stdout: done.stdout, run: join(folder, run!) };
}

function results(run: string, id: string): Results {
  const file = join(run, "results", `${id}_K5_Q10.json`);
  return parseFile(resultsSchema, JSON.parse(readFileSync(file, "utf8")), file);
}

function json(path: string): unknown {
  return JSON.parse(readFileSync(path, "utf8"));
}

/** Tensors of a safetensors file as raw bytes: enough to ask which bits moved. */
function tensorBytes(path: string): Map<string, Buffer> {
  const bytes = readFileSync(path);
  const headerLength = Number(bytes.readBigUInt64LE(0));
  const header = JSON.parse(bytes.subarray(8, 8 + headerLength).toString("utf8")) as Record<
    string,
    { data_offsets: [number, number] }
  >;
  const tensors = new Map<string, Buffer>();
  for (const [name, entry] of Object.entries(header)) {
    if (name === "__metadata__") continue;
    tensors.set(
      name,
      bytes.subarray(8 + headerLength + entry.data_offsets[0], 8 + headerLength + entry.data_offsets[1]),
    );
  }
  return tensors;
}

/** Share of α that still has its initial bits (float32 0.01). */
function unmoved(tensor: Buffer): number {
  const start = Buffer.alloc(4);
  start.writeFloatLE(0.01);
  let same = 0;
  for (let i = 0; i < tensor.length; i += 4) if (tensor.subarray(i, i + 4).equals(start)) same++;
  return same / (tensor.length / 4);
}

describe("train", () => {
  it("writes every file of the contract, each valid, and prints both windows", async () => {
    const folder = prepared();
    const { stdout, run } = await train(folder, "--algorithm", "popularity,markov,gru,maml,meta-sgd");
    expect(stdout).toMatch(/window `first`/);
    expect(stdout).toMatch(/window `last`/);
    expect(stdout).toMatch(/Δ \(Meta-SGD − MAML\)/);
    parseFile(configSchema, json(join(run, "config.json")), "config.json");
    parseFile(reportSchema, json(join(run, "report.json")), "report.json");
    parseFile(manifestSchema, json(join(run, "manifest.json")), "manifest.json");
    const rates = parseFile(lrAnalysisSchema, json(join(run, "lr_analysis.json")), "lr_analysis.json");
    expect(Object.keys(rates)).toContain("fc.bias");
    const registry = parseFile(registrySchema, json(join(folder, "kshot-runs", "meta.json")), "meta.json");
    expect(registry.runs).toHaveLength(1);
    for (const id of ["popularity", "markov", "gru", "maml", "metasgd"]) {
      const result = results(run, id);
      expect(result.evaluations.length).toBeGreaterThanOrEqual(2);
      expect(result.test.opened).toBe(1);
    }
    // What a person had met and what ranked highest for them, where the page shows people before and after.
    const adapted = results(run, "metasgd").evaluations.filter(({ steps }) => steps === 0 || steps === 5);
    expect(adapted).toHaveLength(4);
    for (const { people } of adapted) {
      people.queries.forEach(([first], p) => {
        const top = people.top![p]!;
        expect(new Set(top).size).toBe(5);
        if (first!.higher + first!.tied < 5) expect(top).toContain(first!.label);
        if (first!.higher >= 5) expect(top).not.toContain(first!.label);
        expect(people.history![p]!.length).toBeGreaterThanOrEqual(6);
        expect(people.history![p]!.length).toBeLessThanOrEqual(10);
      });
    }
    for (const id of ["gru", "maml", "metasgd"]) {
      expect(existsSync(join(run, "models", id, `${id}_gru_K5.safetensors`))).toBe(true);
    }
    expect(readdirSync(folder).sort()).toEqual(["data", "events.csv", "kshot-runs", "small.json"]);
  });

  it("gives identical results and models twice with one seed, apart from `volatile` and the evaluations of the test people; another seed gives others", async () => {
    const folder = prepared();
    const first = (await train(folder)).run;
    const second = (await train(folder)).run;
    const other = (await train(folder, "--seed", "7")).run;
    for (const id of ["gru", "maml", "metasgd"]) {
      const [a, b, c] = [results(first, id), results(second, id), results(other, id)].map(
        ({ volatile, test, ...rest }) => rest,
      );
      expect(b).toEqual(a);
      expect(c).not.toEqual(a);
      for (const file of readdirSync(join(first, "models", id)).filter((name) => name.endsWith(".safetensors"))) {
        expect(
          readFileSync(join(second, "models", id, file)).equals(readFileSync(join(first, "models", id, file))),
        ).toBe(true);
      }
    }
  });

  it("computes on the SIMD engine unless told otherwise, with any number of threads to the same bits", async () => {
    const folder = prepared();
    const asked = [["--workers", "1"], ["--workers", "3"], ["--engine", "tensor"]]; // biome-ignore format: one line
    const found: Results[] = [];
    for (const flags of asked) {
      found.push(results((await train(folder, "--algorithm", "meta-sgd", ...flags)).run, "metasgd"));
    }
    const [one, three, tensor] = found;
    expect(one!.volatile).toMatchObject({ engine: "simd", workers: 1 });
    expect(three!.volatile).toMatchObject({ engine: "simd", workers: 3 });
    expect(tensor!.volatile).toMatchObject({ engine: "tensor", build: "wasm", workers: 1 });
    expect({ ...three, volatile: null, test: null }).toEqual({ ...one, volatile: null, test: null });
    // Another engine rounds otherwise: float32's 2e-5, by four steps of Adam some more.
    const losses = [one, tensor].map((result) => result!.history.metaLoss);
    expect(losses[0]!.length).toBeGreaterThan(0);
    for (const [i, loss] of losses[0]!.entries()) expect(Math.abs(losses[1]![i]! / loss - 1)).toBeLessThan(1e-4);
  });

  it("moves α everywhere with the carried state, and only in fc.bias with the mask notebook", async () => {
    const folder = prepared();
    const alphaOf = (run: string) => tensorBytes(join(run, "models", "metasgd", "metasgd_gru_K5.alpha.safetensors"));
    const carried = alphaOf((await train(folder, "--algorithm", "meta-sgd", "--eval-interval", "100")).run);
    for (const [name, tensor] of carried) expect(unmoved(tensor), name).toBeLessThan(1);
    const masked = alphaOf(
      (await train(folder, "--algorithm", "meta-sgd", "--mask", "notebook", "--eval-interval", "100")).run,
    );
    for (const [name, tensor] of masked) {
      if (name === "alpha.fc.bias") expect(unmoved(tensor), name).toBeLessThan(1);
      else expect(unmoved(tensor), name).toBe(1);
    }
  });

  it("takes K and Q from the data folder and sizes from flags, and ends with its models and the next commands", async () => {
    const folder = temporaryFolder();
    writeEvents(join(folder, "events.csv"));
    // A byte order mark, as editors on Windows write it.
    writeFileSync(join(folder, "small.json"), `\uFEFF${JSON.stringify(small)}`);
    const prepare = [
      "prepare",
      "--input",
      "events.csv",
      "--split",
      ".6,.2,.2",
      "--k",
      "3",
      "--q",
      "6",
      "--out",
      "data",
    ];
    expect((await kshot(prepare, folder)).status).toBe(0);
    const flags = ["--algorithm", "meta-sgd", "--embedding-dim", "5", "--hidden-dim", "7", "--layers", "2"];
    const { stdout, run } = await train(folder, ...flags);
    expect(json(join(run, "config.json"))).toMatchObject({
      ...{ K: 3, Q: 6 },
      gru_config: { embedding_dim: 5, hidden_dim: 7, num_layers: 2, dropout: 0 },
    });
    const shown = run.slice(folder.length + 1);
    expect(stdout).toMatch(new RegExp(`^Models {3}${shown}/models/metasgd/metasgd_gru_K3\\.safetensors$`, "m"));
    const [, ...next] = stdout
      .slice(stdout.indexOf("\nNext:\n"))
      .trim()
      .split(/\n {4}/);
    expect(next).toEqual([
      `kshot recommend --model ${shown} --history course-0`,
      `kshot report ${shown} --out report.html --open`,
    ]);
    for (const line of next) {
      const typed = line.split(" ").slice(1);
      const done = await kshot(
        typed.filter((word) => word !== "--open"),
        folder,
      );
      expect(done.status, done.stderr).toBe(0);
    }
  });

  it("evaluates metrics by name, prints and keeps them, as do evaluate and compare", async () => {
    const folder = prepared();
    const asked = ["recall@3", "mrr", "coverage@3", "novelty@3"];
    const metrics = ["--metrics", asked.join(",")];
    const plain = (await train(folder, "--algorithm", "markov,meta-sgd")).run;
    const { stdout, run } = await train(folder, "--algorithm", "markov,meta-sgd", ...metrics);
    for (const id of ["markov", "metasgd"]) {
      const [with_, without] = [results(run, id), results(plain, id)];
      // The usual results do not change.
      const bare = with_.evaluations.map(({ moreMetrics, ...rest }) => rest);
      expect({ ...with_, evaluations: bare, volatile: null, test: null }).toEqual({
        ...without,
        volatile: null,
        test: null,
      });
      for (const { moreMetrics = {}, metrics: usual, people } of with_.evaluations) {
        expect(Object.keys(moreMetrics)).toEqual(asked);
        expect(moreMetrics.mrr).toMatchObject(usual.mrr);
        const listed = new Set(moreMetrics["coverage@3"]?.listed?.flat());
        expect(moreMetrics["coverage@3"]?.value).toBe(listed.size / 12);
        expect(moreMetrics["novelty@3"]?.perPerson).toHaveLength(people.user.length);
      }
    }
    expect(stdout).toMatch(/^Method +recall@3 +mrr +coverage@3 +novelty@3$/m);
    const model = [
      "--model",
      join(run, "models", "metasgd", "metasgd_gru_K5.safetensors"),
      "--data",
      "data",
      "--split",
      "test",
      "--steps",
      "5",
      ...metrics,
      "--out",
      "again.json",
    ];
    const done = await kshot(["evaluate", ...model], folder);
    expect(done.status, done.stderr).toBe(0);
    expect(done.stdout).toMatch(/^window +K +steps +recall@3 +mrr +coverage@3 +novelty@3$/m);
    const [first] = parseFile(resultsSchema, json(join(folder, "again.json")), "again.json").evaluations;
    const own = results(run, "metasgd").evaluations.find(({ window, steps }) => window === "first" && steps === 5);
    expect(first?.moreMetrics).toEqual(own?.moreMetrics);
    // What is of ranks can be asked of any results; what is of lists only of those that kept it.
    const compared = await kshot(["compare", plain, "--metrics", "recall@2,coverage@3", "--json"], folder);
    const [row] = JSON.parse(compared.stdout).moreMetrics;
    expect(row.metrics["recall@2"].value).toBeGreaterThan(0);
    expect(row.metrics["coverage@3"]).toBeNull();
    const kept = (await kshot(["compare", run, "--metrics", "coverage@3"], folder)).stdout;
    expect(kept).toMatch(/^Markov \(first order\) +\d\.\d{4} \[/m);
    const novelty = await kshot(["compare", run, "--metric", "novelty@3"], folder);
    expect(novelty.stdout).toMatch(
      /Difference to Meta-SGD, Novelty@3 \(bits\)|Difference to Markov.*, Novelty@3 \(bits\)/,
    );
    expect(novelty.stdout).toMatch(/^Method +recall@3 +coverage@3 +novelty@3$/m);
    const lacking = await kshot(["compare", plain, "--metric", "coverage@3"], folder);
    expect(lacking.status).toBe(3);
    expect(lacking.stderr).toMatch(/no coverage@3.*Train or evaluate with --metrics coverage@3/);
  });

  it("leaves α alone for MAML", async () => {
    const folder = prepared();
    const { run } = await train(folder, "--algorithm", "maml");
    for (const [name, tensor] of tensorBytes(join(run, "models", "maml", "maml_gru_K5.alpha.safetensors"))) {
      expect(unmoved(tensor), name).toBe(1);
    }
  });

  it("evaluates a saved model exactly as `train` did, and counts evaluations of the test split", async () => {
    const folder = prepared();
    const { run } = await train(folder, "--algorithm", "meta-sgd");
    const model = join(run, "models", "metasgd", "metasgd_gru_K5.safetensors");
    const done = await kshot(
      ["evaluate", "--model", model, "--data", "data", "--split", "test", "--steps", "0,5", "--out", "again.json"],
      folder,
    );
    expect(done.status, done.stderr).toBe(0);
    expect(done.stdout).toMatch(/have been evaluated 2 times/);
    // Another project, another method: the same people.
    const elsewhere = await train(folder, "--algorithm", "popularity", "--out", "elsewhere");
    expect(elsewhere.stdout).toMatch(/have been evaluated 3 times, by all runs and projects/);
    expect(results(elsewhere.run, "popularity").test.opened).toBe(3);
    expect((await kshot(["inspect", "data"], folder)).stdout).toMatch(/Test people +evaluated 3 times/);
    const again = parseFile(resultsSchema, json(join(folder, "again.json")), "again.json");
    for (const evaluation of again.evaluations) {
      const before = results(run, "metasgd").evaluations.find(
        (e) => e.window === evaluation.window && e.steps === evaluation.steps,
      );
      expect(evaluation).toEqual(before);
    }
  });

  it("starts Meta-SGD from a MAML of the same run, which starts from nothing", async () => {
    const folder = prepared();
    const { run } = await train(folder, "--algorithm", "meta-sgd,maml", "--warm-start", "maml");
    const alone = (await train(folder, "--algorithm", "maml")).run;
    const theta = (of: string) => tensorBytes(join(of, "models", "maml", "maml_gru_K5.safetensors"));
    expect(theta(run)).toEqual(theta(alone));
    expect(results(run, "metasgd").config.metasgd_config).toMatchObject({ warm_start: "maml" });
  });

  it("starts from a file at any path: the same results and models, which contain no path", async () => {
    const folder = prepared();
    const { run } = await train(folder, "--algorithm", "gru");
    const model = join(run, "models", "gru", "gru_gru_K5.safetensors");
    mkdirSync(join(folder, "elsewhere"));
    copyFileSync(model, join(folder, "elsewhere", "start.safetensors"));
    const from = async (file: string) => (await train(folder, "--algorithm", "meta-sgd", "--warm-start", file)).run;
    const [here, there] = [await from(model), await from("elsewhere/start.safetensors")];
    const [a, b] = [results(here, "metasgd"), results(there, "metasgd")].map(({ volatile, test, ...rest }) => rest);
    expect(a).toEqual(b);
    const file = (of: string) => readFileSync(join(of, "models", "metasgd", "metasgd_gru_K5.safetensors"));
    expect(file(here).equals(file(there))).toBe(true);
    expect(JSON.stringify(a)).not.toMatch(/start\.safetensors|gru_gru_K5/);
    expect(a!.config.metasgd_config).toMatchObject({ warm_start: "file" });
    const again = await kshot(["train", "--resume", there.slice(folder.length + 1)], folder);
    expect(again.status, again.stderr).toBe(0);
  });

  it("refuses to start from another vocabulary, and says when the data are others", async () => {
    const folder = prepared();
    const { run } = await train(folder, "--algorithm", "gru");
    const model = join(run, "models", "gru", "gru_gru_K5.safetensors");
    const events = readFileSync(join(folder, "events.csv"), "utf8");
    writeFileSync(join(folder, "renamed.csv"), events.replaceAll("course-", "song-"));
    for (const [input, out, seed] of [
      ["renamed.csv", "songs", "42"] as const,
      ["events.csv", "resplit", "7"] as const,
    ]) {
      const done = await kshot(
        ["prepare", "--input", input, "--split", ".6,.2,.2", "--data-seed", seed, "--out", out],
        folder,
      );
      expect(done.status, done.stderr).toBe(0);
    }
    const from = (data: string) =>
      kshot(
        ["train", "--data", data, "--config", "small.json", "--algorithm", "meta-sgd", "--warm-start", model],
        folder,
      );
    const before = readFileSync(join(folder, "kshot-runs", "meta.json"), "utf8");
    expect(await from("songs")).toMatchObject({
      status: 3,
      stderr: expect.stringMatching(/item 0 is "course-0".*"song-0"/),
    });
    expect(readFileSync(join(folder, "kshot-runs", "meta.json"), "utf8")).toBe(before);
    expect(await from("resplit")).toMatchObject({
      status: 0,
      stderr: expect.stringMatching(/was trained on other data/),
    });
    const evaluated = await kshot(
      ["evaluate", "--model", model, "--data", "resplit", "--split", "val", "--steps", "0"],
      folder,
    );
    expect(evaluated).toMatchObject({ status: 0, stderr: expect.stringMatching(/was trained on other data/) });
  });

  it("names a model by its content, continues with its first build, and counts seen items by the given pairs", async () => {
    const folder = prepared();
    const { run } = await train(folder, "--algorithm", "meta-sgd", "--build", "simd");
    expect(json(join(run, "config.json"))).toMatchObject({ build: "simd" });
    const model = join(run, "models", "metasgd", "metasgd_gru_K5.safetensors");
    const sha256 = (file: string) => createHash("sha256").update(readFileSync(file)).digest("hex");
    const fingerprint = { sha256: sha256(model), alphaSha256: sha256(model.replace(".safe", ".alpha.safe")) };
    expect(results(run, "metasgd").model).toEqual(fingerprint);
    const evaluate = (...flags: string[]) =>
      kshot(["evaluate", "--model", model, "--data", "data", "--split", "val", ...flags], folder);
    const done = await evaluate("--k", "1,5", "--steps", "1", "--window", "first", "--out", "k.json");
    expect(done.status, done.stderr).toBe(0);
    const found = parseFile(resultsSchema, json(join(folder, "k.json")), "k.json");
    expect(found.model).toEqual(fingerprint);
    expect(found.alpha).toEqual(results(run, "metasgd").alpha);
    const seen = (k: number) =>
      found.evaluations
        .find((e) => e.k === k)!
        .people.queries.flat()
        .map((query) => query.seen);
    const [one, five] = [seen(1), seen(5)];
    expect(one.every((was, i) => !was || five[i])).toBe(true);
    // The model's own file holds α as well; the separate file of α is for other programs.
    rmSync(model.replace(".safe", ".alpha.safe"));
    const alone = await evaluate("--k", "1,5", "--steps", "1", "--window", "first");
    expect(alone).toMatchObject({ status: 0, stdout: done.stdout });
  });

  it("trains again from a run's config.json, from any folder, on the data that it names", async () => {
    const folder = prepared();
    const { run } = await train(folder, "--algorithm", "markov,gru");
    mkdirSync(join(folder, "elsewhere"));
    // As a version wrote it that called the range of α `lr_clipping`.
    const config = join(run, "config.json");
    expect(readFileSync(config, "utf8")).toContain('"alpha_range"');
    writeFileSync(config, readFileSync(config, "utf8").replace('"alpha_range"', '"lr_clipping"'));
    const again = await kshot(
      ["train", "--config", join(run, "config.json"), "--out", "own"],
      join(folder, "elsewhere"),
    );
    expect(again.status, again.stderr).toBe(0);
    const own = join(folder, "elsewhere", /^Run\s+(.*)$/m.exec(again.stdout)![1]!);
    for (const id of ["markov", "gru"]) {
      const [a, b] = [results(run, id), results(own, id)].map(({ volatile, test, ...rest }) => rest);
      expect(a).toEqual(b);
    }
  });

  it("refuses a test split of one person before anything is written", async () => {
    const folder = temporaryFolder();
    writeEvents(join(folder, "events.csv"), { users: 12 });
    const prepare = await kshot(["prepare", "--input", "events.csv", "--split", ".85,.1,.05", "--out", "data"], folder);
    expect(prepare.status, prepare.stderr).toBe(0);
    const done = await kshot(["train", "--data", "data", "--algorithm", "markov"], folder);
    expect(done).toMatchObject({ status: 3, stderr: expect.stringMatching(/test people, window first: 1 person/) });
    expect(existsSync(join(folder, "kshot-runs"))).toBe(false);
  });

  it("runs the demo when nothing is given, and says how far the ideal observer gets", async () => {
    const folder = temporaryFolder();
    // A small network: only the settings of the training are given, no data.
    const size = ["--embedding-dim", "8", "--hidden-dim", "8", "--meta-batch", "4"];
    const done = await kshot(["train", "--iterations", "2", "--epochs", "1", "--eval-interval", "2", ...size], folder);
    expect(done.status, done.stderr).toBe(0);
    for (const method of ["Popularity", "Markov", "Plain GRU", "MAML", "Meta-SGD", "Ideal observer"]) {
      expect(done.stdout.match(new RegExp(`^${method}(?: \\(.*?\\))? {2,}`, "gm")), method).toHaveLength(2);
    }
    expect(done.stdout).toMatch(/results\/metasgd_K5_Q10\.json/);
  });
});
