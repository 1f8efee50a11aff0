import { existsSync, statSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { type AlgorithmName, dataError } from "@kshot/contract";
import { readModel } from "@kshot/store";

/** A model of a run, and its validation MRR. */
export interface RunModel {
  /** Path of the safetensors file with θ. */
  readonly file: string;
  readonly algorithm: AlgorithmName;
  /** Mean reciprocal rank on the validation people, 0 … 1; null for a model that was never validated. */
  readonly mrr: number | null;
}

/** The models of a run folder, `models/<id>/*.safetensors` without learning rates, in the order of their names. */
export async function modelsOfRun(directory: string): Promise<RunModel[]> {
  const models: RunModel[] = [];
  const home = join(directory, "models");
  for (const id of (await readdir(home).catch(() => [])).sort()) {
    const folder = join(home, id);
    if (!statSync(folder).isDirectory()) continue;
    for (const name of (await readdir(folder)).sort()) {
      if (!name.endsWith(".safetensors") || name.endsWith(".alpha.safetensors")) continue;
      const file = join(folder, name);
      const { metadata } = await readModel(file);
      models.push({ file, algorithm: metadata.algorithm, mrr: metadata.validation?.mrr ?? null });
    }
  }
  return models;
}

/** Models by their validation MRR, the highest first, those without one last; among equals the order stays. */
export function byValidation(models: readonly RunModel[]): RunModel[] {
  return [...models].sort((a, b) => (b.mrr ?? -1) - (a.mrr ?? -1));
}

/**
 * The model of a path: the file itself, or the model of a run folder with the highest validation MRR (among equals the first by
 * name). Test people have no influence.
 *
 * @param path an absolute path of a model's safetensors file or of a run folder
 * @throws `DATA` for a folder without models
 */
export async function bestModel(path: string): Promise<{ file: string; chosen?: RunModel; of?: number }> {
  if (!existsSync(path) || !statSync(path).isDirectory()) return { file: path };
  const models = await modelsOfRun(path);
  const [best] = byValidation(models);
  if (best === undefined) {
    throw dataError({
      where: path,
      found: "no models/*/*.safetensors in it",
      expected: "the folder of a run that trained a network, or a model's .safetensors",
    });
  }
  return { file: best.file, chosen: best, of: models.length };
}
