import { lanes, wide } from "./target";

/** Copies one row to each of `m` rows. */
export function repeatRow(to: usize, row: usize, m: i32, width: i32): void {
  const bytes = usize(width) << 2;
  for (let i = 0; i < m; i++, to += bytes) memory.copy(to, row, bytes);
}

/** Row i of `to` = row `index[i]` of `from`; zero if the index is −1. */
export function gatherRows(to: usize, from: usize, index: usize, m: i32, width: i32): void {
  const bytes = usize(width) << 2;
  for (let i = 0; i < m; i++, to += bytes) {
    const row = load<i32>(index + (usize(i) << 2));
    if (row < 0) memory.fill(to, 0, bytes);
    else memory.copy(to, from + usize(row) * bytes, bytes);
  }
}

/** Row `index[i]` of `to` += row i of `from`; nothing where the index is −1. */
export function scatterRows(to: usize, from: usize, index: usize, m: i32, width: i32): void {
  const bytes = usize(width) << 2;
  for (let i = 0; i < m; i++, from += bytes) {
    const row = load<i32>(index + (usize(i) << 2));
    if (row >= 0) addVector(to + usize(row) * bytes, from, bytes);
  }
}

/** to += from; a multiple of 16 bytes. */
export function addVector(to: usize, from: usize, bytes: usize): void {
  for (let at: usize = 0; at < bytes; at += 16) {
    v128.store(to + at, f32x4.add(v128.load(to + at), v128.load(from + at)));
  }
}

/** to −= a∘b; a multiple of 16 bytes. */
export function subtractProduct(to: usize, a: usize, b: usize, bytes: usize): void {
  for (let at: usize = 0; at < bytes; at += 16) {
    v128.store(to + at, f32x4.sub(v128.load(to + at), f32x4.mul(v128.load(a + at), v128.load(b + at))));
  }
}

/** to ← scale·to; a multiple of 16 bytes. */
export function scaleVector(to: usize, bytes: usize, scale: f32): void {
  const factor = f32x4.splat(scale);
  for (let at: usize = 0; at < bytes; at += 16) v128.store(to + at, f32x4.mul(v128.load(to + at), factor));
}

/** Σ a∘b, added in 64 bits; a multiple of 16 bytes. */
export function dot(a: usize, b: usize, bytes: usize): f64 {
  let sum: v128 = f64x2.splat(0);
  for (let at: usize = 0; at < bytes; at += 16) {
    sum = f64x2.add(sum, wide(f32x4.mul(v128.load(a + at), v128.load(b + at))));
  }
  return lanes(sum);
}

/** u ← scale·(u − along·g); a multiple of 16 bytes. */
export function removeAlong(u: usize, g: usize, along: f32, scale: f32, bytes: usize): void {
  const a = f32x4.splat(along);
  const s = f32x4.splat(scale);
  for (let at: usize = 0; at < bytes; at += 16) {
    const rest = f32x4.sub(v128.load(u + at), f32x4.mul(a, v128.load(g + at)));
    v128.store(u + at, f32x4.mul(s, rest));
  }
}
