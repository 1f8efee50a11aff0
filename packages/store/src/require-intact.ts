import { decodeHead } from "./decode-safetensors.js";
import { damaged, sealOf } from "./seal.js";

/**
 * Checks that a safetensors file of kshot has the bytes that were written: computes the hash of its head and of each tensor
 * again. Accepts a file without hashes (of an earlier version or another program), and every file if the runtime has no SHA-256
 * (a page from an insecure origin).
 *
 * @param bytes the whole file
 * @param file name of the file in errors
 * @throws `DATA` that names the tensor or the header whose bytes changed.
 */
export async function requireIntact(bytes: Uint8Array, file: string): Promise<void> {
  const { metadata, places, dataStart } = decodeHead(bytes, bytes.length, file);
  const head = bytes.subarray(0, dataStart);
  const seal = sealOf(
    head,
    metadata,
    places.map(({ name }) => name),
    file,
  );
  const sha256 = hasher();
  if (seal === undefined || sha256 === undefined) return;
  if ((await sha256(seal.hashedHead)) !== seal.head) throw damaged(`${file}, header`);
  for (const { name, begin, end } of places) {
    const hash = await sha256(bytes.subarray(dataStart + begin, dataStart + end));
    if (hash !== seal.tensors.get(name)) throw damaged(`${file}, tensor ${name}`);
  }
}

/** SHA-256 in 64 hexadecimal digits; undefined if the runtime has none. */
function hasher(): ((bytes: Uint8Array) => string | Promise<string>) | undefined {
  // Imported at run time, so that a bundler for browsers sees no import of a Node module. It starts faster than SubtleCrypto.
  const node = globalThis.process?.getBuiltinModule?.("node:crypto");
  if (node !== undefined) return (bytes) => node.createHash("sha256").update(bytes).digest("hex");
  const subtle = globalThis.crypto?.subtle;
  if (subtle === undefined) return undefined;
  return async (bytes) => {
    const digest = new Uint8Array(await subtle.digest("SHA-256", notShared(bytes)));
    return Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
  };
}

/** SubtleCrypto does not accept shared memory. */
function notShared(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  return bytes.buffer instanceof ArrayBuffer ? (bytes as Uint8Array<ArrayBuffer>) : Uint8Array.from(bytes);
}
