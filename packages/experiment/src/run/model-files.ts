import { existsSync } from "node:fs";
import { join } from "node:path";
import type { StoredCounts } from "@kshot/baselines";
import { algorithmTitle, isAdapting } from "@kshot/comparison";
import type { AlgorithmName, DataSet, ParameterVector } from "@kshot/contract";
import { dataError } from "@kshot/contract";
import type { Config, ModelMetadata, Results } from "@kshot/contract/schemas";
import { type GruConfig, gruParameterLayout } from "@kshot/gru-layout";
import {
  countTensors,
  ensemblePrefix,
  ratePrefix,
  readModel,
  sha256File,
  splitRates,
  type Tensor,
  vectorFrom,
  writeModel,
  writeModelTensors,
} from "@kshot/store";
import type { FinishedNetwork, TrainedNetwork, ValidationMetrics } from "../algorithms/index.js";
import { decidingConfig, modelShape } from "../config/index.js";
import { alphaFile, modelFile, modelOfAlphaFile } from "./run-files.js";

/**
 * Writes θ and, if there is one, α into one model file, and α also into a separate file next to it, with all metadata that a
 * reader needs: vocabulary, configuration, origin.
 *
 * @returns the model's path, relative to the run folder
 */
export async function saveNetwork(
  runDir: string,
  network: TrainedNetwork,
  config: Config,
  data: DataSet,
): Promise<string> {
  const layout = gruParameterLayout(modelShape(config, data.items.length));
  const model = modelFile(network.algorithm, data);
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
  await writeModel(join(runDir, model), {
    layout,
    values: network.theta,
    ...(network.alpha === null ? {} : { rates: network.alpha }),
    metadata: { ...metadata, kind: "theta" },
  });
  if (network.alpha !== null) {
    await writeModel(join(runDir, alphaFile(model)), {
      layout,
      values: network.alpha,
      metadata: { ...metadata, kind: "alpha" },
      prefix: ratePrefix,
    });
  }
  return model;
}

/** A counting model or a stack to save. */
export interface CountsToSave {
  readonly algorithm: AlgorithmName;
  readonly counts: StoredCounts;
  readonly validation: ValidationMetrics;
  /** The network of a stack, which is stored in the same file. */
  readonly network?: FinishedNetwork;
  /** The networks of a stack's ensemble, which are stored in the same file; if omitted, none. */
  readonly ensemble?: readonly ParameterVector[];
}

/**
 * Writes a counting model, and a stack's networks with their learning rates, into one file.
 *
 * @returns the model's path, relative to the run folder
 */
export async function saveCounts(
  runDir: string,
  { algorithm, counts, validation, network, ensemble = [] }: CountsToSave,
  config: Config,
  data: DataSet,
): Promise<string> {
  const { description, tensors } = counts;
  const model = modelFile(algorithm, data);
  const layout = gruParameterLayout(modelShape(config, data.items.length));
  const tensorsOf = (vector: ParameterVector, prefix: string) =>
    layout.tensors.map(
      ({ name, shape, offset, size }): Tensor => ({
        name: `${prefix}${name}`,
        shape,
        values: vector.subarray(offset, offset + size),
      }),
    );
  const { theta, alpha } = network ?? { theta: null, alpha: null };
  const { parts, stack, offsets } = description;
  await writeModelTensors(join(runDir, model), {
    tensors: [
      ...(theta === null ? [] : tensorsOf(theta, "")),
      ...(alpha === null ? [] : tensorsOf(alpha, ratePrefix)),
      ...ensemble.flatMap((vector, n) => tensorsOf(vector, ensemblePrefix(n + 1))),
      ...countTensors(tensors),
    ],
    metadata: {
      ...{ format: "kshot.model/1", algorithm, kind: "counts", config: decidingConfig(config) },
      counts: {
        parts: parts.map((part) => ({ ...part, options: { ...part.options } })),
        ...(stack === undefined
          ? {}
          : { stack: { experts: [...stack.experts], weights: [...stack.weights], repeats: stack.repeats } }),
        ...(offsets === undefined ? {} : { offsets: [...offsets] }),
      },
      ...(network === undefined ? {} : { network: network.algorithm }),
      ...(ensemble.length === 0 ? {} : { ensemble: ensemble.length }),
      items: [...data.items],
      ...(data.titles ? { titles: [...data.titles] } : {}),
      ...{ dataFingerprint: data.fingerprint, iteration: 0, validation },
    },
  });
  return model;
}

/** A finished network of a run, read back. */
export async function savedNetwork(
  runDir: string,
  algorithm: AlgorithmName,
  sizes: Pick<DataSet, "k">,
): Promise<FinishedNetwork> {
  const { theta, alpha, metadata } = await loadNetwork(join(runDir, modelFile(algorithm, sizes)));
  return { algorithm, theta, alpha, config: metadata.config };
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
 * Reads a model and its learning rates, from the same file or from the file next to it.
 *
 * @throws a `DATA` error that names the tensor whose shape does not match the configuration, or the file that is not from kshot.
 */
export async function loadNetwork(file: string): Promise<LoadedNetwork> {
  const { metadata, tensors } = await readModel(file);
  if (metadata.kind !== "theta") {
    throw dataError({
      where: file,
      ...(metadata.kind === "alpha"
        ? { found: "learning rates (α), not a model", expected: `the model next to it, ${modelOfAlphaFile(file)}` }
        : { found: `a model of ${algorithmTitle(metadata.algorithm)}`, expected: "a network alone" }),
    });
  }
  const shape = modelShape(metadata.config, metadata.items.length);
  const layout = gruParameterLayout(shape);
  const inside = splitRates(tensors);
  const theta = vectorFrom(inside.parameters, layout, file);
  if (inside.rates.length > 0) {
    return { shape, theta, alpha: vectorFrom(inside.rates, layout, file, ratePrefix), metadata };
  }
  const rates = alphaFile(file);
  if (!existsSync(rates)) {
    if (isAdapting(metadata.algorithm)) {
      throw dataError({
        where: rates,
        found: `no such file, next to a model of ${algorithmTitle(metadata.algorithm)}`,
        expected: "its inner learning rates, without which it cannot adapt",
        todo: "Keep the two files together",
      });
    }
    return { shape, theta, alpha: null, metadata };
  }
  const alpha = vectorFrom((await readModel(rates)).tensors, layout, rates, ratePrefix);
  return { shape, theta, alpha, metadata };
}

/** Identifies a model by its content: the hashes of its files. */
export async function modelFingerprint(theta: string): Promise<NonNullable<Results["model"]>> {
  const { sha256 } = await sha256File(theta);
  const rates = alphaFile(theta);
  return existsSync(rates) ? { sha256, alphaSha256: (await sha256File(rates)).sha256 } : { sha256 };
}
