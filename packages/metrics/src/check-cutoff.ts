import { usageError } from "@kshot/contract";

/** @throws `USAGE` for a cut-off k that is no positive integer. */
export function checkCutoff(k: number): void {
  if (Number.isInteger(k) && k >= 1) return;
  throw usageError({ where: "cut-off k", found: `${k}`, expected: "a positive integer" });
}
