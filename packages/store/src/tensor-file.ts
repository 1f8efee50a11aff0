import { createHash } from "node:crypto";
import fs, { type FileHandle } from "node:fs/promises";
import type { KshotError } from "@kshot/contract";
import { decodeHead, emptyValues, headBytes, isStored, type TensorPlace, tensorFrom } from "./decode-safetensors.js";
import { isLittleEndian, layOut, littleEndian } from "./encode-safetensors.js";
import { readError } from "./file-errors.js";
import type { ReplaceRule } from "./replaceable.js";
import { kshotKey, lengthBytes, type Safetensors, sizeOf, type Tensor } from "./safetensors.js";
import { damaged, headHashKey, noHash, sealOf, tensorHashesKey } from "./seal.js";
import { writeFileAtomic } from "./write-file.js";

/** Number of bytes per read or write: a file may be larger than the 2 GiB that Node reads at once. */
const pieceBytes = 1 << 26;

/**
 * Writes a safetensors file with kshot's metadata and hashes of all bytes: one of each tensor and one of the head. Writes in
 * pieces, so that the whole file is never in memory.
 *
 * @throws as `encodeSafetensors` and `writeFileAtomic`.
 */
export async function writeTensorFile(
  path: string,
  tensors: readonly Tensor[],
  kshot: string,
  replace?: ReplaceRule,
): Promise<void> {
  const hashes = Object.fromEntries(tensors.map(({ name, values }) => [name, sha256(littleEndian(values))]));
  const metadata = { [kshotKey]: kshot, [tensorHashesKey]: JSON.stringify(hashes) };
  const { head: unsealed } = layOut(tensors, { ...metadata, [headHashKey]: noHash });
  const { head, ordered } = layOut(tensors, { ...metadata, [headHashKey]: sha256(unsealed) });
  await writeFileAtomic(path, pieces(head, ordered), replace);
}

function* pieces(head: Uint8Array, tensors: readonly Tensor[]): Generator<Uint8Array> {
  yield head;
  for (const { values } of tensors) {
    const bytes = littleEndian(values);
    for (let at = 0; at < bytes.length; at += pieceBytes) yield bytes.subarray(at, at + pieceBytes);
  }
}

/** The reaction to a file whose bytes were changed. */
export interface DamageOptions {
  /** Called for the header and for each tensor whose bytes changed; if omitted, this is an error. */
  readonly onDamage?: (error: KshotError) => void;
}

/**
 * Reads a safetensors file in pieces and checks its hashes, if it has any.
 *
 * @throws `DATA` for a file that is missing, as `decodeSafetensors`, and for bytes that changed since they were written.
 */
export async function readTensorFile(
  path: string,
  { onDamage }: DamageOptions = {},
): Promise<Safetensors & { readonly hashed: boolean }> {
  const found = (where: string) => {
    if (onDamage === undefined) throw damaged(where);
    onDamage(damaged(where));
  };
  return withFile(path, async (file, fileBytes) => {
    const head = await readHead(file, fileBytes, path);
    const { metadata, places, dataStart } = decodeHead(head, fileBytes, path);
    const seal = sealOf(
      head,
      metadata,
      places.map(({ name }) => name),
      path,
    );
    if (seal !== undefined && sha256(seal.hashedHead) !== seal.head) found(`${path}, header`);
    const tensors: Tensor[] = [];
    for (const place of places) {
      const { tensor, hash } = await readTensor(file, place, dataStart, path);
      if (seal !== undefined && hash !== seal.tensors.get(place.name)) found(`${path}, tensor ${place.name}`);
      tensors.push(tensor);
    }
    return { tensors, metadata, hashed: seal !== undefined };
  });
}

/**
 * The metadata of a safetensors file, without reading its tensors. @throws as `readTensorFile`, except for the tensors' hashes.
 */
export async function readTensorFileMetadata(path: string): Promise<Safetensors["metadata"]> {
  return withFile(path, async (file, fileBytes) => {
    return decodeHead(await readHead(file, fileBytes, path), fileBytes, path).metadata;
  });
}

async function withFile<Result>(path: string, work: (file: FileHandle, bytes: number) => Promise<Result>) {
  try {
    const file = await fs.open(path, "r");
    try {
      return await work(file, (await file.stat()).size);
    } finally {
      await file.close();
    }
  } catch (cause) {
    throw readError(path, cause);
  }
}

async function readHead(file: FileHandle, fileBytes: number, path: string): Promise<Uint8Array> {
  const first = new Uint8Array(Math.min(lengthBytes, fileBytes));
  await fill(file, first, 0, path);
  const head = new Uint8Array(headBytes(first, fileBytes, path));
  await fill(file, head, 0, path);
  return head;
}

async function readTensor(
  file: FileHandle,
  place: TensorPlace,
  dataStart: number,
  path: string,
): Promise<{ tensor: Tensor; hash: string }> {
  const { name, dtype, shape, begin, end } = place;
  if (isLittleEndian && isStored(dtype)) {
    const values = emptyValues(dtype, sizeOf(shape));
    return { tensor: { name, shape, values }, hash: await fill(file, littleEndian(values), dataStart + begin, path) };
  }
  const bytes = new Uint8Array(end - begin);
  const hash = await fill(file, bytes, dataStart + begin, path);
  return { tensor: tensorFrom(place, bytes), hash };
}

/** Fills `bytes` from a position of the file, piece by piece, and returns their SHA-256. */
async function fill(file: FileHandle, bytes: Uint8Array, from: number, path: string): Promise<string> {
  const hash = createHash("sha256");
  for (let at = 0; at < bytes.length; ) {
    const length = Math.min(pieceBytes, bytes.length - at);
    const { bytesRead } = await file.read(bytes, at, length, from + at);
    if (bytesRead === 0) throw damaged(path, `its end at byte ${from + at}: it became shorter while it was read`);
    hash.update(bytes.subarray(at, at + bytesRead));
    at += bytesRead;
  }
  return hash.digest("hex");
}

function sha256(bytes: Uint8Array): string {
  const hash = createHash("sha256");
  for (let at = 0; at < bytes.length; at += pieceBytes) hash.update(bytes.subarray(at, at + pieceBytes));
  return hash.digest("hex");
}
