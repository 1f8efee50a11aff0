import { existsSync } from "node:fs";
import { join, relative } from "node:path";
import { groupTable, rateFinding, rateTable, runTable } from "@kshot/comparison";
import type { AlgorithmName, DataSet, Engine, EngineDescription, ParameterVector } from "@kshot/contract";
import { interruptedError, usageError } from "@kshot/contract";
import { type Config, type Results, rateReportSchema, resultsSchema } from "@kshot/contract/schemas";
import { readDataFolderInWorker } from "@kshot/episodes";
import { type GruConfig, gruParameterLayout } from "@kshot/gru-layout";
import { openProject, readJsonFile, withFolderHeld, writeFileAtomic, writeJsonFile } from "@kshot/store";
import { algorithmTitle, isAdapting, isNetwork, isStage, type NetworkName, readsContext } from "../algorithm-table.js";
import { type BaselineName, readsSupport, trainBaseline } from "../algorithms/baselines.js";
import { fineTune } from "../algorithms/fine-tune.js";
import { trainFromTuned } from "../algorithms/train-from-tuned.js";
import { trainPlainGru } from "../algorithms/train-gru.js";
import { trainMetaLearner } from "../algorithms/train-meta.js";
import type { FinishedNetwork, TrainedNetwork } from "../algorithms/trained-network.js";
import type { RunCircumstances } from "../circumstances.js";
import { modelShape, openEngine, requireDevice, withBuild } from "../config/engine.js";
import { campusOf } from "../data/campus-of.js";
import { demoData } from "../data/demo-data.js";
import { evaluateNetwork } from "../evaluation/evaluate-network.js";
import { evaluateScorer } from "../evaluation/evaluate-scorer.js";
import { requireSeveralPeopleIn } from "../evaluation/several-people.js";
import type { Progress } from "../progress.js";
import { Checkpoints } from "./checkpoints.js";
import { loadWarmStart } from "./load-warm-start.js";
import { modelFingerprint, savedNetwork, saveNetwork } from "./model-files.js";
import { type OpenRun, posix, reopenRun, startRun } from "./open-run.js";
import { rateReport } from "./rate-report.js";
import { type RunIdentity, resultFile, resultsOf } from "./results.js";
import { writeSummary } from "./run-summary.js";

/** What a run needs while it goes on. */
export interface RunningOptions {
  readonly circumstances: RunCircumstances;
  readonly progress: Progress;
  /** Once aborted, the iteration under way is finished, a checkpoint written, and the run ends with `INTERRUPTED`. */
  readonly signal?: AbortSignal;
  /** Makes the page that shows a run's results, in pieces; left out: no `report.html` is written. */
  readonly page?: (results: readonly Results[]) => Iterable<string>;
  /** The command that goes on with a run called `<name>/<tag>`, for the message of an interruption. */
  readonly resumeCommand?: (run: string) => string;
}

/** What `train` is asked for. */
export interface TrainOptions extends RunningOptions {
  readonly config: Config;
  /** Data folder; undefined: the built-in demo campus. */
  readonly dataDir?: string;
  /** Project folder; created if it is not there. */
  readonly project: string;
  /** Folder under `reports/`. */
  readonly name: string;
  /** File of a model to start from, absolute: for a `warm_start` that is no network of the run itself. */
  readonly warmStartFile?: string;
  /** Told once the run has a folder, before anything is trained. */
  readonly onRun?: (identity: RunIdentity) => Promise<void>;
}

/** What `resumeTraining` is asked for. */
export interface ResumeOptions extends RunningOptions {
  readonly project: string;
  /** The run's id, tag, `<name>/<tag>` or folder; undefined: the newest. */
  readonly run?: string;
  /** Folder that a relative `run` starts from. */
  readonly typedIn?: string;
  /** Threads, where other than at the start; changes no number. */
  readonly workers?: number;
}

/** What `train` leaves. */
export interface TrainOutcome {
  readonly runDir: string;
  readonly config: Config;
  readonly results: readonly Results[];
  /** The comparison as text, test split, both windows. */
  readonly table: string;
  /** Meta-SGD's learned rates as text, with what they say of the layers; null where none were learned. */
  readonly rates: string | null;
  /** Paths of the results files, in the order of the algorithms. */
  readonly resultFiles: readonly string[];
  /** Path of the page that shows them; null where none was asked for. */
  readonly reportPage: string | null;
}

const windows = ["first", "last"] as const;

/** The page of a run, beside its `report.json`. */
export const reportFile = "report.html";

/**
 * One whole run: data in; each algorithm trained, evaluated on the test people and written as soon as it is done; then the
 * comparison, `report.json`, `lr_analysis.json` and `manifest.json`.
 *
 * @throws `DATA` for bad files, `USAGE` for settings that do not fit the data, `INTERRUPTED`, with a checkpoint written, when
 *   `signal` fires.
 */
export async function train(options: TrainOptions): Promise<TrainOutcome> {
  const { config, progress, project } = options;
  await requireDevice(config);
  trainingOrder(config, options.warmStartFile !== undefined);
  await openProject(project);
  let { dataDir } = options;
  if (dataDir === undefined) {
    const sizes = { dataSeed: config.data_seed, k: config.K, q: config.Q };
    ({ directory: dataDir } = await demoData(project, sizes, progress));
  }
  const data = await readData(dataDir, config, progress);
  // Whatever would be refused later is refused before anything is written.
  requireSeveralPeopleIn(data, dataDir, config.evaluation_split, windows);
  const shape = modelShape(config, data.items.length);
  if (config.algorithms.includes("ideal")) await campusOf(dataDir);
  if (options.warmStartFile !== undefined) {
    const only = config.algorithms.includes("gru-finetuned") && !config.algorithms.includes("gru");
    await loadWarmStart(options.warmStartFile, shape, { data, progress, ...(only ? { only: "gru" } : {}) });
  }
  const run = await startRun({ ...options, config: withBuild(config), dataDir });
  await options.onRun?.(run.identity);
  return withFolderHeld(run.directory, "run", () => carryOut(run, data, options));
}

/**
 * Goes on with a run that was stopped: what is finished is kept, what was under way continues from its checkpoint. The end is
 * that of a run never stopped, apart from `volatile`. A finished run gets its report anew.
 *
 * @throws as `train`; `USAGE` for a run that is not there, `FAILED` where a process is still at it, `DATA` for a checkpoint or
 *   data that are not the run's.
 */
export async function resumeTraining(options: ResumeOptions): Promise<TrainOutcome> {
  const found = await reopenRun(options.project, options.run, options.typedIn);
  const run =
    options.workers === undefined ? found : { ...found, config: { ...found.config, workers: options.workers } };
  await requireDevice(run.config);
  const data = await readData(run.dataDir, run.config, options.progress);
  return withFolderHeld(run.directory, "run", () => carryOut(run, data, options));
}

async function carryOut(run: OpenRun, data: DataSet, options: RunningOptions): Promise<TrainOutcome> {
  const { config, identity } = run;
  const { circumstances, progress, signal } = options;
  progress({ type: "note", text: `Run ${identity.runTag}, ${data.items.length} items, ${people(data)}.` });
  const shape = modelShape(config, data.items.length);
  const engines = new Engines(config, shape);
  const trained = new Map<AlgorithmName, FinishedNetwork>();
  const results: Results[] = [];
  try {
    for (const algorithm of trainingOrder(config, run.warmStartFile !== undefined)) {
      const file = join(run.directory, resultFile(algorithm, data));
      if (existsSync(file)) {
        results.push(await readJsonFile(file, resultsSchema));
        if (isNetwork(algorithm)) trained.set(algorithm, await savedNetwork(run.directory, algorithm, data));
        progress({ type: "note", text: `${algorithmTitle(algorithm)} is finished already.` });
        continue;
      }
      const shared = { run, data, shape, circumstances, progress, ...(signal ? { signal } : {}) };
      if (isNetwork(algorithm)) {
        const { result, network, checkpoints } = await trainAndEvaluate({ ...shared, algorithm, engines, trained });
        await writeJsonFile(file, resultsSchema, result, { indent: 0 });
        await checkpoints.removeLatest();
        results.push(result);
        trained.set(algorithm, network);
      } else {
        const result = await scoreAndEvaluate({ ...shared, algorithm });
        await writeJsonFile(file, resultsSchema, result, { indent: 0 });
        results.push(result);
      }
      if (signal?.aborted) throw stopped(run, results, options);
    }
    const order = config.algorithms;
    results.sort((a, b) => order.indexOf(a.algorithm) - order.indexOf(b.algorithm));
    const rates = await writeSummary({ run, data, results, trained, engine: engines.description(results) });
    const table = runTable(results, {
      split: config.evaluation_split,
    });
    const resultFiles = results.map(({ algorithm }) => join(run.directory, resultFile(algorithm, data)));
    const reportPage = options.page ? join(run.directory, reportFile) : null;
    if (reportPage !== null) await writeFileAtomic(reportPage, options.page!(results));
    const learned = results.find(({ algorithm }) => algorithm === "meta-sgd");
    const shown = rates && [rateTable(rates, learned ? rateFinding(learned) : null)];
    if (shown && existsSync(rateReportPath(run))) {
      shown.push(groupTable(await readJsonFile(rateReportPath(run), rateReportSchema)));
    }
    return {
      runDir: run.directory,
      config,
      results,
      table,
      rates: shown?.join("\n\n") ?? null,
      resultFiles,
      reportPage,
    };
  } catch (error) {
    if (error instanceof TrainingStopped) throw stopped(run, results, options);
    throw error;
  } finally {
    engines.dispose();
  }
}

/** Training ended because it was asked to. */
class TrainingStopped extends Error {}

interface OneAlgorithm<Name extends AlgorithmName> {
  readonly algorithm: Name;
  readonly run: OpenRun;
  readonly data: DataSet;
  readonly shape: GruConfig;
  readonly circumstances: RunCircumstances;
  readonly progress: Progress;
  readonly signal?: AbortSignal;
}

async function trainAndEvaluate(
  options: OneAlgorithm<NetworkName> & {
    readonly engines: Engines;
    readonly trained: ReadonlyMap<AlgorithmName, FinishedNetwork>;
  },
) {
  const { algorithm, run, data, shape, circumstances, progress, signal } = options;
  const { config } = run;
  const { seconds } = circumstances;
  const checkpoints = new Checkpoints(run.directory, algorithm, config, data, seconds);
  const supervised = algorithm === "gru" || algorithm === "gru-context";
  const tuned = algorithm === "gru-finetuned";
  const engine = await options.engines.get(supervised || tuned ? "carry" : config.metasgd_config.mask);
  const shared = { shape, config, data, progress, seconds, checkpoints, engine, ...(signal ? { signal } : {}) };
  const layout = gruParameterLayout(shape);
  let network: TrainedNetwork;
  if (supervised) network = await trainPlainGru({ ...shared, name: algorithm });
  else if (tuned)
    network = await fineTune({ ...shared, layout, gru: await plainGru(run, options.trained, shape, shared) });
  else if (config.metasgd_config.warm_start === "tuned") {
    network = await trainFromTuned({ ...shared, layout, name: algorithm, trained: options.trained });
  } else {
    // What the others start from starts from nothing itself.
    const isSource = config.metasgd_config.warm_start === algorithm;
    const start = isSource ? undefined : await warmStart(run, options.trained, shape, shared);
    network = await trainMetaLearner({ ...shared, name: algorithm, ...(start ? { theta: start } : {}) });
  }
  if (network.stopped === "aborted") throw new TrainingStopped();
  const settings = (network.config ?? config).metasgd_config;
  const steps = isAdapting(algorithm) ? stepsCurve(settings.num_inner_steps) : [0];
  const context = readsContext(algorithm, settings);
  const clip = settings.inner_clip === null ? {} : { innerClip: settings.inner_clip };
  const evaluations = await evaluateNetwork({
    engine,
    theta: network.theta,
    alpha: network.alpha ?? engine.vector(),
    ...clip,
    context,
    data,
    // k = 0 leaves the context away: zero-shot.
    plan: {
      ...{ split: config.evaluation_split, windows, steps, shown: [0, settings.num_inner_steps] },
      ...(context ? { supports: [0, data.k] } : {}),
    },
    seed: config.seed,
  });
  if (algorithm === "meta-sgd") {
    const { theta, alpha } = network;
    const own = network.config ?? config;
    const report = await rateReport({ engine, theta, alpha: alpha!, algorithm, config: own, data, context, ...clip });
    await writeJsonFile(rateReportPath(run), rateReportSchema, report, { indent: 0 });
  }
  progress({ type: "done", stage: algorithmTitle(algorithm), text: trainedText(network) });
  const { theta } = await saveNetwork(run.directory, network, network.config ?? config, data);
  const { history } = network;
  const result = resultsOf({
    ...{ algorithm, config, data, evaluations, network, history, layout, circumstances },
    engine: engine.description,
    model: await modelFingerprint(join(run.directory, theta)),
    identity: run.identity,
    paths: pathsFromResult(run),
  });
  return { result, network, checkpoints };
}

async function scoreAndEvaluate(options: OneAlgorithm<BaselineName>): Promise<Results> {
  const { algorithm, run, data, circumstances, progress } = options;
  const { config } = run;
  const scorer = await trainBaseline(algorithm, data, run.dataDir);
  const [validation] = evaluateScorer(scorer, data, { split: "val", windows: ["first"] }, config.seed);
  const supports = readsSupport(algorithm) ? [0, data.k] : [data.k];
  const evaluations = evaluateScorer(scorer, data, { split: config.evaluation_split, windows }, config.seed, supports);
  progress({
    type: "done",
    stage: algorithmTitle(algorithm),
    text: `validation MRR ${validation!.metrics.mrr.value.toFixed(4)}`,
  });
  return resultsOf({
    ...{ algorithm, config, data, evaluations, circumstances },
    network: null,
    history: {
      iteration: [],
      metaLoss: [],
      validation: [{ iteration: 0, metrics: valuesOf(validation!.metrics) }],
      alpha: {},
    },
    layout: null,
    engine: null,
    identity: run.identity,
    paths: pathsFromResult(run),
  });
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

  /** What computed: an engine of now or, where all was finished before, what the results say. */
  description(results: readonly Results[]): EngineDescription {
    const [engine] = this.#open.values();
    if (engine) return { ...engine.description };
    const before = results.map((result) => result.volatile).find((entry) => entry.engine !== "none");
    if (before) return { name: before.engine, backend: before.build, workers: before.workers };
    return { name: "none", backend: "none", workers: 1 };
  }

  dispose(): void {
    for (const engine of this.#open.values()) engine.dispose();
  }
}

/** Beside the notebook's `lr_analysis.json`, which holds four numbers per tensor. */
function rateReportPath({ directory }: OpenRun): string {
  return join(directory, "rate_analysis.json");
}

async function readData(directory: string, config: Config, progress: Progress): Promise<DataSet> {
  const stage = "Reading data";
  progress({ type: "stage", stage });
  const data = await readDataFolderInWorker(directory, { k: config.K, q: config.Q });
  progress({
    type: "done",
    stage,
    text: `${data.train.pairs.length} train pairs, ${data.train.episodes.length} train episodes of ${new Set(data.train.episodes.user).size} people`,
  });
  return data;
}

/** Algorithms as they must run: a warm start's source before those that start from it, the plain GRU before it is fine-tuned. */
function trainingOrder(config: Config, hasFile: boolean): AlgorithmName[] {
  const source = config.metasgd_config.warm_start;
  let order = [...new Set(config.algorithms)];
  if (order.includes("gru-finetuned")) {
    if (order.includes("gru")) order = ["gru", ...order.filter((name) => name !== "gru")];
    else if (!hasFile) {
      throw usageError({
        where: "--algorithm gru-finetuned",
        found: `gru is not among the algorithms of this run (${order.join(", ")})`,
        expected: "--algorithm with gru, or --warm-start with the file of a plain GRU",
      });
    }
  }
  if (source === "tuned") {
    if (!order.includes("gru")) {
      throw usageError({
        where: "--warm-start tuned",
        found: `gru is not among the algorithms of this run (${order.join(", ")})`,
        expected: "--algorithm with gru, and gru-context where the support pairs may be read as well",
      });
    }
    const first: AlgorithmName[] = order.includes("gru-context") ? ["gru", "gru-context"] : ["gru"];
    return [...first, ...order.filter((name) => !first.includes(name))];
  }
  if (!isStage(source)) return order;
  if (!order.includes(source)) {
    if (hasFile) return order;
    throw usageError({
      where: `--warm-start ${source}`,
      found: `${source} is not among the algorithms of this run (${order.join(", ")})`,
      expected: `--algorithm with ${source}, or the file of a trained model`,
    });
  }
  return [source, ...order.filter((name) => name !== source)];
}

async function warmStart(
  { config, warmStartFile }: OpenRun,
  trained: ReadonlyMap<AlgorithmName, FinishedNetwork>,
  wanted: GruConfig,
  asked: { data: DataSet; progress: Progress },
): Promise<ParameterVector | undefined> {
  const source = config.metasgd_config.warm_start;
  if (source === null) return undefined;
  if (isStage(source) && trained.has(source)) return trained.get(source)!.theta;
  return loadWarmStart(warmStartFile ?? source, wanted, asked);
}

/** The network that is fine-tuned: the run's own plain GRU, else the file that the run starts from. */
async function plainGru(
  { config, warmStartFile }: OpenRun,
  trained: ReadonlyMap<AlgorithmName, FinishedNetwork>,
  wanted: GruConfig,
  asked: { data: DataSet; progress: Progress },
): Promise<FinishedNetwork> {
  const own = trained.get("gru");
  if (own) return own;
  const file = warmStartFile ?? config.metasgd_config.warm_start ?? "";
  return { algorithm: "gru", theta: await loadWarmStart(file, wanted, { ...asked, only: "gru" }), alpha: null };
}

/** 0 (zero-shot), every step of the inner loop: one pass gives them all. */
function stepsCurve(innerSteps: number): number[] {
  return Array.from({ length: innerSteps + 1 }, (_, step) => step);
}

function trainedText(network: TrainedNetwork): string {
  const unit = network.algorithm === "gru" || network.algorithm === "gru-context" ? "epoch" : "iteration";
  const mrr = network.bestMetrics ? `, validation MRR ${network.bestMetrics.mrr.toFixed(4)}` : "";
  if (network.choice !== undefined) return `${network.choice}${mrr}`;
  return `best at ${unit} ${network.bestIteration}${mrr}`;
}

/** Paths that a results file names, relative to itself. */
function pathsFromResult({ directory, dataDir }: OpenRun): Record<string, string> {
  return { run: "..", config: "../config.json", data: posix(relative(join(directory, "results"), dataDir)) };
}

function valuesOf(metrics: Results["evaluations"][number]["metrics"]) {
  return Object.fromEntries(
    Object.entries(metrics).map(([name, { value }]) => [name, value]),
  ) as Results["history"]["validation"][number]["metrics"];
}

function stopped(run: OpenRun, results: readonly Results[], { resumeCommand }: RunningOptions) {
  const done = results.map((result) => result.algorithm).join(", ");
  const name = `${run.name}/${run.identity.runTag}`;
  return interruptedError({
    found: `Stopped, with a checkpoint. ${done === "" ? "No algorithm was finished" : `Finished and kept: ${done}`}, in ${run.directory}`,
    ...(resumeCommand ? { todo: "To go on:", command: resumeCommand(name) } : {}),
  });
}

function people({ k, q, train, val, test }: DataSet): string {
  const served = (split: DataSet["val"]) => `${split.windows.first.length} of ${split.pairs.users.length}`;
  const trained = `${new Set(train.episodes.user).size} of ${train.pairs.users.length}`;
  return `K + Q = ${k + q} pairs have ${trained} train, ${served(val)} validation and ${served(test)} test people`;
}
