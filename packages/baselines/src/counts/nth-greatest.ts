const groups = 256;
const counts = new Int32Array(groups + 1);

/**
 * The n-th greatest of some numbers, in time proportional to their number. Each pass divides the range of the numbers into 256 groups of
 * equal width, counts the numbers of each and keeps those of one group. No branch depends on a group: with numbers in no order, none could
 * be predicted.
 *
 * @param numbers finite, and in the range of float32, because 256 over a difference must be finite; the first `length` are read
 * @param n from 1 to `length`
 * @param memory as long as `numbers`, overwritten; may be `numbers` itself
 */
export function nthGreatest(numbers: Float64Array, length: number, n: number, memory: Float64Array): number {
  let own = numbers;
  let left = length;
  let wanted = n;
  for (;;) {
    let least = own[0]!;
    let most = least;
    for (let i = 1; i < left; i++) {
      const number = own[i]!;
      if (number < least) least = number;
      if (number > most) most = number;
    }
    if (least === most) return least;
    const perWidth = groups / (most - least);
    counts.fill(0);
    for (let i = 0; i < left; i++) {
      const group = ((own[i]! - least) * perWidth) | 0;
      counts[group] = counts[group]! + 1;
    }
    let group = groups;
    for (; counts[group]! < wanted; group--) wanted -= counts[group]!;
    let kept = 0;
    for (let i = 0; i < left; i++) {
      const number = own[i]!;
      memory[kept] = number;
      kept += Number((((number - least) * perWidth) | 0) === group);
    }
    own = memory;
    left = kept;
  }
}
