import { slice, type Tensor } from "@kshot/tensor-fn";

/**
 * Cuts x `[tasks, offsets[last], d]` at `offsets` into `[tasks, offsets[i + 1] − offsets[i], d]`.
 *
 * By halves: each slice's gradient is padded to the size of what it was cut from, so cutting n pieces one by one from the
 * whole costs n times its size, and by halves log₂ n times.
 */
export function splitRows(x: Tensor, offsets: readonly number[]): Tensor[] {
  if (offsets.length <= 2) return [x];
  const middle = offsets.length >> 1;
  const [tasks, , width] = x.shape;
  const first = offsets[0];
  const at = offsets[middle] - first;
  const left = slice(x, [0, 0, 0], [tasks, at, width]);
  const right = slice(x, [0, at, 0], [tasks, offsets[offsets.length - 1] - first - at, width]);
  return [...splitRows(left, offsets.slice(0, middle + 1)), ...splitRows(right, offsets.slice(middle))];
}
