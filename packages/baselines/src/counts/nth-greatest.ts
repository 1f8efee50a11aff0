/** Bits of a key that one pass reads, from the highest; keys have 31. */
const passes = [
  { shift: 20, mask: 2047 },
  { shift: 9, mask: 2047 },
  { shift: 0, mask: 511 },
] as const;
const counts = new Int32Array(2048);

/**
 * The n-th greatest of some keys, in time proportional to their number. Each pass counts the keys by some of their bits and keeps those
 * of one group (radix selection). No branch depends on a key: with keys in no order, none could be predicted.
 *
 * @param keys from 0 to 2³¹ − 1; overwritten
 * @param length the first `length` keys are read
 * @param n from 1 to `length`
 */
export function nthGreatest(keys: Int32Array, length: number, n: number): number {
  let left = length;
  let wanted = n;
  for (const { shift, mask } of passes) {
    counts.fill(0);
    for (let i = 0; i < left; i++) {
      const group = (keys[i]! >>> shift) & mask;
      counts[group] = counts[group]! + 1;
    }
    let own = mask;
    for (; counts[own]! < wanted; own--) wanted -= counts[own]!;
    let kept = 0;
    for (let i = 0; i < left; i++) {
      const key = keys[i]!;
      keys[kept] = key;
      kept += isEqual((key >>> shift) & mask, own);
    }
    left = kept;
  }
  return keys[0]!;
}

/** 1 if a = b, else 0, for whole numbers of 31 bits. */
export function isEqual(a: number, b: number): number {
  return 1 - (((a - b) | (b - a)) >>> 31);
}

/** 1 if a > b, else 0, for whole numbers of 31 bits. */
export function isGreater(a: number, b: number): number {
  return (b - a) >>> 31;
}
