import type { PairTable } from "@kshot/contract";

/** The start of the training history of each row of a pair table. */
export interface TrainingWindows {
  /** Index into `prefixItems` of the first item that training reads. `[rows]` */
  readonly begin: Int32Array;
  /** Number of that item in its group's sequence of items: equal numbers in one group are the same click. `[rows]` */
  readonly position: Int32Array;
}

/**
 * Cuts long histories so that adjacent pairs still share their beginning. Evaluation reads the last L items of a history; with
 * this cut each pair of a long session would have a different beginning, and nothing would be shared. Here a cut history starts
 * at a multiple of L/2 of the session's items: it has its last L/2 to L items, and all pairs of one stretch of L/2 items start at
 * the same item. A history of at most L items is not cut.
 *
 * A row continues the one before if its history ends in that one's last items and label; otherwise a new sequence starts.
 *
 * @param groups rows in label-time order: sessions, or people
 * @param maxSeqLen L, the longest history that the model reads
 */
export function trainingWindows(pairs: PairTable, groups: readonly Int32Array[], maxSeqLen: number): TrainingWindows {
  const { prefixItems: items, prefixOffsets: offsets, label } = pairs;
  const begin = new Int32Array(pairs.length);
  const position = new Int32Array(pairs.length);
  let longest = 1;
  for (const group of groups) for (const row of group) longest = Math.max(longest, offsets[row + 1]! - offsets[row]!);
  const stride = Math.max(1, Math.min(longest, maxSeqLen) >> 1);
  for (const group of groups) {
    // The row before: position and number of its last items, the number of the first, and its label.
    let from = 0;
    let length = 0;
    let first = 0;
    let next = -1;
    for (const row of group) {
      const end = offsets[row + 1]!;
      const own = Math.max(offsets[row]!, end - maxSeqLen);
      const count = end - own;
      const cut = own - offsets[row]!;
      const shift = length + 1 - count;
      if (next >= 0 && shift >= 0 && continues(shift)) first += shift;
      else if (next >= 0 && shift < 0 && cut === 0 && begins()) first += 0;
      else first = (next < 0 ? 0 : Math.ceil((first + length + 1) / stride) * stride) + cut;
      from = own;
      length = count;
      next = label[row]!;
      const skipped = (stride - (first % stride)) % stride;
      begin[row] = own + skipped;
      position[row] = first + skipped;

      /** Whether this history is the previous row's items from `shift`, and its label. */
      function continues(shift: number): boolean {
        if (items[end - 1] !== next) return false;
        for (let i = 0; i < count - 1; i++) if (items[own + i] !== items[from + shift + i]) return false;
        return true;
      }
      /** Whether this history starts with the previous row's items and label. */
      function begins(): boolean {
        if (items[own + length] !== next) return false;
        for (let i = 0; i < length; i++) if (items[own + i] !== items[from + i]) return false;
        return true;
      }
    }
  }
  return { begin, position };
}
