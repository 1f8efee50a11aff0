/** Mean cross-entropy over a forest's pairs: loss, p and dl = (p − onehot)/B; and the tangent of dl. */
export const softmaxCrossEntropyWgsl = /* wgsl */ `
/** Sum over all threads, in a fixed order: sixteen sums of sixteen, then their sum. Every thread gets it. */
fn sum_of_all(value: vec4f) -> vec4f {
  workgroupBarrier();
  part[thread] = value;
  workgroupBarrier();
  if (thread < 16u) {
    var sum = part[thread];
    for (var k = 16u; k < THREADS; k += 16u) { sum += part[thread + k]; }
    staged[thread] = sum;
  }
  workgroupBarrier();
  var sum = staged[0];
  for (var k = 1u; k < 16u; k++) { sum += staged[k]; }
  return sum;
}

fn greatest_of_all(value: vec4f) -> vec4f {
  workgroupBarrier();
  part[thread] = value;
  workgroupBarrier();
  if (thread < 16u) {
    var greatest = part[thread];
    for (var k = 16u; k < THREADS; k += 16u) { greatest = max(greatest, part[thread + k]); }
    staged[thread] = greatest;
  }
  workgroupBarrier();
  var greatest = staged[0];
  for (var k = 1u; k < 16u; k++) { greatest = max(greatest, staged[k]); }
  return greatest;
}

/** Value i of four rows; 0 beyond the last row. */
fn of_four(rows: u32, pair: u32, pairs: u32, i: u32) -> vec4f {
  let at = rows + pair * shape.items + i;
  var value = vec4f(work[at], 0.0, 0.0, 0.0);
  if (pair + 1u < pairs) { value.y = work[at + shape.items]; }
  if (pair + 2u < pairs) { value.z = work[at + 2u * shape.items]; }
  if (pair + 3u < pairs) { value.w = work[at + 3u * shape.items]; }
  return value;
}

fn to_four(rows: u32, pair: u32, pairs: u32, i: u32, value: vec4f) {
  let at = rows + pair * shape.items + i;
  work[at] = value.x;
  if (pair + 1u < pairs) { work[at + shape.items] = value.y; }
  if (pair + 2u < pairs) { work[at + 2u * shape.items] = value.z; }
  if (pair + 3u < pairs) { work[at + 3u * shape.items] = value.w; }
}

/** Labels of four pairs; beyond the last pair shape.items, which is not an item. */
fn four_labels(f: Forest, pair: u32) -> vec4u {
  var labels = vec4u(word(f.label + pair), shape.items, shape.items, shape.items);
  if (pair + 1u < f.pairs) { labels.y = word(f.label + pair + 1u); }
  if (pair + 2u < f.pairs) { labels.z = word(f.label + pair + 2u); }
  if (pair + 3u < f.pairs) { labels.w = word(f.label + pair + 3u); }
  return labels;
}

/** Turns logits into probabilities in place; writes dl and the loss. */
fn softmax_cross_entropy(f: Forest, act: u32, loss: u32) {
  let p = probabilities(f, act);
  let dl = d_logits(f, act);
  var total = 0.0;
  for (var pair = 0u; pair < f.pairs; pair += 4u) {
    let labels = four_labels(f, pair);
    var of_labels = vec4f();
    if (thread == 0u) {
      of_labels.x = work[p + pair * shape.items + labels.x];
      if (pair + 1u < f.pairs) { of_labels.y = work[p + (pair + 1u) * shape.items + labels.y]; }
      if (pair + 2u < f.pairs) { of_labels.z = work[p + (pair + 2u) * shape.items + labels.z]; }
      if (pair + 3u < f.pairs) { of_labels.w = work[p + (pair + 3u) * shape.items + labels.w]; }
    }
    // Other threads overwrite these logits below.
    storageBarrier();
    var greatest = vec4f(-3.4e38);
    for (var i = thread; i < shape.items; i += THREADS) { greatest = max(greatest, of_four(p, pair, f.pairs, i)); }
    greatest = greatest_of_all(greatest);
    var sum = vec4f();
    for (var i = thread; i < shape.items; i += THREADS) {
      let e = exp(of_four(p, pair, f.pairs, i) - greatest);
      to_four(p, pair, f.pairs, i, e);
      sum += e;
    }
    sum = sum_of_all(sum);
    for (var i = thread; i < shape.items; i += THREADS) {
      let share = of_four(p, pair, f.pairs, i) / sum;
      to_four(p, pair, f.pairs, i, share);
      let onehot = select(vec4f(), vec4f(1.0), labels == vec4u(i));
      to_four(dl, pair, f.pairs, i, (share - onehot) / f.divisor);
    }
    if (thread == 0u) {
      let each = log(sum) + greatest - of_labels;
      total += each.x;
      if (pair + 1u < f.pairs) { total += each.y; }
      if (pair + 2u < f.pairs) { total += each.z; }
      if (pair + 3u < f.pairs) { total += each.w; }
    }
  }
  if (thread == 0u) { losses[loss] = total / f.divisor; }
  storageBarrier();
}

/** Turns tangents of logits into tangents of dl, in place: p∘(l̇ − Σ p∘l̇)/B. */
fn softmax_tangent(f: Forest, act: u32, tangent: u32) {
  let p = probabilities(f, act);
  for (var pair = 0u; pair < f.pairs; pair += 4u) {
    var sum = vec4f();
    for (var i = thread; i < shape.items; i += THREADS) {
      sum += of_four(p, pair, f.pairs, i) * of_four(tangent, pair, f.pairs, i);
    }
    sum = sum_of_all(sum);
    for (var i = thread; i < shape.items; i += THREADS) {
      let l_t = of_four(tangent, pair, f.pairs, i);
      to_four(tangent, pair, f.pairs, i, of_four(p, pair, f.pairs, i) * (l_t - sum) / f.divisor);
    }
  }
  storageBarrier();
}
`;
