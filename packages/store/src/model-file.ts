import { dataError, type ParameterLayout, type ParameterVector, parseJson, usageError } from "@kshot/contract";
import { type ModelMetadata, modelMetadataSchema, parseFile } from "@kshot/contract/schemas";
import type { ReplaceRule } from "./replaceable.js";
import { kshotKey, metadataKey, type Tensor } from "./safetensors.js";
import { ratePrefix } from "./split-rates.js";
import { type DamageOptions, readTensorFile, writeTensorFile } from "./tensor-file.js";

/** A model to write. */
export interface ModelContent {
  readonly layout: ParameterLayout;
  /** `[layout.size]`: θ, or α with the prefix `alpha.`. */
  readonly values: ParameterVector;
  /** α stored with θ in one file, `[layout.size]`, each tensor as `alpha.<name>`. */
  readonly rates?: ParameterVector;
  readonly metadata: ModelMetadata;
  /** The existing files that may be replaced; if omitted, any file, in a run's folder. */
  readonly replace?: ReplaceRule;
  /** Prefix of each tensor's name; `alpha.` for learning rates. Default: no prefix. */
  readonly prefix?: string;
}

/** A model as read. */
export interface ModelFile {
  readonly metadata: ModelMetadata;
  /** θ, and α as `alpha.<name>` if it is in the same file; `splitRates` separates them. */
  readonly tensors: readonly Tensor[];
  /** Whether the file has hashes. All of them were checked. Files of earlier versions have no hashes. */
  readonly hashed: boolean;
}

/**
 * Writes a model file (`models/<id>/…safetensors`, docs/files.md): each tensor of the layout under its own name, as the vector
 * holds it (F32 or F64), and `metadata` as JSON text in `__metadata__.kshot`. The same model gives the same bytes.
 *
 * @throws `USAGE` for a vector of another size, `DATA` for metadata that its schema refuses; otherwise as `writeFileAtomic`.
 */
export async function writeModel(path: string, content: ModelContent): Promise<void> {
  const { layout, values, rates, metadata, prefix = "", replace } = content;
  const wrong = [values, rates ?? values].find(({ length }) => length !== layout.size);
  if (wrong !== undefined) {
    throw usageError({
      where: path,
      found: `a vector of ${wrong.length} parameters`,
      expected: `${layout.size}, as the layout has`,
    });
  }
  const tensorsOf = (vector: ParameterVector, before: string) =>
    layout.tensors.map(({ name, shape, offset, size }) => ({
      name: `${before}${name}`,
      shape,
      values: vector.subarray(offset, offset + size),
    }));
  const tensors = [...tensorsOf(values, prefix), ...(rates === undefined ? [] : tensorsOf(rates, ratePrefix))];
  await writeModelTensors(path, { tensors, metadata, ...(replace === undefined ? {} : { replace }) });
}

/** A model as named tensors: a counting method, or a stack with its network. */
export interface ModelTensors extends Pick<ModelContent, "metadata" | "replace"> {
  readonly tensors: readonly Tensor[];
}

/**
 * Writes a model file of any tensors, with `metadata` as JSON text in `__metadata__.kshot`. The same model gives the same bytes.
 *
 * @throws `DATA` for metadata that its schema refuses; otherwise as `writeFileAtomic`.
 */
export async function writeModelTensors(path: string, { tensors, metadata, replace }: ModelTensors): Promise<void> {
  const checked = parseFile(modelMetadataSchema, metadata, `${path}, ${metadataKey}.${kshotKey}`);
  await writeTensorFile(path, tensors, JSON.stringify(checked), replace);
}

/**
 * Reads a model file.
 *
 * @throws `DATA` for a file that is missing, is not a safetensors file, is not from kshot, or is damaged: its hashes are checked.
 */
export async function readModel(path: string, options: DamageOptions = {}): Promise<ModelFile> {
  const { tensors, metadata, hashed } = await readTensorFile(path, options);
  const text = metadata[kshotKey];
  const where = `${path}, ${metadataKey}.${kshotKey}`;
  if (text === undefined) {
    throw dataError({
      where,
      found: "nothing",
      expected: "configuration and vocabulary, as kshot writes them",
      todo: "Give a model that kshot train has written",
    });
  }
  return { metadata: parseFile(modelMetadataSchema, parseJson(text, where), where), tensors, hashed };
}
