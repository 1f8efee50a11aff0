import { failedError, usageError } from "@kshot/contract";
import type { Rank } from "./rank.js";

/** @throws `USAGE` for a cut-off k that is not a positive integer. */
export function checkCutoff(k: number): void {
  if (Number.isInteger(k) && k >= 1) return;
  throw usageError({ where: "cut-off k", found: `${k}`, expected: "a positive integer" });
}

/** @throws `FAILED` for counts that are impossible in a ranking of `nItems` items. */
export function checkRanked({ higher, tied }: Rank, nItems?: number): void {
  const possible = Number.isInteger(higher) && Number.isInteger(tied) && higher >= 0 && tied >= 0;
  if (possible && (nItems === undefined || higher + tied < nItems)) return;
  throw failedError({
    where: "ranked query",
    found: `${higher} items higher and ${tied} tied`,
    expected: nItems === undefined ? "two counts" : `two counts, together below the number of items, ${nItems}`,
  });
}
