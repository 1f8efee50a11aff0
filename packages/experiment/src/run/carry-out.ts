import { existsSync } from "node:fs";
import { join } from "node:path";
import {
  algorithmTitle,
  anonymousResults,
  groupTable,
  isAdapting,
  isNetwork,
  methodsOf,
  personalOf,
  rateFinding,
  rateTable,
  runAdvice,
  runTable,
  usualMetric,
  whichToUse,
} from "@kshot/comparison";
import {
  type AlgorithmName,
  type DataSet,
  dataError,
  interruptedError,
  KshotError,
  onlyEntry,
  whole,
} from "@kshot/contract";
import { type Results, rateAnalysisSchema, resultsSchema } from "@kshot/contract/schemas";
import { type GruConfig, gruParameterLayout } from "@kshot/gru-layout";
import { metaAlgorithms } from "@kshot/meta-sgd";
import { type HeldLock, readJsonFile, writeJsonFile } from "@kshot/store";
import { personalSignal } from "../algorithms/index.js";
import { costlyOptions, modelShape, neededResources, sizeInWords, withEvalEpochs } from "../config/index.js";
import { openTestPeople } from "../data/index.js";
import { everyoneTrains } from "../evaluation/index.js";
import { removeLatestCheckpoints } from "./checkpoints.js";
import { Engines } from "./engines.js";
import { savedNetwork } from "./model-files.js";
import type { RunningOptions, TrainOutcome } from "./options.js";
import { requireOwnFolders } from "./own-folders.js";
import { PageOfRun } from "./page-of-run.js";
import { shortName } from "./reopen-run.js";
import { resultFile, runFiles } from "./run-files.js";
import type { RunInProgress } from "./run-in-progress.js";
import { searchedConfig } from "./searched-config.js";
import type { OpenRun } from "./start-run.js";
import { writeSummary } from "./summary.js";
import { trainBaseline } from "./train-baseline.js";
import { trainHybrid } from "./train-hybrid.js";
import { trainNetwork } from "./train-network.js";
import { trainingOrder } from "./training-order.js";

/**
 * Carries out a run: trains, evaluates and writes each algorithm, then writes the summary. Finished algorithms are kept; a
 * stopped one continues from its checkpoint.
 *
 * @throws `INTERRUPTED`, with a checkpoint written, when `signal` fires; otherwise as training and evaluation do.
 */
export async function carryOut(
  run: OpenRun,
  data: DataSet,
  options: RunningOptions & { readonly lock: HeldLock },
): Promise<TrainOutcome> {
  const { progress } = options;
  requireOwnFolders(run.directory, run.config.algorithms);
  progress({ type: "note", text: `Run ${run.identity.runTag}, ${data.items.length} items, ${peopleInWords(data)}.` });
  const results: Results[] = [];
  try {
    const searched = await searchedConfig(run, data, options);
    const people = new Set(data.train.episodes.user).size;
    const config = withEvalEpochs(searched, people);
    const { eval_interval, meta_batch_size, num_meta_iterations } = config.metasgd_config;
    if (config !== searched && config.algorithms.some((name) => name in metaAlgorithms)) {
      const passes = `${((eval_interval * meta_batch_size) / people).toFixed(1)} passes over ${people} people`;
      const text = `Meta-training: a validation every ${eval_interval} iterations (${passes}), at most ${num_meta_iterations} iterations.`;
      progress({ type: "note", text });
    }
    return await trainAll({ ...run, config }, data, options, results);
  } catch (error) {
    if (KshotError.isInstance(error) && error.code === "INTERRUPTED") throw interrupted(run, results, options);
    throw error;
  }
}

/** Trains and evaluates each algorithm, then writes the summary. @param results - receives those that are finished */
async function trainAll(
  run: OpenRun,
  data: DataSet,
  options: RunningOptions & { readonly lock: HeldLock },
  results: Results[],
): Promise<TrainOutcome> {
  const { config } = run;
  const { progress, signal } = options;
  for (const text of costlyOptions(config)) progress({ type: "note", text });
  const shape = modelShape(config, data.items.length);
  if (config.algorithms.some(isNetwork)) progress({ type: "note", text: `Network: ${networkInWords(shape, config)}.` });
  const engines = new Engines(config, shape);
  const order = trainingOrder(config, run.warmStartFile !== undefined);
  const pageOfRun = new PageOfRun(run, data, options, order);
  try {
    const opensTest = config.evaluation_split === "test" && !everyoneTrains(data);
    const opening = { ...options, dataDir: run.dataDir, data, id: run.identity.runId };
    // The whole comparison counts as one evaluation of the test people: every method is evaluated on them once.
    const openings = opensTest ? await openTestPeople(opening) : 0;
    // If all results of a run exist, only its summary is written again.
    const unfinished = order.some((algorithm) => !existsSync(join(run.directory, resultFile(algorithm, data))));
    const looksForSignal = unfinished && !everyoneTrains(data) && config.algorithms.some(isAdapting);
    const personal = looksForSignal ? await personalSignal(data, options) : undefined;
    const inProgress: RunInProgress = {
      ...options,
      ...{ run, data, shape, engines, trained: new Map(), openings, pageOfRun },
      ...(personal === undefined ? {} : { personal }),
    };
    for (const algorithm of order) {
      pageOfRun.begin(algorithm);
      const own = (await finishedBefore(algorithm, inProgress)) ?? (await carryOutOne(algorithm, inProgress));
      results.push(own);
      pageOfRun.finish(own);
      if (signal?.aborted) throw interruptedError({ found: "stopped between two algorithms" });
    }
    results.sort((a, b) => config.algorithms.indexOf(a.algorithm) - config.algorithms.indexOf(b.algorithm));
    return await summarise(inProgress, results);
  } catch (error) {
    await pageOfRun.stopped().catch(() => {});
    throw error;
  } finally {
    engines.dispose();
  }
}

/** The results of an algorithm that an earlier attempt has finished. */
async function finishedBefore(algorithm: AlgorithmName, inProgress: RunInProgress): Promise<Results | undefined> {
  const { run, data, trained, progress } = inProgress;
  const file = join(run.directory, resultFile(algorithm, data));
  if (!existsSync(file)) return undefined;
  const result = await readJsonFile(file, resultsSchema);
  if (result.data.fingerprint !== data.fingerprint) {
    throw dataError({
      where: file,
      found: `results on the data ${result.data.fingerprint.slice(0, 12)}…`,
      expected: `${data.fingerprint.slice(0, 12)}…, the fingerprint of the data folder`,
      todo: "Resume with the data that the run was started with",
    });
  }
  if (isNetwork(algorithm)) trained.set(algorithm, await savedNetwork(run.directory, algorithm, data));
  // An attempt that was killed after it wrote the results has left them.
  await inProgress.lock.stillHeld();
  await removeLatestCheckpoints(run.directory, algorithm);
  progress({ type: "note", text: `${algorithmTitle(algorithm)} is finished already.` });
  return result;
}

async function carryOutOne(algorithm: AlgorithmName, inProgress: RunInProgress): Promise<Results> {
  const { run, data, trained, lock } = inProgress;
  const write = async (result: Results) => {
    await lock.stillHeld();
    await writeJsonFile(join(run.directory, resultFile(algorithm, data)), resultsSchema, result, {
      indent: 0,
      sealed: true,
    });
  };
  const shown = (result: Results) => (run.config.anonymous === true ? onlyEntry(anonymousResults([result])) : result);
  if (algorithm === "hybrid") {
    const result = shown(await trainHybrid(inProgress));
    await write(result);
    await removeLatestCheckpoints(run.directory, algorithm);
    return result;
  }
  if (!isNetwork(algorithm)) {
    const result = shown(await trainBaseline(algorithm, inProgress));
    await write(result);
    return result;
  }
  const { result: full, network } = await trainNetwork(algorithm, inProgress);
  const result = shown(full);
  await write(result);
  await removeLatestCheckpoints(run.directory, algorithm);
  trained.set(algorithm, network);
  return result;
}

/** Report, tables and page, once every algorithm is finished. */
async function summarise(inProgress: RunInProgress, results: readonly Results[]): Promise<TrainOutcome> {
  const { run, data, trained, engines, pageOfRun } = inProgress;
  const { config, directory } = run;
  // Without evaluations there is nothing to compare or draw.
  const forUse = everyoneTrains(data);
  const reportPage = await pageOfRun.write(results);
  // Written last, because its manifest marks the run as finished.
  const rates = await writeSummary({ run, data, results, trained, engine: engines.description(results) });
  const learned = results.find(({ algorithm }) => algorithm === "meta-sgd");
  const rateFile = join(directory, runFiles.rateAnalysis);
  const groups =
    rates !== null && existsSync(rateFile) ? [groupTable(await readJsonFile(rateFile, rateAnalysisSchema))] : [];
  const methods = methodsOf(results.map((own) => ({ name: own.algorithm, results: own })));
  return {
    ...{ runDir: directory, dataDir: run.dataDir },
    config,
    results,
    table: forUse
      ? "All people were train people: there are no validation and test people, so nothing was chosen and nothing is evaluated."
      : `${runAdvice(results, { split: config.evaluation_split })}\n\n${runTable(results, { split: config.evaluation_split })}`,
    use: forUse ? null : whichToUse(results, { split: config.evaluation_split }),
    rates: rates === null ? null : [rateTable(rates, learned ? rateFinding(learned) : null), ...groups].join("\n\n"),
    personal: forUse ? null : personalOf(methods, { split: config.evaluation_split, window: "first" }, usualMetric),
    resultFiles: results.map(({ algorithm }) => join(directory, resultFile(algorithm, data))),
    reportPage,
  };
}

function interrupted(run: OpenRun, results: readonly Results[], { resumeCommand }: RunningOptions): KshotError {
  const done = results.map((result) => result.algorithm).join(", ");
  const name = shortName({ notebook: run.name, run_tag: run.identity.runTag });
  return interruptedError({
    found: `Stopped, with a checkpoint. ${done === "" ? "No algorithm was finished" : `Finished and kept: ${done}`}, in ${run.directory}`,
    ...(resumeCommand ? { todo: "To continue:", command: resumeCommand(name) } : {}),
  });
}

function peopleInWords(data: DataSet): string {
  const { k, q, train, val, test } = data;
  const served = (split: DataSet["val"]) => `${split.windows.first.length} of ${split.pairs.users.length}`;
  const trained = `${new Set(train.episodes.user).size} of ${train.pairs.users.length}`;
  if (everyoneTrains(data)) return `all people are train people: K + Q = ${k + q} pairs have ${trained} people`;
  return `K + Q = ${k + q} pairs have ${trained} train, ${served(val)} validation and ${served(test)} test people`;
}

/** Sizes of a run's network in words: `embedding 32, hidden 64, 1 layer: 15,424 parameters; about 150 MB of memory …`. */
function networkInWords(shape: GruConfig, config: RunInProgress["run"]["config"]): string {
  const { algorithms } = config;
  const { embeddingDim, hiddenDim, numLayers } = shape;
  const parameters = whole(gruParameterLayout(shape).size);
  const rates = algorithms.includes("meta-sgd") ? `; ${algorithmTitle("meta-sgd")} has as many inner rates` : "";
  const layers = `${numLayers} ${numLayers === 1 ? "layer" : "layers"}`;
  const { memory, disk } = neededResources(config, shape.nItems);
  const needs = `about ${sizeInWords(memory)} of memory and ${sizeInWords(disk)} of disk`;
  return `embedding ${embeddingDim}, hidden ${hiddenDim}, ${layers}: ${parameters} parameters${rates}; ${needs}`;
}
