import fs from "node:fs/promises";
import { dataError, type ParameterLayout, type ParameterVector, parseJson } from "@kshot/contract";
import { type CheckpointMetadata, checkpointMetadataSchema, parseFile } from "@kshot/contract/schemas";
import { decodeSafetensors } from "./decode-safetensors.js";
import { encodeSafetensors } from "./encode-safetensors.js";
import { readError } from "./file-errors.js";
import { metadataKey, type Tensor } from "./safetensors.js";
import { writeFileAtomic } from "./write-file.js";

/** The key of `__metadata__` that holds kshot's metadata as JSON text. */
const kshotKey = "kshot";

/** A training's state: vectors by name, each `[layout.size]`, and all that is no vector. */
export interface CheckpointContent {
  readonly vectors: Readonly<Record<string, ParameterVector>>;
  readonly metadata: CheckpointMetadata;
}

/** A checkpoint as read; tensors are called `<vector>/<tensor of the layout>`. */
export interface CheckpointFile {
  readonly tensors: readonly Tensor[];
  readonly metadata: CheckpointMetadata;
}

/**
 * Writes a checkpoint (`models/<id>/checkpoints/`, docs/files.md) beside its place and renames it there, so that a file is whole or is
 * not there. Float64 vectors are stored as F64: no bit is lost.
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
  await writeFileAtomic(path, encodeSafetensors(tensors, { [kshotKey]: JSON.stringify(checked) }));
}

/** Reads a checkpoint. @throws `DATA` for a file that is missing, broken, or none of kshot's checkpoints. */
export async function readCheckpoint(path: string): Promise<CheckpointFile> {
  let bytes: Uint8Array;
  try {
    bytes = await fs.readFile(path);
  } catch (cause) {
    throw readError(path, cause);
  }
  const { tensors, metadata } = decodeSafetensors(bytes, path);
  const where = `${path}, ${metadataKey}.${kshotKey}`;
  const text = metadata[kshotKey];
  if (text === undefined) {
    throw dataError({ where, found: "nothing", expected: "a training's state, as kshot train writes it" });
  }
  return { tensors, metadata: parseFile(checkpointMetadataSchema, parseJson(text, where), where) };
}

/**
 * What a safetensors file of kshot's says it is: `__metadata__.kshot.format`; undefined where there is none.
 *
 * @throws `DATA` for a file that is missing or no safetensors file.
 */
export async function readSafetensorsMetadata(path: string): Promise<{ readonly format?: string }> {
  let bytes: Uint8Array;
  try {
    bytes = await fs.readFile(path);
  } catch (cause) {
    throw readError(path, cause);
  }
  const text = decodeSafetensors(bytes, path).metadata[kshotKey];
  if (text === undefined) return {};
  const { format } = parseJson(text, `${path}, ${metadataKey}.${kshotKey}`) as { format?: unknown };
  return typeof format === "string" ? { format } : {};
}
