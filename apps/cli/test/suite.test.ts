import { once } from "node:events";
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { parseFile, type Results, resultsSchema, suiteStateSchema } from "@kshot/contract/schemas";
import { beforeAll, describe, expect, it } from "vitest";
import { keptFolder, kshot, kshotChild, writeEvents } from "./kshot.js";

const folder = keptFolder();
/** One of each kind; `experiment` trains every algorithm in one run. */
const kinds = [
  ...["gru", "maml", "residual-maml", "gru-finetuned", "gru-context"],
  ...["markov", "session-knn", "hybrid"],
];

const suite = {
  format: "kshot.suite/1",
  seeds: [1, 2],
  settings: {
    gru_config: { embedding_dim: 4, hidden_dim: 6 },
    gru_training: { max_epochs: 2 },
    finetune_config: { rates: [0.01, 0.1], max_steps: 2, adapts: ["all", "output-bias"] },
    metasgd_config: { num_meta_iterations: 6, meta_batch_size: 4, eval_interval: 3, warm_start: "gru" },
  },
  runs: [
    { name: "all", algorithms: kinds },
    {
      name: "rates",
      algorithms: ["meta-sgd"],
      settings: { metasgd_config: { alpha_sharing: "row", inner_clip: 1, outer_clip: 1, outer_schedule: "cosine" } },
    },
    {
      name: "context",
      algorithms: ["meta-sgd"],
      settings: {
        metasgd_config: { warm_start: "gru-context", context: true, alpha_init_range: [0.005, 0.1], item_dropout: 0.2 },
      },
    },
  ],
};

beforeAll(async () => {
  writeEvents(join(folder, "events.csv"));
  writeFileSync(join(folder, "suite.json"), JSON.stringify(suite));
  const done = await kshot(["prepare", "--input", "events.csv", "--split", ".5,.25,.25", "--out", "data"], folder);
  expect(done.status, done.stderr).toBe(0);
});

const suiteArgs = (name: string, ...more: string[]) => [
  ...["train", "--suite", "suite.json", "--data", "data", "--name", name, "--workers", "1", ...more],
];

function resultsOf(name: string): Map<string, Omit<Results, "volatile" | "test">> {
  const directory = join(folder, "kshot-runs", "reports", name);
  const state = parseFile(suiteStateSchema, JSON.parse(readFileSync(join(directory, "suite.json"), "utf8")), name);
  const found = new Map<string, Omit<Results, "volatile" | "test">>();
  for (const run of state.runs) {
    const results = join(directory, run.run_tag, "results");
    for (const file of readdirSync(results)) {
      const text = readFileSync(join(results, file), "utf8");
      const { volatile, test, ...result } = parseFile(resultsSchema, JSON.parse(text), file);
      found.set(`${run.name} ${run.seed} ${file}`, result);
    }
  }
  return found;
}

let straight = "";

it("trains every kind of algorithm with every seed and compares them", async () => {
  const done = await kshot(suiteArgs("straight"), folder);
  expect(done.status, done.stderr).toBe(0);
  straight = done.stdout;
  for (const title of ["Session-kNN", "Fine-tuned GRU", "Residual MAML", "Meta-SGD (context)"]) {
    expect(straight).toContain(title);
  }
  expect(straight).toMatch(/10 people, 100 queries; 2 seeds/);
  expect(straight).toMatch(/Only 10 people: the intervals are too short/);
  expect(resultsOf("straight").size).toBe(2 * (kinds.length + 2));
  // One evaluation of the test people per run; each method is evaluated on them once.
  const { runs } = JSON.parse(readFileSync(join(folder, "kshot-runs", "meta.json"), "utf8"));
  expect(runs.map((run: { test_opened: number }) => run.test_opened)).toEqual(Array(6).fill(1));
});

it("stopped and started again continues to the same results", async () => {
  for (const signal of ["SIGINT", "SIGKILL"] as const) {
    const child = kshotChild(suiteArgs("stopped"), folder);
    const before = doneCells("stopped");
    for (let waited = 0; waited < 60_000 && doneCells("stopped") === before; waited += 20) await sleep(20);
    await sleep(150);
    child.kill(signal);
    const [code] = child.exitCode === null && child.signalCode === null ? await once(child, "exit") : [child.exitCode];
    if (signal === "SIGINT") expect([130, 0]).toContain(code);
  }
  const rest = await kshot(suiteArgs("stopped"), folder);
  expect(rest.status, rest.stderr).toBe(0);
  expect(rest.stderr).toContain("is finished already");
  expect(resultsOf("stopped")).toEqual(resultsOf("straight"));
  // The count of evaluations of the people includes the runs of both suites.
  const comparison = (text: string) =>
    text.replaceAll("stopped", "straight").replaceAll(/evaluated (once|\d+ times)/g, "evaluated");
  expect(comparison(rest.stdout)).toBe(comparison(straight));
}, 300_000);

function doneCells(name: string): number {
  const cells = join(folder, "kshot-runs", "reports", name, "cells");
  if (!existsSync(cells)) return 0;
  return readdirSync(cells).filter((cell) => existsSync(join(cells, cell, "done.json"))).length;
}

const reports = join("kshot-runs", "reports");
const stateFile = (name: string) => join(folder, reports, name, "suite.json");

/** A suite of little work, written as `<file>`. */
function small(file: string, edit: Partial<Record<keyof typeof suite | "reference", unknown>>): string {
  const settings = {
    gru_config: { embedding_dim: 4, hidden_dim: 6 },
    gru_training: { max_epochs: 1 },
    metasgd_config: { num_meta_iterations: 2, meta_batch_size: 2, eval_interval: 2 },
  };
  writeFileSync(join(folder, file), JSON.stringify({ format: "kshot.suite/1", seeds: [1], settings, ...edit }));
  return file;
}

describe("flags", () => {
  const file = "flags.json";
  const flags = ["--iterations", "20000", "--alpha-range", "-1,1", "--split", "val"];

  it("are all in the command that continues", async () => {
    small(file, { reference: "markov", runs: [{ name: "r", algorithms: ["markov", "meta-sgd"] }] });
    const child = kshotChild(
      ["train", "--suite", file, "--data", "data", ...flags, "--name", "flags", "--workers", "1"],
      folder,
    );
    let stderr = "";
    child.stderr!.on("data", (text) => {
      stderr += text;
      // Once: the second time would end it at once.
      if (!child.killed && /Meta-SGD/.test(stderr)) child.kill("SIGINT");
    });
    const [code] = await once(child, "close");
    expect(code, stderr).toBe(130);
    const [line] = /^ *kshot train .*/m.exec(stderr)!;
    const [, ...given] = line.trim().split(" --");
    expect(given.sort()).toEqual(
      [
        "suite flags.json",
        "data data",
        "iterations 20000",
        "alpha-range -1,1",
        "split val",
        "name flags",
        "workers 1",
      ].sort(),
    );
  });

  it.each([
    [
      "left away",
      [],
      /flags\.evaluation_split: "val", now not given; flags\.metasgd_config\.num_meta_iterations: 20000/,
    ],
    [
      "changed",
      [...flags.slice(0, -1), "test"],
      /under this name: flags\.evaluation_split: "val", now "test"\. Expected/,
    ],
    ["added", [...flags, "--order", "1"], /under this name: flags\.metasgd_config\.order: not given, now 1\. /],
  ])("%s are another suite", async (_, other, message) => {
    const before = readFileSync(stateFile("flags"), "utf8");
    const done = await kshot(["train", "--suite", file, "--data", "data", ...other, "--name", "flags"], folder);
    expect(done.stderr).toMatch(message);
    expect(done.status).toBe(2);
    expect(readFileSync(stateFile("flags"), "utf8")).toBe(before);
  });

  it("are not asked for by a suite of an older version, which kept none", async () => {
    const { flags: kept, ...older } = JSON.parse(readFileSync(stateFile("straight"), "utf8"));
    expect(kept).toEqual({});
    writeFileSync(stateFile("straight"), JSON.stringify(older));
    const done = await kshot(suiteArgs("straight"), folder);
    expect(done.status, done.stderr).toBe(0);
    expect(JSON.parse(readFileSync(stateFile("straight"), "utf8"))).toEqual({ ...older, flags: {} });
  });
});

describe("a model file to start from", () => {
  const start = { metasgd_config: { warm_start: "g.safetensors" } };
  const runs = [{ name: "r", algorithms: ["meta-sgd"], settings: start }];
  const begun = (name: string) => {
    const directory = join(folder, reports, name);
    const tag = readdirSync(directory, { withFileTypes: true }).find((entry) => entry.isDirectory())!.name;
    return JSON.parse(readFileSync(join(directory, tag, "config.json"), "utf8")).files.warm_start;
  };
  beforeAll(async () => {
    mkdirSync(join(folder, "start"));
    const state = parseFile(suiteStateSchema, JSON.parse(readFileSync(stateFile("straight"), "utf8")), "straight");
    const { run_tag } = state.runs.find(({ name }) => name === "all")!;
    const model = join(folder, reports, "straight", run_tag, "models", "gru", "gru_gru_K5.safetensors");
    copyFileSync(model, join(folder, "start", "g.safetensors"));
  });

  it("in a suite is where the suite's file says", async () => {
    small(join("start", "s.json"), { reference: "meta-sgd", runs });
    const args = ["train", "--suite", join("start", "s.json"), "--data", "data", "--name", "from-file"];
    const done = await kshot(args, folder);
    expect(done.status, done.stderr).toBe(0);
    expect(begun("from-file")).toBe("../../../../start/g.safetensors");
    const written = JSON.parse(readFileSync(stateFile("from-file"), "utf8")).suite.runs[0].settings;
    expect(written).toEqual({ metasgd_config: { warm_start: "../../../start/g.safetensors" } });
    expect((await kshot(args, folder)).stderr).toMatch(/is finished already/);
  });

  it("on the command line is where it was typed", async () => {
    small("typed.json", { reference: "meta-sgd", runs: [{ name: "r", algorithms: ["meta-sgd"] }] });
    const args = ["train", "--suite", "typed.json", "--data", "data", "--name", "typed"];
    const done = await kshot([...args, "--warm-start", join("start", "g.safetensors")], folder);
    expect(done.status, done.stderr).toBe(0);
    expect(begun("typed")).toBe("../../../../start/g.safetensors");
  });

  it("in a configuration is where the configuration's file says", async () => {
    const { settings } = JSON.parse(readFileSync(join(folder, small("c.json", {})), "utf8"));
    const metasgd_config = { ...settings.metasgd_config, ...start.metasgd_config };
    const config = { ...settings, algorithms: ["meta-sgd"], metasgd_config };
    writeFileSync(join(folder, "start", "c.json"), JSON.stringify(config));
    const args = ["train", "--config", join("start", "c.json"), "--data", "data", "--name", "configured"];
    const done = await kshot(args, folder);
    expect(done.status, done.stderr).toBe(0);
    expect(begun("configured")).toBe("../../../../start/g.safetensors");
  });

  it.each([
    ["is not there", { warm_start: "h.safetensors" }, 3, /h\.safetensors/],
    ["is of another size", { warm_start: "start/g.safetensors" }, 2, /hiddenDim 6\. Expected hiddenDim 7/],
  ])("that %s is refused before anything is written", async (_, metasgd_config, status, message) => {
    const first = { name: "first", algorithms: ["gru"] };
    const last = { name: "last", algorithms: ["maml"], settings: { metasgd_config, gru_config: { hidden_dim: 7 } } };
    small("bad-start.json", { runs: [first, last] });
    const done = await kshot(["train", "--suite", "bad-start.json", "--data", "data", "--name", "bad-start"], folder);
    expect(done.stderr).toMatch(message);
    expect(done.status).toBe(status);
    expect(existsSync(join(folder, reports, "bad-start"))).toBe(false);
  });
});

describe("compare", () => {
  it("says the same of the suite's folder, and as JSON", async () => {
    const text = await kshot(["compare", join(reports, "straight")], folder);
    expect(text.status, text.stderr).toBe(0);
    const figures = (table: string) => table.match(/Meta-SGD.*\d\.\d{4}.*/g);
    expect(straight).toContain(figures(text.stdout)![0]);
    const json = await kshot(
      ["compare", join(reports, "straight"), "--json", "--reference", "markov", "--window", "first"],
      folder,
    );
    const comparison = JSON.parse(json.stdout);
    expect(comparison.reference).toBe("Markov (first order)");
    expect(comparison.windows).toHaveLength(1);
    const rows = comparison.windows[0].methods as { name: string; seeds: number[]; difference: unknown }[];
    expect(rows.every((row) => row.seeds.length === 2)).toBe(true);
    expect(rows.filter((row) => row.difference === null).map((row) => row.name)).toEqual(["Markov (first order)"]);
  });

  it("refuses results of other data, naming both fingerprints", async () => {
    mkdirSync(join(folder, "other"));
    const file = join(folder, reports, "straight");
    const run = readdirSync(file).find((name) => name !== "suite.json" && existsSync(join(file, name, "results")))!;
    const own = join(file, run, "results", "gru_K5_Q10.json");
    const other = JSON.parse(readFileSync(own, "utf8"));
    other.data.fingerprint = "0".repeat(64);
    other.config.seed = 9;
    writeFileSync(join(folder, "other", "gru.json"), JSON.stringify(other));
    const done = await kshot(["compare", own, join("other", "gru.json")], folder);
    expect(done.status).toBe(3);
    expect(done.stderr).toContain("0".repeat(64));
    expect(done.stderr).toMatch(/[0-9a-f]{64} and 0{64}/);
    const twice = await kshot(["compare", own, own], folder);
    expect(twice.status).toBe(2);
    expect(twice.stderr).toMatch(/two of Plain GRU with seed 1/);
  });
});

describe("refuses", () => {
  const change = (name: string, edit: (own: typeof suite) => unknown) => {
    writeFileSync(join(folder, `${name}.json`), JSON.stringify(edit(structuredClone(suite))));
    return kshot(["train", "--suite", `${name}.json`, "--data", "data", "--name", name], folder);
  };

  it.each([
    [
      "equal-runs",
      (s: typeof suite) => ({ ...s, runs: [s.runs[0], { ...s.runs[0], name: "again" }] }),
      2,
      /runs "all" and "again": the same settings/,
    ],
    ["equal-names", (s: typeof suite) => ({ ...s, runs: [s.runs[0], s.runs[0]] }), 2, /two of the name "all"/],
    ["equal-seeds", (s: typeof suite) => ({ ...s, seeds: [3, 3] }), 2, /3 twice/],
    [
      "no-source",
      (s: typeof suite) => ({ ...s, reference: "meta-sgd", runs: [s.runs[1]] }),
      2,
      /run "rates": gru is neither/,
    ],
    ["no-reference", (s: typeof suite) => ({ ...s, reference: "ideal" }), 2, /reference: ideal, which no run trains/],
    ["bad-setting", (s: typeof suite) => ({ ...s, settings: { K: 0 } }), 2, /run "all", setting K/],
    ["bad-key", (s: typeof suite) => ({ ...s, sedes: [1] }), 3, /sedes/],
  ])("%s", async (name, edit, status, message) => {
    const done = await change(name, edit);
    expect(done.stderr).toMatch(message);
    expect(done.status).toBe(status);
    expect(existsSync(join(folder, "kshot-runs", "reports", name))).toBe(false);
  });

  it("another suite under the name of one that was started, and other flags with --suite", async () => {
    writeFileSync(join(folder, "changed.json"), JSON.stringify({ ...suite, seeds: [5] }));
    const other = await kshot(["train", "--suite", "changed.json", "--data", "data", "--name", "straight"], folder);
    expect(other.status).toBe(2);
    expect(other.stderr).toMatch(/another suite under this name: suite\.seeds: \[1,2\], now \[5\]/);
    expect((await kshot([...suiteArgs("x"), "--seed", "3"], folder)).stderr).toMatch(/--seed with --suite/);
    expect((await kshot(["train", "--suite", "suite.json"], folder)).stderr).toMatch(/no --data/);
  });
});
