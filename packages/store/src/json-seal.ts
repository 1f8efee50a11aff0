import { createHash } from "node:crypto";
import { dataError, jsonPieces, type KshotError } from "@kshot/contract";

/** SHA-256 of a value as JSON on one line, 64 hexadecimal digits. */
export function sha256Json(value: unknown): string {
  const hash = createHash("sha256");
  for (const piece of jsonPieces(value)) hash.update(piece);
  return hash.digest("hex");
}

/**
 * The part of a file that is hashed: everything except the hash itself. The hash is under `volatile`, as are all values that can
 * differ between equal runs.
 */
interface Sealed {
  volatile: { sha256?: string };
}

/** Adds the hash of a value to the value. */
export function seal(value: Sealed): void {
  delete value.volatile.sha256;
  value.volatile.sha256 = sha256Json(value);
}

/**
 * Checks and removes the hash that a JSON file has of itself. A file without a hash is accepted.
 *
 * @returns an error if the hash is wrong
 */
export function unseal(value: unknown, file: string): KshotError | undefined {
  const volatile = (value as Partial<Sealed> | null)?.volatile;
  if (typeof volatile?.sha256 !== "string") return undefined;
  const { sha256 } = volatile;
  delete volatile.sha256;
  if (sha256Json(value) === sha256) return undefined;
  return dataError({
    where: file,
    found: "content that kshot did not write (SHA-256)",
    expected: "the file as it was written",
    todo: "Use another copy of it, or create it again; to use numbers that were changed by hand, remove volatile.sha256",
  });
}
