import { createHash } from "node:crypto";
import { dataError, jsonPieces, type KshotError } from "@kshot/contract";

/** SHA-256 of a value as JSON on one line, 64 hexadecimal digits. */
export function sha256Json(value: unknown): string {
  const hash = createHash("sha256");
  for (const piece of jsonPieces(value)) hash.update(piece);
  return hash.digest("hex");
}

/** What of a file is hashed: all of it but the hash, which is under `volatile` as everything that may differ between equal runs. */
interface Sealed {
  volatile: { sha256?: string };
}

/** Puts the hash of a value into it. */
export function seal(value: Sealed): void {
  delete value.volatile.sha256;
  value.volatile.sha256 = sha256Json(value);
}

/** Checks the hash that a JSON file holds of itself and takes it out. Gives the error where it is wrong; a file without one passes. */
export function unseal(value: unknown, file: string): KshotError | undefined {
  const volatile = (value as Partial<Sealed> | null)?.volatile;
  if (typeof volatile?.sha256 !== "string") return undefined;
  const { sha256 } = volatile;
  delete volatile.sha256;
  if (sha256Json(value) === sha256) return undefined;
  return dataError({
    where: file,
    found: "content that is not what kshot wrote (SHA-256)",
    expected: "the file as it was written",
    todo: "Take another copy of it, or make it again; to use numbers that were changed by hand, remove volatile.sha256",
  });
}
