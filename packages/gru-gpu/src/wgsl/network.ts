/** The stack of blocks: scores, the gradient with the activations that its product needs, and the Hessian-vector product. */
export const networkWgsl = /* wgsl */ `
/** Logits of all pairs, in the place of the later probabilities. The transposed copies of \`vector\` must exist. */
fn network_forward(f: Forest, vector: u32, act: u32) {
  let rest = rest_of(vector);
  embedding_forward(f, vector, act);
  for (var layer = 0u; layer < shape.layers; layer++) { gru_forward(f, layer, rest, act); }
  gather_last(f, plane(f, layer_planes(f, act, shape.layers - 1u), STATE), last_states(f, act));
  linear_forward(
    probabilities(f, act), rest + shape.linear_bias, 1u, rest + shape.linear_weight, last_states(f, act), 0u, 0u, f.pairs,
  );
}

/** out = ∇loss at \`vector\` from the activations of network_forward; its embedding rows are 0 … f.rows − 1. */
fn network_backward(f: Forest, vector: u32, act: u32, out: u32, loss: u32) {
  softmax_cross_entropy(f, act, loss);
  let rest = rest_of(vector);
  let d_rest = rest_of(out);
  let d_last = scratch_last(f);
  linear_backward(f, rest, act, d_last, d_rest);
  spread_last(f, d_last, plane(f, layer_planes(f, act, shape.layers - 1u), D_STATE));
  for (var left = shape.layers; left > 0u; left--) {
    let layer = left - 1u;
    var dx = scratch_dx(f);
    if (layer > 0u) { dx = plane(f, layer_planes(f, act, layer - 1u), D_STATE); }
    gru_backward(f, layer, rest, act, dx, d_rest);
  }
  embedding_backward(f, scratch_dx(f), out, ASSIGN);
  storageBarrier();
}

/**
 * out −= H u, H the Hessian of the loss at \`vector\`, from the activations of network_backward. The
 * transposed copies of both vectors must exist.
 */
fn network_product(f: Forest, vector: u32, act: u32, u: u32, out: u32) {
  let rest = rest_of(vector);
  let u_rest = rest_of(u);
  let out_rest = rest_of(out);
  embedding_forward(f, u, tangent_x(f));
  for (var layer = 0u; layer < shape.layers; layer++) { gru_tangent_forward(f, layer, u_rest, act); }
  gather_last(f, plane(f, tangent_planes(f, shape.layers - 1u), STATE), tangent_last(f));
  let dl_t = tangent_logits(f);
  linear_forward(
    dl_t, u_rest + shape.linear_bias, 2u, rest + shape.linear_weight, tangent_last(f), u_rest + shape.linear_weight, last_states(f, act),
    f.pairs,
  );
  softmax_tangent(f, act, dl_t);
  let d_last_t = scratch_last(f);
  linear_tangent_backward(f, rest, u_rest, act, dl_t, d_last_t, out_rest);
  spread_last(f, d_last_t, plane(f, tangent_planes(f, shape.layers - 1u), TANGENT_D_STATE));
  for (var left = shape.layers; left > 0u; left--) {
    let layer = left - 1u;
    var dx_t = scratch_dx(f);
    if (layer > 0u) { dx_t = plane(f, tangent_planes(f, layer - 1u), TANGENT_D_STATE); }
    gru_tangent_backward(f, layer, rest, u_rest, act, dx_t, out_rest);
  }
  embedding_backward(f, scratch_dx(f), out, SUBTRACT);
  storageBarrier();
}
`;
