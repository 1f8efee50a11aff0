/**
 * Output layer: the states where histories end, their scores, and back.
 *
 * Scores use tiles of 64 items × 16 hidden units in workgroup memory: W_fc [items, H] is read once, contiguously, for as many pairs as a sixteenth of
 * the threads.
 */
export const linearWgsl = /* wgsl */ `
/** Dropout's factor of value i of [pairs, H]. */
fn kept(f: Forest, i: u32) -> f32 {
  if (f.dropout_scale == 0.0) { return 1.0; }
  let unit = i % shape.hidden;
  let bits = word_bits(f.mask + i / shape.hidden * ((shape.hidden + 31u) / 32u) + unit / 32u);
  return select(0.0, f.dropout_scale, ((bits >> (unit % 32u)) & 1u) == 1u);
}

/** Rows of \`states\` [nodes, H] by pair; zero if a history is read as zero. */
fn gather_last(f: Forest, states: u32, out: u32) {
  for (var i = thread; i < f.pairs * shape.hidden; i += THREADS) {
    let leaf = words[f.leaf + i / shape.hidden];
    if (leaf < 0) { work[out + i] = 0.0; } else { work[out + i] = kept(f, i) * work[states + u32(leaf) * shape.hidden + i % shape.hidden]; }
  }
  storageBarrier();
}

/** Sums rows of pairs into the nodes where they end; the other nodes are zero. */
fn spread_last(f: Forest, d_last: u32, out: u32) {
  for (var i = thread; i < f.nodes * shape.hidden; i += THREADS) {
    let node = f.pair_begin + i / shape.hidden;
    var sum = 0.0;
    for (var k = word(node); k < word(node + 1u); k++) {
      let at = word(f.pairs_of + k) * shape.hidden + i % shape.hidden;
      sum += kept(f, at) * work[d_last + at];
    }
    work[out + i] = sum;
  }
  storageBarrier();
}

/** out[pair] = b + Σ_t W_t x_t[pair]. */
fn linear_forward(out: u32, bias: u32, terms: u32, w0: u32, x0: u32, w1: u32, x1: u32, pairs: u32) {
  let r = thread % 64u;
  let block = thread / 64u;
  for (var first = 0u; first < pairs; first += THREADS / 16u) {
    for (var item = 0u; item < shape.items; item += 64u) {
      var sum = vec4f();
      for (var term = 0u; term < terms; term++) {
        let w = select(w0, w1, term == 1u);
        let x = select(x0, x1, term == 1u);
        for (var k = 0u; k < shape.hidden; k += 16u) {
          workgroupBarrier();
          for (var q = thread; q < 1024u; q += THREADS) {
            let row = item + q / 16u;
            let column = k + q % 16u;
            var value = 0.0;
            if (row < shape.items && column < shape.hidden) { value = work[w + row * shape.hidden + column]; }
            tile[q / 16u * 17u + q % 16u] = value;
          }
          if (thread < THREADS / 4u) {
            let pair = first + thread / 16u * 4u;
            let column = k + thread % 16u;
            var value = vec4f();
            if (column < shape.hidden) {
              let at = x + pair * shape.hidden + column;
              if (pair < pairs) { value.x = work[at]; }
              if (pair + 1u < pairs) { value.y = work[at + shape.hidden]; }
              if (pair + 2u < pairs) { value.z = work[at + 2u * shape.hidden]; }
              if (pair + 3u < pairs) { value.w = work[at + 3u * shape.hidden]; }
            }
            staged[thread] = value;
          }
          workgroupBarrier();
          if (first + block * 4u < pairs) {
            for (var q = 0u; q < 16u; q++) { sum += tile[r * 17u + q] * staged[block * 16u + q]; }
          }
        }
      }
      let pair = first + block * 4u;
      if (item + r < shape.items && pair < pairs) {
        sum += work[bias + item + r];
        let to = out + pair * shape.items + item + r;
        work[to] = sum.x;
        if (pair + 1u < pairs) { work[to + shape.items] = sum.y; }
        if (pair + 2u < pairs) { work[to + 2u * shape.items] = sum.z; }
        if (pair + 3u < pairs) { work[to + 3u * shape.items] = sum.w; }
      }
    }
  }
  storageBarrier();
}

/** Gradient of the output layer, and of the states that it read. */
fn linear_backward(f: Forest, rest: u32, act: u32, d_last: u32, out: u32) {
  let dl = d_logits(f, act);
  outer_product(out + shape.linear_weight, ASSIGN, 1u, dl, last_states(f, act), 0u, 0u, f.pairs, shape.items, shape.hidden);
  column_sums(out + shape.linear_bias, ASSIGN, dl, f.pairs, shape.items);
  product(d_last, NONE, 1u, rest + shape.linear_weight, dl, 0u, 0u, 0u, f.pairs, shape.items, shape.hidden);
}

/** Tangents of linear_backward along u; \`dl_t\`: the tangent of dl. */
fn linear_tangent_backward(f: Forest, rest: u32, u: u32, act: u32, dl_t: u32, d_last_t: u32, out: u32) {
  let dl = d_logits(f, act);
  outer_product(
    out + shape.linear_weight, SUBTRACT, 2u, dl_t, last_states(f, act), dl, tangent_last(f), f.pairs, shape.items, shape.hidden,
  );
  column_sums(out + shape.linear_bias, SUBTRACT, dl_t, f.pairs, shape.items);
  product(
    d_last_t, NONE, 2u, rest + shape.linear_weight, dl_t, u + shape.linear_weight, dl, 0u, f.pairs, shape.items, shape.hidden,
  );
}
`;
