import type { CountsDescription, OpenedCounts } from "@kshot/baselines";
import { dataError, type ParameterLayout, type ParameterVector, parseJson } from "@kshot/contract";
import { allFinite, firstNotFinite, type GruConfig, gruConfig, gruParameterLayout } from "@kshot/gru-layout";
import {
  decodeSafetensors,
  ensemblePrefix,
  ratePrefix,
  requireIntact,
  splitCounts,
  splitEnsemble,
  splitRates,
  type Tensor,
  vectorFrom,
} from "@kshot/store/safetensors";
import { type ServingMetadata, servingMetadata } from "./model-metadata.js";
import {
  type ModelSource,
  type NamedBytes,
  nameOf,
  type OpenModelOptions,
  ratesBeside,
  readIfThere,
  readSource,
} from "./model-source.js";
import { type SupportRules, supportRules } from "./support-rules.js";

/** A network in memory. */
export interface OpenedModel {
  readonly shape: GruConfig;
  /** θ, `[layout.size]`. */
  readonly theta: ParameterVector;
  /** α, `[layout.size]`; null for a model without inner learning rates. */
  readonly alpha: ParameterVector | null;
  readonly metadata: ServingMetadata;
  /** Networks of a stack's ensemble, each `[layout.size]`; left out: it has none. */
  readonly ensemble?: readonly ParameterVector[];
  /** How the model uses a person's pairs. */
  readonly rules: SupportRules;
}

/** A model of any kind in memory: a network, a counting model, or a stack of counting experts with a network. */
export type SavedModel =
  | {
      readonly metadata: ServingMetadata;
      readonly network: OpenedModel;
      /** The counting experts of a stack; null for a network alone. */
      readonly counts: OpenedCounts | null;
    }
  | { readonly metadata: ServingMetadata; readonly network: null; readonly counts: OpenedCounts };

/** Algorithms that train without inner steps: their models need no learning rates. */
const takesNoSteps: ReadonlySet<string> = new Set(["gru", "gru-context"]);

/**
 * Reads a network: θ, its configuration and vocabulary, and α from the same file, from `options.alpha`, or from the file next to
 * it.
 *
 * @throws `DATA` for a file that is missing, damaged, not a model, or whose tensors do not match its configuration; for an
 * adapting model without learning rates; for learning rates of another model; for a counting model or a stack.
 */
export async function openModel(source: ModelSource, options: OpenModelOptions = {}): Promise<OpenedModel> {
  const { network, counts, metadata } = await openSavedModel(source, options);
  if (network !== null && counts === null) return network;
  throw dataError({
    where: nameOf(source),
    found: `a model of ${metadata.algorithm}, which ${network === null ? "counts" : "stacks counts and a network"}`,
    expected: "a network alone",
    todo: "Give the model of a network of the same run",
  });
}

/**
 * Reads a model of any kind.
 *
 * @throws `DATA` as `openModel`, except that counting models and stacks are opened; for missing arrays of a counting model
 */
export async function openSavedModel(source: ModelSource, options: OpenModelOptions = {}): Promise<SavedModel> {
  const file = await readSource(source);
  const { metadata, tensors } = await decodeModel(file);
  if (metadata.kind === "alpha") {
    throw dataError({
      where: file.name,
      found: "learning rates (α), not a model",
      expected: "the model file next to it",
    });
  }
  const { counts: described, network } = metadata;
  if (described === undefined) {
    return { metadata, network: await openNetwork(file, metadata, tensors, source, options), counts: null };
  }
  // Imported on demand: a page that recommends with a network loads no counting methods.
  const { countsDescription, openCounts } = await import("./open-counts.js");
  const description = countsDescription(described, `${file.name}, __metadata__.kshot`);
  const { counts: arrays, others } = splitCounts(tensors);
  const counts = openCounts(file.name, { description, tensors: arrays }, metadata.items.length);
  if (network === undefined) {
    requireParts(file.name, description, 0);
    return { metadata, network: null, counts };
  }
  const networks = metadata.ensemble ?? 0;
  requireParts(file.name, description, networks === 0 ? 1 : 2);
  const split = splitEnsemble(others, networks);
  const own = { ...metadata, algorithm: network };
  const opened = await openNetwork(file, own, split.others, source, options);
  const layout = gruParameterLayout(opened.shape);
  const ensemble = split.ensemble.map((tensors, n) => finiteVector(tensors, layout, file.name, ensemblePrefix(n + 1)));
  return { metadata, network: networks === 0 ? opened : { ...opened, ensemble }, counts };
}

/** Refuses a stack whose number of experts is not its number of parts plus `others`. */
function requireParts(file: string, { parts, stack }: CountsDescription, others: number): void {
  const experts = stack?.experts.length ?? 1;
  if (experts === parts.length + others) return;
  throw dataError({
    where: `${file}, __metadata__.kshot, counts`,
    found: `${parts.length} counted parts of ${experts} experts`,
    expected:
      ["all experts", "all experts but the network", "all experts but the network and the ensemble"][others] +
      " counted",
  });
}

async function openNetwork(
  file: NamedBytes,
  metadata: ServingMetadata,
  tensors: readonly Tensor[],
  source: ModelSource,
  options: OpenModelOptions,
): Promise<OpenedModel> {
  const { config } = metadata;
  const shape = gruConfig({ ...config, nItems: metadata.items.length, dropout: 0 });
  const layout = gruParameterLayout(shape);
  const inside = splitRates(tensors);
  const theta = finiteVector(inside.parameters, layout, file.name);
  const rules = supportRules(metadata.algorithm, { ...config, mask: config.mask });
  if (inside.rates.length > 0) {
    return { shape, theta, alpha: finiteVector(inside.rates, layout, file.name, ratePrefix), metadata, rules };
  }
  // A stack's file holds the whole network.
  const beside = metadata.kind === "counts" ? undefined : (options.alpha ?? ratesBeside(source));
  const rates = beside === undefined ? undefined : await readIfThere(beside);
  if (rates === undefined) {
    if (takesNoSteps.has(metadata.algorithm) && options.alpha === undefined)
      return { shape, theta, alpha: null, metadata, rules };
    throw dataError({
      where: file.name,
      found: `a model of ${metadata.algorithm} without its inner learning rates, neither in the file nor in a file next to it`,
      expected: "learning rates, without which it cannot adapt",
      todo: "Keep the file …alpha.safetensors next to the model, or name it with the option alpha",
    });
  }
  const own = await decodeModel(rates);
  requireSameModel(own.metadata, metadata, rates.name, file.name);
  return { shape, theta, alpha: finiteVector(own.tensors, layout, rates.name, ratePrefix), metadata, rules };
}

/** A vector of a file. @throws `DATA` as `vectorFrom`, and for a value that is not finite, with its tensor. */
function finiteVector(tensors: readonly Tensor[], layout: ParameterLayout, file: string, prefix = "") {
  const vector = vectorFrom(tensors, layout, file, prefix);
  const bad = allFinite(vector) ? undefined : firstNotFinite(vector, layout);
  if (bad === undefined) return vector;
  throw dataError({
    where: `${file}, tensor ${prefix}${bad.tensor}`,
    found: `${bad.value} at ${bad.at}`,
    expected: "finite numbers",
    todo: "Give a model that kshot has written",
  });
}

async function decodeModel({ name, bytes }: NamedBytes) {
  await requireIntact(bytes, name);
  const { tensors, metadata } = decodeSafetensors(bytes, name);
  const where = `${name}, __metadata__.kshot`;
  const text = Object.hasOwn(metadata, "kshot") ? metadata.kshot : undefined;
  if (text === undefined) {
    throw dataError({
      where,
      found: "nothing",
      expected: "configuration and vocabulary, as kshot writes them",
      todo: "Give a model that kshot has written, or import the weights with kshot import",
    });
  }
  return { tensors, metadata: servingMetadata(parseJson(text, where), where) };
}

function requireSameModel(rates: ServingMetadata, model: ServingMetadata, where: string, modelName: string): void {
  const same =
    rates.kind === "alpha" &&
    rates.algorithm === model.algorithm &&
    rates.items.length === model.items.length &&
    rates.items.every((item, i) => item === model.items[i]);
  if (same) return;
  throw dataError({
    where,
    found:
      rates.kind === "alpha"
        ? `learning rates of another model (${rates.algorithm}, ${rates.items.length} items)`
        : "a model, not learning rates",
    expected: `the learning rates of ${modelName} (${model.algorithm}, ${model.items.length} items)`,
  });
}
