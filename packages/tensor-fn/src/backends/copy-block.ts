/**
 * Copies the block of a row-major array that begins at `begin` into `target`, of shape `size`.
 *
 * It copies the longest contiguous runs: the last axis that is cut, with the complete axes after it.
 */
export function copyBlock(
  source: Float32Array,
  shape: readonly number[],
  begin: readonly number[],
  size: readonly number[],
  target: Float32Array,
): void {
  let cut = shape.length - 1;
  let whole = 1;
  while (cut > 0 && size[cut] === shape[cut]) whole *= shape[cut--];
  const run = size[cut] * whole;
  let from = begin[cut] * whole;
  const strides = new Array<number>(cut);
  for (let axis = cut - 1, stride = whole * shape[cut]; axis >= 0; stride *= shape[axis--]) {
    strides[axis] = stride;
    from += begin[axis] * stride;
  }
  const index = new Array<number>(cut).fill(0);
  for (let to = 0; to < target.length; to += run) {
    target.set(source.subarray(from, from + run), to);
    for (let axis = cut - 1; axis >= 0; axis--) {
      from += strides[axis];
      if (++index[axis] < size[axis]) break;
      from -= size[axis] * strides[axis];
      index[axis] = 0;
    }
  }
}
