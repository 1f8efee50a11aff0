import { exponential } from "./activation-functions";
import { items, itemsPadded } from "./shape";

/** p = softmax(l) in place for each of `m` rows; returns Σ −log p[label]. Padding gets probability 0. */
export function softmaxForward(m: i32, logits: usize, labels: usize): f64 {
  let loss: f64 = 0;
  const bytes = usize(itemsPadded) << 2;
  const tail = usize(items) << 2;
  for (let i = 0; i < m; i++, logits += bytes) {
    // Padding must not be the largest: it repeats the first logit until the largest is found.
    const first = load<f32>(logits);
    for (let at = tail; at < bytes; at += 4) store<f32>(logits + at, first);
    // `pmax` is one instruction, `max` several. It can miss a NaN, which the sum below then has.
    let largest = v128.load(logits);
    let second = v128.load(logits, 16);
    for (let at: usize = 32; at < bytes; at += 32) {
      largest = f32x4.pmax(largest, v128.load(logits + at));
      second = f32x4.pmax(second, v128.load(logits + at, 16));
    }
    largest = f32x4.pmax(largest, second);
    const top = max(
      max(f32x4.extract_lane(largest, 0), f32x4.extract_lane(largest, 1)),
      max(f32x4.extract_lane(largest, 2), f32x4.extract_lane(largest, 3)),
    );
    const label = f64(load<f32>(logits + (usize(load<i32>(labels + (usize(i) << 2))) << 2)));
    const shift = f32x4.splat(top);
    for (let at: usize = 0; at < bytes; at += 16) {
      v128.store(logits + at, exponential(f32x4.sub(v128.load(logits + at), shift)));
    }
    for (let at = tail; at < bytes; at += 4) store<f32>(logits + at, 0);
    const sum = f64(total(logits, bytes));
    loss += Math.log(sum) + f64(top) - label;
    const scale = f32x4.splat(f32(1 / sum));
    for (let at: usize = 0; at < bytes; at += 16) v128.store(logits + at, f32x4.mul(v128.load(logits + at), scale));
  }
  return loss;
}

/** dl = (p − onehot(label)) / divisor. */
export function softmaxBackward(m: i32, dLogits: usize, p: usize, labels: usize, divisor: i32): void {
  const bytes = usize(itemsPadded) << 2;
  const scale: f32 = 1 / f32(divisor);
  for (let i = 0; i < m; i++, dLogits += bytes, p += bytes) {
    for (let at: usize = 0; at < bytes; at += 16) {
      v128.store(dLogits + at, f32x4.mul(v128.load(p + at), f32x4.splat(scale)));
    }
    const at = usize(load<i32>(labels + (usize(i) << 2))) << 2;
    store<f32>(dLogits + at, (load<f32>(p + at) - 1) * scale);
  }
}

/** ḋl = p∘(l̇ − Σ p∘l̇) / divisor: forward's and backward's tangent in one. */
export function softmaxTangent(m: i32, tDLogits: usize, tLogits: usize, p: usize, divisor: i32): void {
  const bytes = usize(itemsPadded) << 2;
  const scale = f32x4.splat(1 / f32(divisor));
  for (let i = 0; i < m; i++, tDLogits += bytes, tLogits += bytes, p += bytes) {
    for (let at: usize = 0; at < bytes; at += 16) {
      v128.store(tDLogits + at, f32x4.mul(v128.load(p + at), v128.load(tLogits + at)));
    }
    const mean = f32x4.splat(total(tDLogits, bytes));
    for (let at: usize = 0; at < bytes; at += 16) {
      const centred = f32x4.sub(v128.load(tLogits + at), mean);
      v128.store(tDLogits + at, f32x4.mul(f32x4.mul(v128.load(p + at), centred), scale));
    }
  }
}

function total(from: usize, bytes: usize): f32 {
  let a = f32x4.splat(0);
  let b = f32x4.splat(0);
  for (let at: usize = 0; at < bytes; at += 32) {
    a = f32x4.add(a, v128.load(from + at));
    b = f32x4.add(b, v128.load(from + at, 16));
  }
  a = f32x4.add(a, b);
  return f32x4.extract_lane(a, 0) + f32x4.extract_lane(a, 1) + (f32x4.extract_lane(a, 2) + f32x4.extract_lane(a, 3));
}
