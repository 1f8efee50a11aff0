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
  const subtle = globalThis.crypto?.subtle;
  if (seal === undefined || subtle === undefined) return;
  if ((await sha256(subtle, seal.hashedHead)) !== seal.head) throw damaged(`${file}, header`);
  for (const { name, begin, end } of places) {
    const hash = await sha256(subtle, bytes.subarray(dataStart + begin, dataStart + end));
    if (hash !== seal.tensors.get(name)) throw damaged(`${file}, tensor ${name}`);
  }
}

async function sha256(subtle: typeof globalThis.crypto.subtle, bytes: Uint8Array): Promise<string> {
  // The threads of a server share one copy of a model, and SubtleCrypto does not accept shared memory.
  const own = bytes.buffer instanceof ArrayBuffer ? (bytes as Uint8Array<ArrayBuffer>) : Uint8Array.from(bytes);
  const digest = new Uint8Array(await subtle.digest("SHA-256", own));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
