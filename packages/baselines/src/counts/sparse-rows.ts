/** A sparse matrix by rows: row r has `columns[offsets[r] … offsets[r + 1])` and the values at the same positions. */
export interface SparseRows {
  /** `[rows + 1]` */
  readonly offsets: Int32Array;
  /** `[entries]`, ascending within a row. */
  readonly columns: Int32Array;
  /** `[entries]` */
  readonly values: Float64Array;
}

/**
 * Sums entries that share row and column into a sparse matrix. Memory is proportional to the entries, never rows × columns.
 *
 * @param keys `[entries]`, each `(row·nColumns + column)·nValues + value`, with value an index into `weights`; sorted in place
 * @param weights the value that each index adds, `[nValues]`; `[1]` counts
 * @returns the sums, `[rows, nColumns]`
 */
export function sparseRows(
  keys: Float64Array,
  nRows: number,
  nColumns: number,
  weights: readonly number[] = [1],
): SparseRows {
  keys.sort();
  const nValues = weights.length;
  const cellOf = (index: number) => Math.floor(keys[index]! / nValues);
  let cells = 0;
  for (let i = 0; i < keys.length; i++) if (i === 0 || cellOf(i) !== cellOf(i - 1)) cells++;
  const offsets = new Int32Array(nRows + 1);
  const columns = new Int32Array(cells);
  const values = new Float64Array(cells);
  let cell = -1;
  let before = -1;
  for (let i = 0; i < keys.length; i++) {
    const key = cellOf(i);
    if (key !== before) {
      cell++;
      before = key;
      const row = Math.floor(key / nColumns);
      columns[cell] = key - row * nColumns;
      offsets[row + 1] = offsets[row + 1]! + 1;
    }
    const value = weights[keys[i]! - key * nValues]!;
    values[cell] = values[cell]! + value;
  }
  for (let row = 0; row < nRows; row++) offsets[row + 1] = offsets[row + 1]! + offsets[row]!;
  return { offsets, columns, values };
}

/** Index of `key` in ascending `keys`, or −1. */
export function indexOfKey(keys: Float64Array, key: number): number {
  let low = 0;
  let high = keys.length - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    const found = keys[middle]!;
    if (found === key) return middle;
    if (found < key) low = middle + 1;
    else high = middle - 1;
  }
  return -1;
}
