import { existsSync, statSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { isNetwork } from "@kshot/comparison";
import { type DataSet, usageError } from "@kshot/contract";
import type { Config } from "@kshot/contract/schemas";
import { machineResources, modelShape, neededResources, requireResources } from "../config/index.js";
import { campusOf } from "../data/index.js";
import { everyoneTrains, requireSeveralPeopleIn, windows } from "../evaluation/index.js";
import type { TrainOptions } from "./options.js";
import { runFiles } from "./run-files.js";
import { loadStart } from "./start-networks.js";
import type { OpenRun } from "./start-run.js";

/** All checks of data and start that are possible before the run's first write. */
export async function requireFit(
  { config, dataDir, project, warmStartFile, progress }: TrainOptions & { readonly dataDir: string },
  data: DataSet,
): Promise<void> {
  if (everyoneTrains(data)) requireNoChoice(config, dataDir);
  else requireSeveralPeopleIn(data, dataDir, config.evaluation_split, windows);
  const shape = modelShape(config, data.items.length);
  requireResources(neededResources(config, data.items.length), await machineResources(project), project);
  if (config.algorithms.includes("ideal")) await campusOf(dataDir);
  if (warmStartFile === undefined) return;
  await loadStart(warmStartFile, { shape, data, progress, ...onlyPlainGru(config) });
}

/**
 * Refuses to continue a run that does not fit: its disk is full by now, or it was started on another machine. Files that it has
 * already need no space again.
 *
 * @throws `FAILED`, with the needed and the available size.
 */
export async function requireRest(
  { config, directory, project }: Pick<OpenRun, "config" | "directory" | "project">,
  data: DataSet,
): Promise<void> {
  // Only the summary of a finished run is written again.
  if (existsSync(join(directory, runFiles.manifest))) return;
  const needed = neededResources(config, data.items.length);
  const disk = Math.max(0, needed.disk - (await bytesBelow(join(directory, "models"))));
  requireResources({ ...needed, disk }, await machineResources(project), project, {
    memory: "Continue the run on a machine with more memory",
    disk: "Free disk space, or move the project to another disk; then continue the run",
  });
}

/** Bytes of all files below a folder, 0 if there is none. */
async function bytesBelow(folder: string): Promise<number> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  const sizes = entries
    .filter((entry) => entry.isFile())
    .map((entry) => statSync(join(entry.parentPath, entry.name), { throwIfNoEntry: false })?.size ?? 0);
  return sizes.reduce((sum, size) => sum + size, 0);
}

/** The algorithms that choose nothing on validation people. */
export function withoutChoice(config: Config): Config {
  return { ...config, algorithms: config.algorithms.filter((name) => isNetwork(name) && name !== "gru-finetuned") };
}

/** Without validation people, only algorithms that choose nothing on them can be trained, and only networks save a model. */
function requireNoChoice(config: Config, dataDir: string): void {
  const tuned = config.metasgd_config.warm_start === "tuned";
  const chooses = config.algorithms.find((name) => name === "gru-finetuned" || !isNetwork(name));
  if (chooses === undefined && !tuned) return;
  throw usageError({
    where: tuned ? "--warm-start tuned" : `--algorithm ${chooses}`,
    found: `${dataDir} was made with --split 1,0,0 and has no validation people to choose on`,
    expected:
      "networks that are trained for a given number of iterations: gru, gru-context, meta-sgd, maml and its relatives",
    todo: "Remove it, or prepare the data with other shares, as --split .8,.1,.1",
  });
}

/** The file must be a plain GRU if it is fine-tuned and the run trains none. */
export function onlyPlainGru({ algorithms }: Pick<Config, "algorithms">): { readonly only?: "gru" } {
  return algorithms.includes("gru-finetuned") && !algorithms.includes("gru") ? { only: "gru" } : {};
}
