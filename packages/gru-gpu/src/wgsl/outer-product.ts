/**
 * Gradients of weights and biases: out [rows, columns] = or −= Σ_t Σ_n a_t[n] ⊗ b_t[n], and sums over n alone.
 *
 * A thread owns eight rows of a column and sums over n in order. No barrier: the caller sets one before it reads the results.
 */
export const outerProductWgsl = /* wgsl */ `
fn put(at: u32, value: f32, mode: u32) {
  if (mode == ASSIGN) { work[at] = value; } else { work[at] -= value; }
}

fn outer_product(
  out: u32, mode: u32, terms: u32, a0: u32, b0: u32, a1: u32, b1: u32, nodes: u32, rows: u32, columns: u32,
) {
  let lanes = lanes_for(columns);
  for (var row = thread / lanes * 8u; row < rows; row += THREADS / lanes * 8u) {
    for (var column = thread % lanes; column < columns; column += lanes) {
      var low = vec4f();
      var high = vec4f();
      for (var term = 0u; term < terms; term++) {
        let a = select(a0, a1, term == 1u) + row;
        let b = select(b0, b1, term == 1u) + column;
        for (var n = 0u; n < nodes; n++) {
          let x = work[b + n * columns];
          let y = a + n * rows;
          low += x * vec4f(work[y], work[y + 1u], work[y + 2u], work[y + 3u]);
          high += x * vec4f(work[y + 4u], work[y + 5u], work[y + 6u], work[y + 7u]);
        }
      }
      let to = out + row * columns + column;
      let left = rows - row;
      put(to, low.x, mode);
      if (left > 1u) { put(to + columns, low.y, mode); }
      if (left > 2u) { put(to + 2u * columns, low.z, mode); }
      if (left > 3u) { put(to + 3u * columns, low.w, mode); }
      if (left > 4u) { put(to + 4u * columns, high.x, mode); }
      if (left > 5u) { put(to + 5u * columns, high.y, mode); }
      if (left > 6u) { put(to + 6u * columns, high.z, mode); }
      if (left > 7u) { put(to + 7u * columns, high.w, mode); }
    }
  }
}

fn column_sums(out: u32, mode: u32, a: u32, nodes: u32, columns: u32) {
  for (var column = thread; column < columns; column += THREADS) {
    var sum = 0.0;
    for (var n = 0u; n < nodes; n++) { sum += work[a + n * columns + column]; }
    put(out + column, sum, mode);
  }
}
`;
