import type { DataSet } from "@kshot/contract";
import type { Config } from "@kshot/contract/schemas";
import { type HeldLock, openProject, removeAbandoned, withFolderHeld } from "@kshot/store";
import { requireDevice, withBuild } from "../config/index.js";
import { demoData, openDataFolder, requireFingerprint } from "../data/index.js";
import { everyoneTrains } from "../evaluation/index.js";
import type { Progress } from "../progress.js";
import { carryOut } from "./carry-out.js";
import type { ResumeOptions, RunningOptions, TrainOptions, TrainOutcome } from "./options.js";
import { reopenRun } from "./reopen-run.js";
import { requireFit, requireRest, withoutChoice } from "./require-fit.js";
import { sharedAlgorithms } from "./shared-algorithms.js";
import { type OpenRun, startRun } from "./start-run.js";
import { trainingOrder } from "./training-order.js";

/**
 * One whole run: reads the data; trains, evaluates on the test people and writes each algorithm; then writes the comparison,
 * `report.json`, `lr_analysis.json` and `manifest.json`.
 *
 * @throws `DATA` for bad files, `USAGE` for settings that do not match the data, `INTERRUPTED`, with a checkpoint written, when
 * `signal` fires.
 * @example
 * ```js
 * import { resolveConfig, train } from "@kshot/experiment";
 *
 * const outcome = await train({
 *   config: resolveConfig({ preset: "demo", flags: { algorithms: ["markov"] } }),
 *   project: "kshot-runs",
 *   name: "trial",
 *   circumstances: {
 *     now: () => new Date(),
 *     seconds: () => performance.now() / 1000,
 *     newId: () => crypto.randomUUID().replaceAll("-", ""),
 *     command: "a program",
 *     host: { node: process.versions.node },
 *   },
 *   progress: () => {},
 * });
 * console.log(outcome.table.includes("Markov")); // true
 * ```
 */
export async function train(options: TrainOptions): Promise<TrainOutcome> {
  const { config, progress, project } = options;
  await requireDevice(config);
  const order = trainingOrder(config, options.warmStartFile !== undefined);
  if (options.ranks) sharedAlgorithms(config, order);
  // Only the demo needs the project before its data are read: unusable data therefore create no project.
  if (options.dataDir === undefined) await openProject(project);
  const dataDir = options.dataDir ?? (await demoFolder(options));
  const data = await readData(dataDir, config, progress);
  const own = options.defaults === true && everyoneTrains(data) ? withoutChoice(config) : config;
  await requireFit({ ...options, config: own, dataDir }, data);
  await gathered(options, { ...options, config: withBuild(own) }, data);
  const run = await startRun({ ...options, config: withBuild(own), dataDir });
  await options.onRun?.(run.identity);
  return heldRun(run, data, options);
}

/** Carries out the run while no other process works in its folder. Removes what a killed process left there. */
function heldRun(run: OpenRun, data: DataSet, options: RunningOptions): Promise<TrainOutcome> {
  const { progress, signal } = options;
  const onWait = (holder: string) =>
    progress({
      type: "note",
      text: `Waiting for a heartbeat of ${holder} (process, machine), which held this run.`,
    });
  const work = async (lock: HeldLock) => {
    await removeAbandoned(run.directory);
    return carryOut(run, data, { ...options, lock });
  };
  return withFolderHeld(run.directory, "run", work, { onWait, ...(signal ? { signal } : {}) });
}

/**
 * Continues a stopped run: finished algorithms are kept, a stopped one continues from its checkpoint. The result equals that of a
 * run without a stop, except for `volatile`. For a finished run only the report is written again.
 *
 * @throws as `train`; `USAGE` for an unknown run, `FAILED` if a process still works on it or if it does not fit, `DATA` for a checkpoint or data of
 * another run.
 */
export async function resumeTraining(options: ResumeOptions): Promise<TrainOutcome> {
  const found = await reopenRun(options);
  const { workers = found.config.workers, gpuMemory: gpu_memory = found.config.gpu_memory } = options;
  const run = {
    ...found,
    config: {
      ...found.config,
      ...(workers === undefined ? {} : { workers }),
      ...(gpu_memory === undefined ? {} : { gpu_memory }),
    },
  };
  await requireDevice(run.config);
  const data = await readData(run.dataDir, run.config, options.progress);
  if (options.dataFingerprint !== undefined) requireFingerprint(run.dataDir, data.fingerprint, options.dataFingerprint);
  await requireRest(run, data);
  await gathered(options, run, data);
  return heldRun(run, data, options);
}

/** Waits for the other processes of the run, if it has some. */
async function gathered(
  { ranks }: RunningOptions,
  { config, warmStartFile }: Pick<OpenRun, "config" | "warmStartFile">,
  { fingerprint }: DataSet,
): Promise<void> {
  if (ranks === undefined) return;
  const algorithms = sharedAlgorithms(config, trainingOrder(config, warmStartFile !== undefined));
  await ranks.gather({ config, fingerprint, algorithms });
}

async function demoFolder({ project, config, progress, signal }: TrainOptions): Promise<string> {
  const sizes = { dataSeed: config.data_seed, k: config.K, q: config.Q };
  return (await demoData(project, sizes, progress, signal)).directory;
}

async function readData(directory: string, config: Config, progress: Progress): Promise<DataSet> {
  const stage = "Reading data";
  progress({ type: "stage", stage });
  const data = await openDataFolder(directory, { k: config.K, q: config.Q }, { inWorker: true });
  const { pairs, episodes } = data.train;
  const people = new Set(episodes.user).size;
  const text = `${pairs.length} train pairs, ${episodes.length} train episodes of ${people} people`;
  progress({ type: "done", stage, text });
  return data;
}
