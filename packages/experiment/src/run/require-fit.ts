import { isNetwork } from "@kshot/comparison";
import { type DataSet, usageError } from "@kshot/contract";
import type { Config } from "@kshot/contract/schemas";
import { machineResources, modelShape, neededResources, requireResources } from "../config/index.js";
import { campusOf } from "../data/index.js";
import { everyoneTrains, requireSeveralPeopleIn, windows } from "../evaluation/index.js";
import type { TrainOptions } from "./options.js";
import { loadStart } from "./start-networks.js";

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
