import { isTextRecord } from "@kshot/contract";
import { broken } from "./decode-safetensors.js";
import { lengthBytes, metadataKey } from "./safetensors.js";

/** The keys of `__metadata__` with the hashes of a file: of each tensor's bytes by name as JSON, and of the head with this hash as zeros. */
export const tensorHashesKey = "kshot.sha256";
export const headHashKey = "kshot.header";

/** Placeholder for the hash of the head while it is computed. */
export const noHash = "0".repeat(64);

/** The hashes that a file has of its bytes. */
export interface Seal {
  /** SHA-256 by tensor, 64 hexadecimal digits. */
  readonly tensors: ReadonlyMap<string, string>;
  readonly head: string;
  /** The head as it was hashed: with zeros instead of its hash. */
  readonly hashedHead: Uint8Array;
}

/**
 * The hashes of a file; undefined for a file without hashes (of an earlier version or another program).
 *
 * @param head the file's head, its length and header
 * @param names of its tensors
 * @throws `DATA` for damaged hashes
 */
export function sealOf(
  head: Uint8Array,
  metadata: Readonly<Record<string, string>>,
  names: readonly string[],
  file: string,
): Seal | undefined {
  const { [tensorHashesKey]: tensors, [headHashKey]: hash } = metadata;
  if (tensors === undefined && hash === undefined) return undefined;
  const hashes = parsed(tensors);
  const text = new TextDecoder().decode(head.subarray(lengthBytes));
  const own = `"${headHashKey}":"${hash}"`;
  const at = text.indexOf(own);
  const isWhole =
    hashes !== undefined && hashes.size === names.length && names.every((name) => hashes.has(name)) && at >= 0;
  if (hash === undefined || !isWhole) throw damaged(`${file}, ${metadataKey}`, "incomplete hashes");
  const zeroed = `${text.slice(0, at)}"${headHashKey}":"${noHash}"${text.slice(at + own.length)}`;
  const hashedHead = joined(head.subarray(0, lengthBytes), new TextEncoder().encode(zeroed));
  return { tensors: hashes, head: hash, hashedHead };
}

function parsed(text: string | undefined): Map<string, string> | undefined {
  if (text === undefined) return undefined;
  try {
    const hashes: unknown = JSON.parse(text);
    return isTextRecord(hashes) ? new Map(Object.entries(hashes)) : undefined;
  } catch {
    return undefined;
  }
}

/** The error for bytes that do not match their hash. */
export function damaged(where: string, found = "bytes that kshot did not write (SHA-256)") {
  return broken(where, found, "the file as it was written");
}

function joined(a: Uint8Array, b: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(a.length + b.length);
  bytes.set(a);
  bytes.set(b, a.length);
  return bytes;
}
