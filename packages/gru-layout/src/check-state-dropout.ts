import { type StateDropout, usageError } from "@kshot/contract";

/**
 * Checks a dropout mask against the examples that it belongs to.
 *
 * @param pairs number of examples
 * @param hiddenDim width of the hidden state
 * @throws `USAGE` for a rate outside [0, 1) or a mask of another size
 */
export function checkStateDropout({ rate, kept }: StateDropout, pairs: number, hiddenDim: number): void {
  if (!(rate >= 0 && rate < 1)) {
    throw usageError({ where: "state dropout, rate", found: `${rate}`, expected: "a number from 0, below 1" });
  }
  if (kept.length !== pairs * hiddenDim) {
    throw usageError({
      where: "state dropout, mask",
      found: `${kept.length} values for ${pairs} pairs`,
      expected: `${hiddenDim} for each pair, as the state has units`,
    });
  }
}
