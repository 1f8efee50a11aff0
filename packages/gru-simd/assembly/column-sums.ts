import { applyVector } from "./apply-vector";
import { allocate, mark, rewind } from "./arena";
import { scaleVector } from "./rows";
import { lanes, squaresOf, Target, Use } from "./target";

/** G = the sum of the rows of A `[M, R]`, passed to `target` at byte `offset`: gradients of biases. R is a multiple of 8. */
export function columnSums(target: Target, offset: usize, r: i32, a: usize, m: i32): void {
  const stride = usize(r) << 2;
  const rows = stride * usize(m);
  const before = mark();
  const sums = allocate(stride);
  for (let column: usize = 0; column < stride; column += 32) {
    let s = f32x4.splat(0), t = f32x4.splat(0);
    for (let p = a + column, end = a + column + rows; p < end; p += stride) {
      s = f32x4.add(s, v128.load(p));
      t = f32x4.add(t, v128.load(p, 16));
    }
    v128.store(sums + column, s);
    v128.store(sums + column, t, 16);
  }
  if (target.use == Use.Norm) {
    for (let at: usize = 0; at < stride; at += 16) target.squares += lanes(squaresOf(v128.load(sums + at)));
  } else {
    if (target.scale != 1) scaleVector(sums, stride, target.scale);
    applyVector(target, offset, sums, stride);
  }
  rewind(before);
}
