import { existsSync } from "node:fs";
import { join } from "node:path";
import type { AlgorithmName, DataSet, ParameterVector } from "@kshot/contract";
import { algorithmId, dataError } from "@kshot/contract";
import type { Config, ModelMetadata, Results } from "@kshot/contract/schemas";
import { type GruConfig, gruParameterLayout } from "@kshot/gru-layout";
import { readModel, sha256File, vectorFrom, writeModel } from "@kshot/store";
import { algorithmTitle, isAdapting } from "../algorithm-table.js";
import type { FinishedNetwork, TrainedNetwork } from "../algorithms/trained-network.js";
import { modelShape } from "../config/engine.js";
import { decidingConfig } from "../config/settings.js";

/** Name prefix of learning rates in a safetensors file. */
const ratePrefix = "alpha.";

/** Paths of a model's files, relative to the run folder: `models/<id>/<id>_gru_K5.safetensors` and its α. */
export function modelPaths(
  network: Pick<FinishedNetwork, "algorithm" | "alpha">,
  k: number,
): { theta: string; alpha?: string } {
  const id = algorithmId(network.algorithm);
  const theta = join("models", id, `${id}_gru_K${k}.safetensors`);
  return network.alpha === null ? { theta } : { theta, alpha: alphaPath(theta) };
}

/** Writes θ, and α where there is one, with all that a reader needs: vocabulary, configuration, where it came from. */
export async function saveNetwork(
  runDir: string,
  network: TrainedNetwork,
  config: Config,
  data: DataSet,
): Promise<{ theta: string; alpha?: string }> {
  const layout = gruParameterLayout(modelShape(config, data.items.length));
  const paths = modelPaths(network, data.k);
  const metadata = {
    format: "kshot.model/1" as const,
    algorithm: network.algorithm,
    config: decidingConfig(config),
    items: [...data.items],
    ...(data.titles ? { titles: [...data.titles] } : {}),
    dataFingerprint: data.fingerprint,
    iteration: network.bestIteration,
    validation: network.bestMetrics,
  };
  await writeModel(join(runDir, paths.theta), {
    layout,
    values: network.theta,
    metadata: { ...metadata, kind: "theta" },
  });
  if (network.alpha && paths.alpha) {
    await writeModel(join(runDir, paths.alpha), {
      layout,
      values: network.alpha,
      metadata: { ...metadata, kind: "alpha" },
      prefix: ratePrefix,
    });
  }
  return paths;
}

/** A finished network of a run, read back. */
export async function savedNetwork(
  runDir: string,
  algorithm: AlgorithmName,
  { k }: Pick<DataSet, "k">,
): Promise<FinishedNetwork> {
  const { theta, alpha } = await loadNetwork(join(runDir, modelPaths({ algorithm, alpha: null }, k).theta));
  return { algorithm, theta, alpha };
}

/** A model read back from its files. */
export interface LoadedNetwork {
  readonly shape: GruConfig;
  readonly theta: ParameterVector;
  /** Null for a model without inner learning rates. */
  readonly alpha: ParameterVector | null;
  readonly metadata: ModelMetadata;
}

/**
 * Reads a model and, where the file lies beside it, its learning rates.
 *
 * @throws a `DATA` error that names the tensor whose shape is not the configuration's, or the file that is none of ours.
 */
export async function loadNetwork(file: string): Promise<LoadedNetwork> {
  const { metadata, tensors } = await readModel(file);
  if (metadata.kind !== "theta") {
    throw dataError({
      where: file,
      found: "learning rates (α), not a model",
      expected: `the model beside it, ${file.replace(".alpha.safetensors", ".safetensors")}`,
    });
  }
  const shape = modelShape(metadata.config, metadata.items.length);
  const layout = gruParameterLayout(shape);
  const theta = vectorFrom(tensors, layout, file);
  const rates = alphaPath(file);
  if (!existsSync(rates)) {
    if (isAdapting(metadata.algorithm)) {
      throw dataError({
        where: rates,
        found: `no such file, beside a model of ${algorithmTitle(metadata.algorithm)}`,
        expected: "its inner learning rates, without which it cannot adapt",
        todo: "Keep the two files together",
      });
    }
    return { shape, theta, alpha: null, metadata };
  }
  const alpha = vectorFrom((await readModel(rates)).tensors, layout, rates, ratePrefix);
  return { shape, theta, alpha, metadata };
}

/** What names a model by its content: the hashes of its files. */
export async function modelFingerprint(theta: string): Promise<NonNullable<Results["model"]>> {
  const { sha256 } = await sha256File(theta);
  const rates = alphaPath(theta);
  return existsSync(rates) ? { sha256, alphaSha256: (await sha256File(rates)).sha256 } : { sha256 };
}

function alphaPath(theta: string): string {
  return theta.replace(/\.safetensors$/, ".alpha.safetensors");
}
