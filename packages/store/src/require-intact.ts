import { decodeHead } from "./decode-safetensors.js";
import { damaged, sealOf } from "./seal.js";

/**
 * Makes sure that a safetensors file of kshot's holds the very bytes that were written: the hash of its head and of each tensor are
 * computed again. A file without hashes, of an earlier version or another program, passes; so does every file where the runtime computes
 * none (a page that was not loaded securely).
 *
 * @param bytes the whole file
 * @param file names it in errors
 * @throws `DATA`, naming the tensor or the header whose bytes changed.
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
  // The threads of a server share one copy of a model, and SubtleCrypto takes no shared memory.
  const own = bytes.buffer instanceof ArrayBuffer ? (bytes as Uint8Array<ArrayBuffer>) : Uint8Array.from(bytes);
  const digest = new Uint8Array(await subtle.digest("SHA-256", own));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
