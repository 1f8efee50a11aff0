import { dataError, type ParameterLayout, type ParameterVector, parseJson } from "@kshot/contract";
import { type CheckpointMetadata, checkpointMetadataSchema, parseFile } from "@kshot/contract/schemas";
import { kshotKey, metadataKey, type Tensor } from "./safetensors.js";
import { type DamageOptions, readTensorFile, readTensorFileMetadata, writeTensorFile } from "./tensor-file.js";

/** The state of a training: named vectors, each `[layout.size]`, and all other values. */
export interface CheckpointContent {
  readonly vectors: Readonly<Record<string, ParameterVector>>;
  readonly metadata: CheckpointMetadata;
}

/** A checkpoint as read; tensors are called `<vector>/<tensor of the layout>`. */
export interface CheckpointFile {
  readonly tensors: readonly Tensor[];
  readonly metadata: CheckpointMetadata;
  /** Whether the file has hashes. All of them were checked. Files of earlier versions have no hashes. */
  readonly hashed: boolean;
}

/**
 * Writes a checkpoint (`models/<id>/checkpoints/`, docs/files.md) to a temporary file and renames it, so that the file is
 * complete or absent. Float64 vectors are stored as F64: no bit is lost.
 *
 * @throws as `writeFileAtomic`; `DATA` for metadata that its schema refuses.
 */
export async function writeCheckpoint(
  path: string,
  layout: ParameterLayout,
  { vectors, metadata }: CheckpointContent,
): Promise<void> {
  const checked = parseFile(checkpointMetadataSchema, metadata, `${path}, ${metadataKey}.${kshotKey}`);
  const tensors = Object.entries(vectors).flatMap(([vector, values]) =>
    layout.tensors.map(({ name, shape, offset, size }) => ({
      name: `${vector}/${name}`,
      shape,
      values: values.subarray(offset, offset + size),
    })),
  );
  await writeTensorFile(path, tensors, JSON.stringify(checked));
}

/**
 * Reads a checkpoint and checks its hashes. @throws `DATA` for a file that is missing, is not a checkpoint of kshot, or is
 * damaged.
 */
export async function readCheckpoint(path: string, options: DamageOptions = {}): Promise<CheckpointFile> {
  const { tensors, metadata, hashed } = await readTensorFile(path, options);
  const where = `${path}, ${metadataKey}.${kshotKey}`;
  const text = metadata[kshotKey];
  if (text === undefined) {
    throw dataError({ where, found: "nothing", expected: "a training's state, as kshot train writes it" });
  }
  return { tensors, metadata: parseFile(checkpointMetadataSchema, parseJson(text, where), where), hashed };
}

/**
 * The format that a safetensors file of kshot declares in `__metadata__.kshot.format`; undefined if there is none.
 *
 * @throws `DATA` for a file that is missing or is not a safetensors file.
 */
export async function readSafetensorsMetadata(path: string): Promise<{ readonly format?: string }> {
  const text = (await readTensorFileMetadata(path))[kshotKey];
  if (text === undefined) return {};
  const value = parseJson(text, `${path}, ${metadataKey}.${kshotKey}`);
  if (typeof value !== "object" || value === null || !("format" in value)) return {};
  return typeof value.format === "string" ? { format: value.format } : {};
}
