import { dataError, type Pairs, usageError } from "@kshot/contract";

/**
 * Checks that there is at least one pair, each with a history and a label, all of them items 0 … nItems − 1.
 *
 * @throws `USAGE` for no pairs or unequal numbers of sequences and labels; `DATA`, naming pair, position and value, for an
 * empty sequence or a value that is not an item.
 */
export function checkPairs({ sequences, labels }: Pairs, nItems: number): void {
  if (sequences.length === 0) throw usageError({ where: "pairs", found: "none", expected: "at least one pair" });
  if (sequences.length !== labels.length) {
    throw usageError({
      where: "pairs",
      found: `${sequences.length} sequences and ${labels.length} labels`,
      expected: "one label for each sequence",
    });
  }
  for (let pair = 0; pair < sequences.length; pair++) {
    const sequence = sequences[pair];
    if (sequence.length === 0) {
      throw dataError({ where: `pair ${pair}`, found: "an empty sequence", expected: "at least one item" });
    }
    for (let i = 0; i < sequence.length; i++) {
      if (!isItem(sequence[i], nItems)) throw notAnItem(`pair ${pair}, sequence item ${i}`, sequence[i], nItems);
    }
    if (!isItem(labels[pair], nItems)) throw notAnItem(`pair ${pair}, label`, labels[pair], nItems);
  }
}

function isItem(value: number, nItems: number): boolean {
  return Number.isInteger(value) && value >= 0 && value < nItems;
}

function notAnItem(where: string, value: number, nItems: number) {
  return dataError({ where, found: `${value}`, expected: `an item number from 0 to ${nItems - 1}` });
}
