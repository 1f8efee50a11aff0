import { join, relative } from "node:path";
import { markov, popularity } from "@kshot/baselines";
import type { AlgorithmName, DataSet, Engine, ParameterVector } from "@kshot/contract";
import { algorithmId, interruptedError, usageError } from "@kshot/contract";
import {
  type Config,
  configSchema,
  manifestSchema,
  type RateAnalysis,
  type Results,
  rateAnalysisSchema,
  reportSchema,
  resultsSchema,
} from "@kshot/contract/schemas";
import type { CampusOptions } from "@kshot/episodes";
import { readDataFolder } from "@kshot/episodes";
import { gruParameterLayout } from "@kshot/gru-layout";
import { countTestOpening, createRun, openProject, registerRun, sha256File, writeJsonFile } from "@kshot/store";
import type { RunCircumstances } from "./clock.js";
import { comparisonTable, type ReferenceRow } from "./comparison-table.js";
import { demoData } from "./demo-data.js";
import { modelShape, openEngine, requireDevice } from "./engine.js";
import { evaluateNetwork } from "./evaluate-network.js";
import { evaluateScorer } from "./evaluate-scorer.js";
import { idealReferences } from "./ideal-reference.js";
import { loadNetwork, saveNetwork } from "./model-files.js";
import type { Progress } from "./progress.js";
import { rateAnalysis, reportOf } from "./report.js";
import { type RunIdentity, resultsOf } from "./results.js";
import { trainPlainGru } from "./train-gru.js";
import { metaTitles, trainMetaLearner } from "./train-meta.js";
import type { TrainedNetwork } from "./trained-network.js";

/** What `train` is asked for. */
export interface TrainOptions {
  readonly config: Config;
  /** Data folder; undefined: the built-in demo campus. */
  readonly dataDir?: string;
  /** Project folder; created if it is not there. */
  readonly project: string;
  /** Folder under `reports/`. */
  readonly name: string;
  /** File of a model to start the meta-learners from, absolute; for `warm_start` other than `gru` and `maml`. */
  readonly warmStartFile?: string;
  readonly circumstances: RunCircumstances;
  readonly progress: Progress;
  readonly signal?: AbortSignal;
}

/** What `train` leaves. */
export interface TrainOutcome {
  readonly runDir: string;
  readonly results: readonly Results[];
  /** The comparison as text, test split, both windows. */
  readonly table: string;
  /** Paths of the results files, in the order of the algorithms. */
  readonly resultFiles: readonly string[];
}

const windows = ["first", "last"] as const;

/**
 * One whole run: data in; each algorithm trained, evaluated on the test people and written as soon as it is done; then the
 * comparison, `report.json`, `lr_analysis.json` and `manifest.json`.
 *
 * @throws `DATA` for bad files, `USAGE` for settings that do not fit the data, `INTERRUPTED` when `signal` fires.
 */
export async function train(options: TrainOptions): Promise<TrainOutcome> {
  const { config, circumstances, progress } = options;
  requireDevice(config);
  await openProject(options.project);
  const { data, directory, campus } = await loadData(options);
  const run = await createRun(options.project, {
    name: options.name,
    now: circumstances.now(),
    runId: circumstances.newId(),
  });
  const identity: RunIdentity = { runId: run.runId, runTag: run.runTag, createdAt: run.createdAt };
  await registerRun(options.project, {
    run_id: run.runId,
    notebook: options.name,
    run_tag: run.runTag,
    out_dir: run.outDir,
    created_at: run.createdAt,
  });
  const configFile = join(run.directory, "config.json");
  await writeJsonFile(configFile, configSchema, {
    ...config,
    notebook: options.name,
    run_tag: run.runTag,
    run_id: run.runId,
    files: dataFiles(posix(relative(run.directory, directory)), config),
  });
  progress({ type: "note", text: `Run ${run.runTag}, ${data.items.length} items, ${people(data)}.` });

  const shape = modelShape(config, data.items.length);
  const layout = gruParameterLayout(shape);
  const engines = new Engines(config, shape);
  const trained = new Map<AlgorithmName, TrainedNetwork>();
  const results: Results[] = [];
  const resultFiles: string[] = [];
  const outputs: Record<string, string> = {};
  const modelFiles = new Map<AlgorithmName, string>();
  let rates: RateAnalysis | null = null;
  let metaIterations: number | null = null;
  try {
    // One opening for the whole comparison: every method is shown the test people once.
    await countTestOpening(options.project, run.runId);
    for (const algorithm of trainingOrder(config)) {
      const shared = {
        shape,
        config,
        data,
        progress,
        seconds: circumstances.seconds,
        ...(options.signal ? { signal: options.signal } : {}),
      };
      let network: TrainedNetwork | null = null;
      let engine: Engine | null = null;
      let evaluations: Results["evaluations"];
      let history: Results["history"];
      if (algorithm === "gru" || algorithm === "maml" || algorithm === "meta-sgd") {
        engine = await engines.get(algorithm === "gru" ? "carry" : config.metasgd_config.mask);
        if (algorithm === "gru") network = await trainPlainGru({ ...shared, engine });
        else {
          const start = await warmStart(options, trained, shape.nItems);
          network = await trainMetaLearner({ ...shared, name: algorithm, engine, ...(start ? { start } : {}) });
          if (algorithm === "meta-sgd") {
            rates = rateAnalysis(network, layout);
            metaIterations = network.iterations;
          }
          metaIterations ??= network.iterations;
        }
        if (network.stopped === "aborted") throw stopped(run.directory, results);
        trained.set(algorithm, network);
        const stage = titleOf(algorithm);
        const steps = algorithm === "gru" ? [0] : stepsCurve(config.metasgd_config.num_inner_steps);
        evaluations = await evaluateNetwork({
          engine,
          theta: network.theta,
          alpha: network.alpha ?? engine.vector(),
          data,
          plan: { split: "test", windows, steps },
          seed: config.seed,
        });
        history = network.history;
        progress({ type: "done", stage, text: trainedText(network) });
        const paths = await saveNetwork(run.directory, network, config, data);
        modelFiles.set(algorithm, paths.theta);
        outputs[`model_${algorithmId(algorithm)}`] = posix(paths.theta);
        if (paths.alpha) outputs[`alpha_${algorithmId(algorithm)}`] = posix(paths.alpha);
      } else {
        const scorer = (algorithm === "popularity" ? popularity : markov)(data.train.pairs, data.items.length);
        const [validation] = evaluateScorer(scorer, data, { split: "val", windows: ["first"] }, config.seed);
        evaluations = evaluateScorer(scorer, data, { split: "test", windows }, config.seed);
        history = {
          iteration: [],
          metaLoss: [],
          validation: [{ iteration: 0, metrics: valuesOf(validation!.metrics) }],
          alpha: {},
        };
        const title = algorithm === "popularity" ? "Popularity" : "Markov";
        progress({ type: "done", stage: title, text: `validation MRR ${validation!.metrics.mrr.value.toFixed(4)}` });
      }
      const file = join("results", `${algorithmId(algorithm)}_K${data.k}_Q${data.q}.json`);
      const result = resultsOf({
        algorithm,
        config,
        data,
        evaluations,
        network,
        history,
        layout: network ? layout : null,
        engine: engine?.description ?? null,
        identity,
        circumstances,
        paths: {
          run: "..",
          config: "../config.json",
          data: posix(relative(join(run.directory, "results"), directory)),
        },
      });
      await writeJsonFile(join(run.directory, file), resultsSchema, result);
      results.push(result);
      resultFiles.push(join(run.directory, file));
      outputs[`results_${algorithmId(algorithm)}`] = posix(file);
      if (options.signal?.aborted) throw stopped(run.directory, results);
    }
    const order = config.algorithms;
    results.sort((a, b) => order.indexOf(a.algorithm) - order.indexOf(b.algorithm));

    const fingerprints: Record<string, { path: string; bytes: number; sha256: string }> = {};
    for (const [algorithm, path] of modelFiles) {
      const { bytes, sha256 } = await sha256File(join(run.directory, path));
      const key = algorithm === "meta-sgd" ? "meta_model" : `${algorithmId(algorithm)}_model`;
      fingerprints[key] = { path: posix(path), bytes, sha256 };
    }
    const summary = await sha256File(join(directory, "vocab", "course2id.json"));
    fingerprints.vocabulary = {
      ...summary,
      path: posix(relative(run.directory, join(directory, "vocab", "course2id.json"))),
    };
    await writeJsonFile(join(run.directory, "lr_analysis.json"), rateAnalysisSchema, rates ?? {});
    await writeJsonFile(
      join(run.directory, "report.json"),
      reportSchema,
      reportOf({
        identity,
        name: options.name,
        projectRoot: posix(relative(run.directory, options.project)),
        config,
        results,
        rates,
        fingerprints,
        trainingIterations: metaIterations,
        notes: notes(config),
      }),
    );
    await writeJsonFile(join(run.directory, "manifest.json"), manifestSchema, {
      run_id: run.runId,
      notebook: options.name,
      run_tag: run.runTag,
      outputs: { report: "report.json", config: "config.json", lr_analysis: "lr_analysis.json", ...outputs },
      inputs: dataFiles(posix(relative(run.directory, directory)), config),
      engine: engines.description(),
      versions: { node: process.versions.node },
    });
    const references: ReferenceRow[] = campus ? idealReferences(data, campus, windows, config.seed) : [];
    const table = comparisonTable(results, {
      split: "test",
      innerSteps: config.metasgd_config.num_inner_steps,
      references,
    });
    return { runDir: run.directory, results, table, resultFiles };
  } finally {
    engines.dispose();
  }
}

/** Engines by what they read at the end of a sequence, started when first needed. */
class Engines {
  readonly #open = new Map<string, Engine>();
  constructor(
    readonly config: Config,
    readonly shape: ReturnType<typeof modelShape>,
  ) {}

  async get(readout: "carry" | "notebook"): Promise<Engine> {
    let engine = this.#open.get(readout);
    if (!engine) {
      engine = await openEngine(this.config, this.shape, readout);
      this.#open.set(readout, engine);
    }
    return engine;
  }

  description() {
    const [engine] = this.#open.values();
    return engine ? { ...engine.description } : { name: "none", backend: "none", workers: 1 };
  }

  dispose(): void {
    for (const engine of this.#open.values()) engine.dispose();
  }
}

async function loadData(
  options: TrainOptions,
): Promise<{ data: DataSet; directory: string; campus: CampusOptions | null }> {
  const { config, progress } = options;
  const sizes = { k: config.K, q: config.Q };
  let directory = options.dataDir;
  let campus: CampusOptions | null = null;
  if (directory === undefined) {
    ({ directory, campus } = await demoData(options.project, { dataSeed: config.data_seed, ...sizes }, progress));
  }
  const stage = "Reading data";
  progress({ type: "stage", stage });
  const data = await readDataFolder(directory, sizes);
  progress({
    type: "done",
    stage,
    text: `${data.train.pairs.length} train pairs, ${data.train.episodes.length} train episodes of ${new Set(data.train.episodes.user).size} people`,
  });
  return { data, directory, campus };
}

/** Algorithms as they must run: a warm start's source before those that start from it. */
function trainingOrder(config: Config): AlgorithmName[] {
  const source = config.metasgd_config.warm_start;
  const order = [...new Set(config.algorithms)];
  if (source !== "gru" && source !== "maml") return order;
  if (!order.includes(source)) {
    throw usageError({
      where: `--warm-start ${source}`,
      found: `${source} is not among the algorithms of this run (${order.join(", ")})`,
      expected: `--algorithm with ${source}, or the file of a trained model`,
    });
  }
  return [source, ...order.filter((name) => name !== source)];
}

async function warmStart(
  options: TrainOptions,
  trained: ReadonlyMap<AlgorithmName, TrainedNetwork>,
  nItems: number,
): Promise<ParameterVector | undefined> {
  const source = options.config.metasgd_config.warm_start;
  if (source === null) return undefined;
  if (source === "gru" || source === "maml") return trained.get(source)?.theta;
  const file = options.warmStartFile ?? source;
  const loaded = await loadNetwork(file);
  const wanted = modelShape(options.config, nItems);
  for (const key of ["nItems", "embeddingDim", "hiddenDim", "numLayers"] as const) {
    if (loaded.shape[key] !== wanted[key]) {
      throw usageError({
        where: `--warm-start ${file}`,
        found: `${key} ${loaded.shape[key]}`,
        expected: `${key} ${wanted[key]}`,
      });
    }
  }
  return loaded.theta;
}

/** 0 (zero-shot), every step of the inner loop: one pass gives them all. */
function stepsCurve(innerSteps: number): number[] {
  return Array.from({ length: innerSteps + 1 }, (_, step) => step);
}

function trainedText(network: TrainedNetwork): string {
  const unit = network.algorithm === "gru" ? "epoch" : "iteration";
  const mrr = network.bestMetrics ? `, validation MRR ${network.bestMetrics.mrr.toFixed(4)}` : "";
  return `best at ${unit} ${network.bestIteration}${mrr}`;
}

function titleOf(algorithm: "gru" | "maml" | "meta-sgd"): string {
  return algorithm === "gru" ? "Plain GRU" : metaTitles[algorithm];
}

function valuesOf(metrics: Results["evaluations"][number]["metrics"]) {
  return Object.fromEntries(
    Object.entries(metrics).map(([name, { value }]) => [name, value]),
  ) as Results["history"]["validation"][number]["metrics"];
}

function notes(config: Config): string[] {
  if (config.metasgd_config.mask !== "notebook") return [];
  return [
    "mask notebook: the state is zeroed at the readout of every sequence shorter than max_seq_len, as in the notebook, so that only fc.bias has a gradient. This reproduces the notebook's plateau; it is not a way to train.",
  ];
}

function stopped(runDir: string, results: readonly Results[]) {
  const done = results.map((result) => result.algorithm).join(", ");
  return interruptedError({
    found: `Stopped. ${done === "" ? "No algorithm was finished" : `Finished and kept: ${done}`}, in ${runDir}`,
  });
}

function people(data: DataSet): string {
  return `${data.train.pairs.users.length} train, ${data.val.pairs.users.length} validation and ${data.test.pairs.users.length} test people`;
}

function dataFiles(directory: string, config: Config): Record<string, string> {
  const files: Record<string, string> = {};
  for (const split of ["train", "val", "test"] as const) {
    files[`episodes_${split}`] = `${directory}/episodes/episodes_${split}_K${config.K}_Q${config.Q}.parquet`;
    files[`pairs_${split}`] = `${directory}/pairs/pairs_${split}.parquet`;
  }
  files.vocab = `${directory}/vocab/course2id.json`;
  return files;
}

function posix(path: string): string {
  return path.replaceAll("\\", "/");
}
