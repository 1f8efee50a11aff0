/** Start (included) and end (excluded) of a block's rows or columns. */
export type Span = readonly [from: number, to: number];

/**
 * Reduces a matrix to the means of blocks of whole rows and columns. All blocks have one size except those at the end: [blocks
 * down, blocks across].
 */
export function blocksOf(
  matrix: readonly (readonly number[])[],
  mostRows: number,
  mostColumns: number,
): {
  readonly rows: readonly Span[];
  readonly columns: readonly Span[];
  readonly means: readonly (readonly number[])[];
} {
  const rows = spans(matrix.length, mostRows);
  const columns = spans(matrix[0]?.length ?? 0, mostColumns);
  const means = rows.map(([top, bottom]) =>
    columns.map(([left, right]) => {
      let sum = 0;
      for (const row of matrix.slice(top, bottom)) for (const value of row.slice(left, right)) sum += value;
      return sum / ((bottom - top) * (right - left));
    }),
  );
  return { rows, columns, means };
}

function spans(count: number, most: number): Span[] {
  const each = Math.ceil(count / most);
  return Array.from({ length: Math.ceil(count / each) }, (_, i) => [i * each, Math.min(count, (i + 1) * each)]);
}
