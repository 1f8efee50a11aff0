import { failedError } from "@kshot/contract";
import type { Rank } from "./rank.js";

/** @throws `FAILED` for counts that no ranking of `nItems` items can have. */
export function checkRanked({ higher, tied }: Rank, nItems?: number): void {
  const possible = Number.isInteger(higher) && Number.isInteger(tied) && higher >= 0 && tied >= 0;
  if (possible && (nItems === undefined || higher + tied < nItems)) return;
  throw failedError({
    where: "ranked query",
    found: `${higher} items higher and ${tied} tied`,
    expected: nItems === undefined ? "two counts" : `two counts, together below the number of items, ${nItems}`,
  });
}
