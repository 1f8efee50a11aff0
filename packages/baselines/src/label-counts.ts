import { dataError, type PairTable, usageError } from "@kshot/contract";

/**
 * How often each item is the label of a train pair, `[nItems]`.
 *
 * @throws `USAGE` for an `nItems` that is not a positive integer, `DATA` for a label outside the vocabulary.
 */
export function labelCounts(train: PairTable, nItems: number): Float64Array {
  if (!Number.isInteger(nItems) || nItems < 1) {
    throw usageError({ where: "baseline, nItems", found: `${nItems}`, expected: "a positive integer" });
  }
  const counts = new Float64Array(nItems);
  for (let row = 0; row < train.length; row++) {
    const label = train.label[row]!;
    if (!(label >= 0 && label < nItems)) {
      throw dataError({
        where: `train pairs, column label, row ${row}`,
        found: `item ${label}`,
        expected: `0 to ${nItems - 1}`,
      });
    }
    counts[label] = counts[label]! + 1;
  }
  return counts;
}
