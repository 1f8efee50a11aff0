/*
 * Adam over vectors in shared memory. The moments are float64, the change of a parameter is computed in float32 as the parameter is,
 * operation by operation as in meta-sgd's `adam`, so the bits are equal. No value depends on the range of a call, so they are equal for any number of workers.
 */

/** First byte of the vectors: the module itself uses nothing above. */
const base: usize = 4096;

/** Memory for `n` values, a multiple of 16: first and second moments in 64 bits, then parameters and gradient in 32. */
export function firstMoment(n: u32): usize {
  return base;
}
export function secondMoment(n: u32): usize {
  return base + (usize(n) << 3);
}
export function parameters(n: u32): usize {
  return base + (usize(n) << 4);
}
export function gradient(n: u32): usize {
  return parameters(n) + (usize(n) << 2);
}
export function bytes(n: u32): usize {
  return gradient(n) + (usize(n) << 2);
}

/**
 * One step of Adam for the values `begin … end − 1`, multiples of 4:
 *
 *     m ← meanKept·m + meanNew·g,  v ← squareKept·v + (squareNew·g)·g,  p ← p − (decay·p + (stepSize·m)/(√v·rootCorrection + epsilon))
 */
export function step(
  n: u32,
  begin: u32,
  end: u32,
  meanKept: f64,
  meanNew: f64,
  squareKept: f64,
  squareNew: f64,
  decay: f64,
  stepSize: f64,
  rootCorrection: f64,
  epsilon: f64,
): void {
  const m = firstMoment(n);
  const v = secondMoment(n);
  const p = parameters(n);
  const g = gradient(n);
  const kept = f64x2.splat(meanKept), fresh = f64x2.splat(meanNew);
  const keptSquare = f64x2.splat(squareKept), freshSquare = f64x2.splat(squareNew);
  const size = f64x2.splat(stepSize);
  const lost = f32x4.splat(f32(decay));
  const root = f32x4.splat(f32(rootCorrection)), small = f32x4.splat(f32(epsilon));
  for (let i = usize(begin); i < usize(end); i += 4) {
    const wide = i << 3;
    const four = v128.load(g + (i << 2));
    const old = v128.load(p + (i << 2));
    const g0 = f64x2.promote_low_f32x4(four);
    const g1 = f64x2.promote_low_f32x4(v128.shuffle<f32>(four, four, 2, 3, 2, 3));
    const m0 = f64x2.add(f64x2.mul(kept, v128.load(m + wide)), f64x2.mul(fresh, g0));
    const m1 = f64x2.add(f64x2.mul(kept, v128.load(m + wide, 16)), f64x2.mul(fresh, g1));
    const v0 = f64x2.add(f64x2.mul(keptSquare, v128.load(v + wide)), f64x2.mul(f64x2.mul(freshSquare, g0), g0));
    const v1 = f64x2.add(f64x2.mul(keptSquare, v128.load(v + wide, 16)), f64x2.mul(f64x2.mul(freshSquare, g1), g1));
    v128.store(m + wide, m0);
    v128.store(m + wide, m1, 16);
    v128.store(v + wide, v0);
    v128.store(v + wide, v1, 16);
    const scale = f32x4.add(f32x4.mul(f32x4.sqrt(narrow(v0, v1)), root), small);
    const by = f32x4.div(narrow(f64x2.mul(size, m0), f64x2.mul(size, m1)), scale);
    v128.store(p + (i << 2), f32x4.sub(old, f32x4.add(f32x4.mul(lost, old), by)));
  }
}

/** Four values in 32 bits. */
@inline
function narrow(low: v128, high: v128): v128 {
  return v128.shuffle<f32>(f32x4.demote_f64x2_zero(low), f32x4.demote_f64x2_zero(high), 0, 1, 4, 5);
}

/** Parameters `begin … end − 1` ← max(low, min(high, p)), in place; NaN stays. */
export function clamp(n: u32, begin: u32, end: u32, low: f32, high: f32): void {
  const p = parameters(n);
  const lows = f32x4.splat(low), highs = f32x4.splat(high);
  const last = p + (usize(end) << 2);
  let at = p + (usize(begin) << 2);
  // pmin and pmax return their first operand when the comparison is false, as it is for NaN.
  for (; at + 16 <= last; at += 16) v128.store(at, f32x4.pmax(f32x4.pmin(v128.load(at), highs), lows));
  for (; at < last; at += 4) {
    const value = load<f32>(at);
    if (value < low) store<f32>(at, low);
    else if (value > high) store<f32>(at, high);
  }
}

/** Whether none of the gradient's `n` values is NaN or infinite. */
export function finite(n: u32): bool {
  const g = gradient(n);
  let sum = f32x4.splat(0);
  // x·0 is NaN exactly where x is not finite.
  for (let at: usize = 0; at < usize(n) << 2; at += 16) sum = f32x4.add(sum, f32x4.mul(v128.load(g + at), f32x4.splat(0)));
  return (
    f32x4.extract_lane(sum, 0) + f32x4.extract_lane(sum, 1) + f32x4.extract_lane(sum, 2) + f32x4.extract_lane(sum, 3) == 0
  );
}

/** gradient ← factor·gradient, multiplied in 64 bits. */
export function scale(n: u32, factor: f64): void {
  const g = gradient(n);
  const by = f64x2.splat(factor);
  for (let at: usize = 0; at < usize(n) << 2; at += 16) {
    const four = v128.load(g + at);
    const low = f64x2.mul(f64x2.promote_low_f32x4(four), by);
    const high = f64x2.mul(f64x2.promote_low_f32x4(v128.shuffle<f32>(four, four, 2, 3, 2, 3)), by);
    v128.store(
      g + at,
      v128.shuffle<f32>(f32x4.demote_f64x2_zero(low), f32x4.demote_f64x2_zero(high), 0, 1, 4, 5),
    );
  }
}
