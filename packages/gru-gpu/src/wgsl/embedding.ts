/** Embedding: x = the item's row; backward sums dx over the nodes that read a row. Linear, so its tangents are the same two. */
export const embeddingWgsl = /* wgsl */ `
fn embedding_forward(f: Forest, vector: u32, x: u32) {
  for (var i = thread; i < f.nodes * shape.embedding; i += THREADS) {
    work[x + i] = work[vector + word(f.row + i / shape.embedding) * shape.embedding + i % shape.embedding];
  }
  storageBarrier();
}

fn embedding_backward(f: Forest, dx: u32, out: u32, mode: u32) {
  for (var i = thread; i < f.rows * shape.embedding; i += THREADS) {
    let row = f.row_begin + i / shape.embedding;
    var sum = 0.0;
    for (var k = word(row); k < word(row + 1u); k++) {
      sum += work[dx + word(f.nodes_of + k) * shape.embedding + i % shape.embedding];
    }
    put(out + i, sum, mode);
  }
}
`;
