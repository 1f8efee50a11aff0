/**
 * One GRU layer over a forest, docs/math.md's equations: forward, backward, tangent forward, tangent backward.
 *
 * Input gates of all nodes at once; the recurrence depth by depth. A node copies its state to its children, so that h′ of all nodes
 * is one plane and products read it contiguously.
 */
export const gruLayerWgsl = /* wgsl */ `
/** σ, computed from an exponential that cannot overflow. */
fn sigmoid(x: f32) -> f32 {
  let t = exp(-abs(x));
  return select(t, 1.0, x >= 0.0) / (1.0 + t);
}

/** tanh. WGSL's own may be wrong by 1e-5; near 0, where 1 − t cancels, the series up to x⁹ (the next term: 2e-9 at 0.25). */
fn hyperbolic_tangent(x: f32) -> f32 {
  let t = exp(-2.0 * abs(x));
  let far = (1.0 - t) / (1.0 + t);
  let s = x * x;
  let near = x * (1.0 + s * (-1.0 / 3.0 + s * (2.0 / 15.0 + s * (-17.0 / 315.0 + s * (62.0 / 2835.0)))));
  return select(select(-far, far, x >= 0.0), near, abs(x) < 0.25);
}

fn gru_forward(f: Forest, layer: u32, rest: u32, act: u32) {
  let planes = layer_planes(f, act, layer);
  let before = plane(f, planes, BEFORE);
  let gi = scratch_gi();
  let gh = scratch_gh(f);
  let x = layer_input(f, act, layer);
  let input = input_width(layer);
  for (var i = thread; i < word(f.depth_begin + 1u) * shape.hidden; i += THREADS) { work[before + i] = 0.0; }
  storageBarrier();
  product(gi, rest + bias_ih(layer), 1u, transposed + transposed_ih(layer), x, 0u, 0u, 0u, f.nodes, input, shape.gates);
  for (var depth = 0u; depth < f.depths; depth++) {
    let begin = word(f.depth_begin + depth);
    let end = word(f.depth_begin + depth + 1u);
    product(gh, rest + bias_hh(layer), 1u, transposed + transposed_hh(layer), before, 0u, 0u, begin, end, shape.hidden, shape.gates);
    for (var i = begin * shape.hidden + thread; i < end * shape.hidden; i += THREADS) {
      let node = i / shape.hidden;
      let j = i % shape.hidden;
      let g = node * shape.gates + j;
      let ghn = work[gh + g + 2u * shape.hidden];
      let r = sigmoid(work[gi + g] + work[gh + g]);
      let z = sigmoid(work[gi + g + shape.hidden] + work[gh + g + shape.hidden]);
      let n = hyperbolic_tangent(work[gi + g + 2u * shape.hidden] + r * ghn);
      let h = (1.0 - z) * n + z * work[before + i];
      work[plane(f, planes, R) + i] = r;
      work[plane(f, planes, Z) + i] = z;
      work[plane(f, planes, N) + i] = n;
      work[plane(f, planes, GHN) + i] = ghn;
      work[plane(f, planes, STATE) + i] = h;
      for (var k = word(f.child_begin + node); k < word(f.child_begin + node + 1u); k++) {
        work[before + word(f.children + k) * shape.hidden + j] = h;
      }
    }
    storageBarrier();
  }
}

/** Reads dh of this layer's states from plane D_STATE, adds the adjoints of later items, writes dx and the layer's gradient. */
fn gru_backward(f: Forest, layer: u32, rest: u32, act: u32, dx: u32, out: u32) {
  let planes = layer_planes(f, act, layer);
  let before = plane(f, planes, BEFORE);
  let d_state = plane(f, planes, D_STATE);
  let dgi = plane(f, planes, DGI);
  let dgh = plane(f, planes, DGH);
  let back = scratch_back(f);
  let input = input_width(layer);
  for (var left = f.depths; left > 0u; left--) {
    let begin = word(f.depth_begin + left - 1u);
    let end = word(f.depth_begin + left);
    for (var i = begin * shape.hidden + thread; i < end * shape.hidden; i += THREADS) {
      let node = i / shape.hidden;
      let j = i % shape.hidden;
      var dh = work[d_state + i];
      for (var k = word(f.child_begin + node); k < word(f.child_begin + node + 1u); k++) {
        let c = word(f.children + k) * shape.hidden + j;
        dh += work[d_state + c] * work[plane(f, planes, Z) + c] + work[back + c];
      }
      work[d_state + i] = dh;
      let r = work[plane(f, planes, R) + i];
      let z = work[plane(f, planes, Z) + i];
      let n = work[plane(f, planes, N) + i];
      let a_n = dh * (1.0 - z) * (1.0 - n * n);
      let a_z = dh * (work[before + i] - n) * z * (1.0 - z);
      let a_r = a_n * work[plane(f, planes, GHN) + i] * r * (1.0 - r);
      let g = node * shape.gates + j;
      work[dgi + g] = a_r;
      work[dgi + g + shape.hidden] = a_z;
      work[dgi + g + 2u * shape.hidden] = a_n;
      work[dgh + g] = a_r;
      work[dgh + g + shape.hidden] = a_z;
      work[dgh + g + 2u * shape.hidden] = a_n * r;
    }
    storageBarrier();
    if (left > 1u) { product(back, NONE, 1u, rest + weight_hh(layer), dgh, 0u, 0u, begin, end, shape.gates, shape.hidden); }
  }
  product(dx, NONE, 1u, rest + weight_ih(layer), dgi, 0u, 0u, 0u, f.nodes, shape.gates, input);
  let x = layer_input(f, act, layer);
  outer_product(out + weight_ih(layer), ASSIGN, 1u, dgi, x, 0u, 0u, f.nodes, shape.gates, input);
  outer_product(out + weight_hh(layer), ASSIGN, 1u, dgh, before, 0u, 0u, f.nodes, shape.gates, shape.hidden);
  column_sums(out + bias_ih(layer), ASSIGN, dgi, f.nodes, shape.gates);
  column_sums(out + bias_hh(layer), ASSIGN, dgh, f.nodes, shape.gates);
  storageBarrier();
}

/** Tangents of gru_forward along u. */
fn gru_tangent_forward(f: Forest, layer: u32, u: u32, act: u32) {
  let planes = layer_planes(f, act, layer);
  let tangents = tangent_planes(f, layer);
  let before = plane(f, planes, BEFORE);
  let before_t = plane(f, tangents, BEFORE);
  let gi_t = scratch_gi();
  let gh_t = scratch_gh(f);
  let input = input_width(layer);
  for (var i = thread; i < word(f.depth_begin + 1u) * shape.hidden; i += THREADS) { work[before_t + i] = 0.0; }
  storageBarrier();
  product(
    gi_t, u + bias_ih(layer), 2u, transposed + transposed_ih(layer), tangent_input(f, layer),
    transposed_tangent + transposed_ih(layer), layer_input(f, act, layer), 0u, f.nodes, input, shape.gates,
  );
  for (var depth = 0u; depth < f.depths; depth++) {
    let begin = word(f.depth_begin + depth);
    let end = word(f.depth_begin + depth + 1u);
    product(
      gh_t, u + bias_hh(layer), 2u, transposed + transposed_hh(layer), before_t,
      transposed_tangent + transposed_hh(layer), before, begin, end, shape.hidden, shape.gates,
    );
    for (var i = begin * shape.hidden + thread; i < end * shape.hidden; i += THREADS) {
      let node = i / shape.hidden;
      let j = i % shape.hidden;
      let g = node * shape.gates + j;
      let r = work[plane(f, planes, R) + i];
      let z = work[plane(f, planes, Z) + i];
      let n = work[plane(f, planes, N) + i];
      let ghn_t = work[gh_t + g + 2u * shape.hidden];
      let r_t = (work[gi_t + g] + work[gh_t + g]) * r * (1.0 - r);
      let z_t = (work[gi_t + g + shape.hidden] + work[gh_t + g + shape.hidden]) * z * (1.0 - z);
      let n_t = (work[gi_t + g + 2u * shape.hidden] + r_t * work[plane(f, planes, GHN) + i] + r * ghn_t) * (1.0 - n * n);
      let h_t = n_t + z_t * (work[before + i] - n) + z * (work[before_t + i] - n_t);
      work[plane(f, tangents, R) + i] = r_t;
      work[plane(f, tangents, Z) + i] = z_t;
      work[plane(f, tangents, N) + i] = n_t;
      work[plane(f, tangents, GHN) + i] = ghn_t;
      work[plane(f, tangents, STATE) + i] = h_t;
      for (var k = word(f.child_begin + node); k < word(f.child_begin + node + 1u); k++) {
        work[before_t + word(f.children + k) * shape.hidden + j] = h_t;
      }
    }
    storageBarrier();
  }
}

/** Tangents of gru_backward along u: writes the tangent of dx, and subtracts the layer's part of Hu from \`out\`. */
fn gru_tangent_backward(f: Forest, layer: u32, rest: u32, u: u32, act: u32, dx_t: u32, out: u32) {
  let planes = layer_planes(f, act, layer);
  let tangents = tangent_planes(f, layer);
  let before = plane(f, planes, BEFORE);
  let before_t = plane(f, tangents, BEFORE);
  let d_state = plane(f, planes, D_STATE);
  let d_state_t = plane(f, tangents, TANGENT_D_STATE);
  let dgi = plane(f, planes, DGI);
  let dgh = plane(f, planes, DGH);
  let dgi_t = scratch_gi();
  let dgh_t = scratch_gh(f);
  let back_t = scratch_back(f);
  let input = input_width(layer);
  for (var left = f.depths; left > 0u; left--) {
    let begin = word(f.depth_begin + left - 1u);
    let end = word(f.depth_begin + left);
    for (var i = begin * shape.hidden + thread; i < end * shape.hidden; i += THREADS) {
      let node = i / shape.hidden;
      let j = i % shape.hidden;
      var dh_t = work[d_state_t + i];
      for (var k = word(f.child_begin + node); k < word(f.child_begin + node + 1u); k++) {
        let c = word(f.children + k) * shape.hidden + j;
        dh_t += work[d_state_t + c] * work[plane(f, planes, Z) + c]
          + work[d_state + c] * work[plane(f, tangents, Z) + c] + work[back_t + c];
      }
      work[d_state_t + i] = dh_t;
      let g = node * shape.gates + j;
      let dh = work[d_state + i];
      let r = work[plane(f, planes, R) + i];
      let z = work[plane(f, planes, Z) + i];
      let n = work[plane(f, planes, N) + i];
      let ghn = work[plane(f, planes, GHN) + i];
      let r_t = work[plane(f, tangents, R) + i];
      let z_t = work[plane(f, tangents, Z) + i];
      let n_t = work[plane(f, tangents, N) + i];
      let ghn_t = work[plane(f, tangents, GHN) + i];
      let a_n = work[dgi + g + 2u * shape.hidden];
      let dz = dh * (work[before + i] - n);
      let dn = dh * (1.0 - z);
      let dz_t = dh_t * (work[before + i] - n) + dh * (work[before_t + i] - n_t);
      let dn_t = dh_t * (1.0 - z) - dh * z_t;
      let a_n_t = dn_t * (1.0 - n * n) - 2.0 * dn * n * n_t;
      let a_z_t = dz_t * z * (1.0 - z) + dz * z_t * (1.0 - 2.0 * z);
      let a_r_t = (a_n_t * ghn + a_n * ghn_t) * r * (1.0 - r) + a_n * ghn * r_t * (1.0 - 2.0 * r);
      work[dgi_t + g] = a_r_t;
      work[dgi_t + g + shape.hidden] = a_z_t;
      work[dgi_t + g + 2u * shape.hidden] = a_n_t;
      work[dgh_t + g] = a_r_t;
      work[dgh_t + g + shape.hidden] = a_z_t;
      work[dgh_t + g + 2u * shape.hidden] = a_n_t * r + a_n * r_t;
    }
    storageBarrier();
    if (left > 1u) {
      product(back_t, NONE, 2u, rest + weight_hh(layer), dgh_t, u + weight_hh(layer), dgh, begin, end, shape.gates, shape.hidden);
    }
  }
  product(dx_t, NONE, 2u, rest + weight_ih(layer), dgi_t, u + weight_ih(layer), dgi, 0u, f.nodes, shape.gates, input);
  outer_product(
    out + weight_ih(layer), SUBTRACT, 2u, dgi_t, layer_input(f, act, layer), dgi, tangent_input(f, layer),
    f.nodes, shape.gates, input,
  );
  outer_product(out + weight_hh(layer), SUBTRACT, 2u, dgh_t, before, dgh, before_t, f.nodes, shape.gates, shape.hidden);
  column_sums(out + bias_ih(layer), SUBTRACT, dgi_t, f.nodes, shape.gates);
  column_sums(out + bias_hh(layer), SUBTRACT, dgh_t, f.nodes, shape.gates);
  storageBarrier();
}
`;
