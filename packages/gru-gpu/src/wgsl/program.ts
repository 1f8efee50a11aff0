/** Operations of a workgroup: see vectors.ts and network.ts. Numbers as in program.ts of the host. */
export const operations = {
  end: 0,
  take: 1,
  clear: 2,
  transpose: 3,
  forward: 4,
  backward: 5,
  step: 6,
  rates: 7,
  product: 8,
  clip: 9,
  throughClipping: 10,
} as const;

/** Words at the head of a block: rows, offset of the items, scratch, transposed copies of θ and u, offset of the program, two sources. */
export const blockHead = 8;

/**
 * The kernel: each workgroup performs its own program from \`words\`.
 *
 * The table at the front has three words per workgroup: offset of its block, offset of its part of \`work\`, index of its first loss.
 * Offsets inside a block are relative to its beginning, offsets in \`work\` to its part, so that a block can be at any position.
 */
export const programWgsl = /* wgsl */ `
@compute @workgroup_size(THREADS)
fn run(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) index: u32) {
  thread = index;
  let entry = group.x * 3u;
  let block = word(entry);
  let base = word(entry + 1u);
  let loss = word(entry + 2u);
  vector_rows = word(block);
  row_items = block + word(block + 1u);
  scratch = base + word(block + 2u);
  transposed = base + word(block + 3u);
  transposed_tangent = base + word(block + 4u);
  var at = block + word(block + 5u);
  loop {
    let operation = word(at);
    if (operation == ${operations.end}u) { break; }
    let a = word(at + 1u);
    let b = word(at + 2u);
    let c = word(at + 3u);
    let d = word(at + 4u);
    let e = word(at + 5u);
    let g = word(at + 6u);
    switch (operation) {
      case ${operations.take}u: { take_vector(base + a, word(block + 6u + b)); }
      case ${operations.clear}u: { clear_vector(base + a); }
      case ${operations.transpose}u: {
        transpose_weights(rest_of(base + a), select(transposed, transposed_tangent, b != 0u));
      }
      case ${operations.forward}u: { network_forward(forest_at(block + a), base + b, base + c); }
      case ${operations.backward}u: { network_backward(forest_at(block + a), base + b, base + c, base + d, loss + e); }
      case ${operations.step}u: { step_vector(base + a, base + b, base + c, d); }
      case ${operations.rates}u: {
        rate_gradient(base + a, base + b, base + c, d != 0u, select(base + e, NONE, e == NONE), g);
      }
      case ${operations.clip}u: { clip_vector(base + a, b, bitcast<f32>(c), base + d); }
      case ${operations.throughClipping}u: { through_clipping(base + a, base + b, c, base + d); }
      case ${operations.product}u: { network_product(forest_at(block + a), base + b, base + c, base + d, base + e); }
      default: {}
    }
    at += 7u;
  }
}
`;
