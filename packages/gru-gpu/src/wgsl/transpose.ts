/** out [columns, rows] = in [rows, columns]ᵀ, by squares of 32 in workgroup memory: reads and writes are both contiguous. */
export const transposeWgsl = /* wgsl */ `
fn transpose_matrix(source: u32, to: u32, rows: u32, columns: u32) {
  let x = thread % 32u;
  let y = thread / 32u;
  for (var row = 0u; row < rows; row += 32u) {
    for (var column = 0u; column < columns; column += 32u) {
      workgroupBarrier();
      for (var q = y; q < 32u; q += THREADS / 32u) {
        if (row + q < rows && column + x < columns) {
          tile[q * 33u + x] = work[source + (row + q) * columns + column + x];
        }
      }
      workgroupBarrier();
      for (var q = y; q < 32u; q += THREADS / 32u) {
        if (row + x < rows && column + q < columns) {
          work[to + (column + q) * rows + row + x] = tile[x * 33u + q];
        }
      }
    }
  }
  storageBarrier();
}

/** Copies of a vector's recurrent weights for forward passes. */
fn transpose_weights(rest: u32, to: u32) {
  for (var layer = 0u; layer < shape.layers; layer++) {
    transpose_matrix(rest + weight_ih(layer), to + transposed_ih(layer), shape.gates, input_width(layer));
    transpose_matrix(rest + weight_hh(layer), to + transposed_hh(layer), shape.gates, shape.hidden);
  }
}
`;
