import { createHash } from "node:crypto";
import type { DataSet } from "@kshot/contract";
import { hashDataSet } from "../core/hash-data-set.js";

/**
 * SHA-256 of a data set as it is in memory (`hashDataSet`), by the platform's own implementation.
 *
 * @returns 64 hexadecimal digits
 */
export function fingerprint(data: Omit<DataSet, "fingerprint">): string {
  const hash = createHash("sha256");
  hashDataSet(data, hash);
  return hash.digest("hex");
}
