/** Passes over a workgroup's vectors: [embedding rows | rest]. Only these rows of the host's vectors are read. */
export const vectorsWgsl = /* wgsl */ `
/** Index of value i of the embedding rows in the host's vectors. */
fn row_place(i: u32) -> u32 { return word(row_items + i / shape.embedding) * shape.embedding + i % shape.embedding; }

/** A copy of the host's vector number \`source\`. */
fn take_vector(to: u32, source: u32) {
  let begin = source * shape.size;
  for (var i = thread; i < vector_rows * shape.embedding; i += THREADS) { work[to + i] = vectors[begin + row_place(i)]; }
  let rest = rest_of(to);
  for (var i = thread; i < shape.rest; i += THREADS) { work[rest + i] = vectors[begin + shape.items * shape.embedding + i]; }
  storageBarrier();
}

fn clear_vector(to: u32) {
  for (var i = thread; i < vector_rows * shape.embedding + shape.rest; i += THREADS) { work[to + i] = 0.0; }
  storageBarrier();
}

/** to = at − α∘g; the embedding's first \`moving\` rows get the step, its other rows are copied. */
fn step_vector(at: u32, g: u32, to: u32, moving: u32) {
  for (var i = thread; i < moving * shape.embedding; i += THREADS) {
    work[to + i] = work[at + i] - alpha[row_place(i)] * work[g + i];
  }
  for (var i = moving * shape.embedding + thread; i < vector_rows * shape.embedding; i += THREADS) { work[to + i] = work[at + i]; }
  for (var i = thread; i < shape.rest; i += THREADS) {
    work[rest_of(to) + i] = work[rest_of(at) + i] - alpha[shape.items * shape.embedding + i] * work[rest_of(g) + i];
  }
  storageBarrier();
}

/** Σ a∘b and Σ b∘b over the rows that move and the rest; the same for every thread. */
fn dot_products(a: u32, b: u32, moving: u32) -> vec2f {
  var sums = vec4f();
  for (var i = thread; i < moving * shape.embedding; i += THREADS) { sums += vec4f(work[a + i], work[b + i], 0.0, 0.0) * work[b + i]; }
  for (var i = thread; i < shape.rest; i += THREADS) {
    sums += vec4f(work[rest_of(a) + i], work[rest_of(b) + i], 0.0, 0.0) * work[rest_of(b) + i];
  }
  return sum_of_all(sums).xy;
}

/** g ← g·s, s = min(1, limit/‖g‖), which is kept at \`scale\`. */
fn clip_vector(g: u32, moving: u32, limit: f32, scale: u32) {
  let length = sqrt(dot_products(g, g, moving).y);
  var s = 1.0;
  if (length > limit) {
    s = limit / length;
    for (var i = thread; i < moving * shape.embedding; i += THREADS) { work[g + i] *= s; }
    for (var i = thread; i < shape.rest; i += THREADS) { work[rest_of(g) + i] *= s; }
  }
  if (thread == 0u) { work[scale] = s; }
  storageBarrier();
}

/** u ← s(u − g(g·u)/‖g‖²) where s < 1 clipped g: the derivative of clipping, which is symmetric. g has been clipped. */
fn through_clipping(u: u32, g: u32, moving: u32, scale: u32) {
  let s = work[scale];
  // Each workgroup has one s, but the compiler cannot know that: the sums are taken in any case, so that their barriers are uniform.
  let sums = dot_products(u, g, moving);
  let along = select(0.0, sums.x / sums.y, s < 1.0);
  let factor = select(1.0, s, s < 1.0);
  for (var i = thread; i < moving * shape.embedding; i += THREADS) { work[u + i] = factor * (work[u + i] - along * work[g + i]); }
  for (var i = thread; i < shape.rest; i += THREADS) {
    work[rest_of(u) + i] = factor * (work[rest_of(u) + i] - along * work[rest_of(g) + i]);
  }
  storageBarrier();
}

/** d_alpha = or −= g∘v; u = α∘v, unless u = NONE. Rows that do not move have g = 0, and u = 0. */
fn rate_gradient(g: u32, v: u32, d_alpha: u32, first: bool, u: u32, moving: u32) {
  for (var i = thread; i < vector_rows * shape.embedding; i += THREADS) {
    if (i < moving * shape.embedding) {
      work[d_alpha + i] = select(work[d_alpha + i], 0.0, first) - work[g + i] * work[v + i];
      if (u != NONE) { work[u + i] = alpha[row_place(i)] * work[v + i]; }
    } else if (u != NONE) {
      work[u + i] = 0.0;
    }
  }
  for (var i = thread; i < shape.rest; i += THREADS) {
    let value = work[rest_of(v) + i];
    let d = rest_of(d_alpha) + i;
    work[d] = select(work[d], 0.0, first) - work[rest_of(g) + i] * value;
    if (u != NONE) { work[rest_of(u) + i] = alpha[shape.items * shape.embedding + i] * value; }
  }
  storageBarrier();
}
`;
