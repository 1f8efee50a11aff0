import { gatherRows, slice, type Tensor } from "@kshot/tensor-fn";

/** The selected rows of a `[tasks, n, d]` tensor, the same number in every task. */
export type Rows =
  /** All n, in order. */
  | { readonly kind: "all"; readonly count: number }
  /** `begin … begin + count − 1` in every task. */
  | { readonly kind: "range"; readonly begin: number; readonly count: number }
  /** `indices[task * count + i]`. `[tasks, count]` */
  | { readonly kind: "gather"; readonly count: number; readonly indices: Int32Array };

/**
 * The cheapest `Rows` that give each task its `wanted` rows out of n, filled up to `count` with arbitrary rows.
 *
 * A run of rows at the same position in all tasks is a slice. A gather costs more, because its gradient is a scatter.
 */
export function rowsOf(wanted: readonly Int32Array[], count: number, n: number): Rows {
  const begin = wanted.find((indices) => indices.length > 0)?.[0] ?? 0;
  const isRun = wanted.every((indices) => indices.every((index, i) => index === begin + i));
  if (isRun && begin + count <= n) return count === n ? { kind: "all", count } : { kind: "range", begin, count };
  const indices = new Int32Array(wanted.length * count);
  for (const [task, own] of wanted.entries()) indices.set(own, task * count);
  return { kind: "gather", count, indices };
}

/** Takes rows of x `[tasks, n, d]` → `[tasks, count, d]`. `indices` is the tensor of a gather's indices. */
export function takeRows(x: Tensor, rows: Rows, indices: Tensor | null): Tensor {
  const [tasks, , width] = x.shape;
  switch (rows.kind) {
    case "all":
      return x;
    case "range":
      return slice(x, [0, rows.begin, 0], [tasks, rows.count, width]);
    case "gather":
      return gatherRows(x, indices as Tensor);
  }
}

/**
 * Cuts x `[tasks, offsets[last], d]` at `offsets` into `[tasks, offsets[i + 1] − offsets[i], d]`.
 *
 * The cut is by halves. Each slice's gradient is padded to the size of its source, so n cuts from the whole tensor cost n times
 * its size; cuts by halves cost log₂ n times.
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
