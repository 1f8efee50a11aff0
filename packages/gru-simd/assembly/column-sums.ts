import { applyByUse, lanes, squaresOf, Target, Use } from "./target";

/** G = the sum of the rows of A `[M, R]`, passed to `target` at byte `offset`: gradients of biases. R is a multiple of 8. */
export function columnSums(target: Target, offset: usize, r: i32, a: usize, m: i32): void {
  const stride = usize(r) << 2;
  const rows = stride * usize(m);
  for (let column: usize = 0; column < stride; column += 32) {
    let s = f32x4.splat(0), t = f32x4.splat(0);
    for (let p = a + column, end = a + column + rows; p < end; p += stride) {
      s = f32x4.add(s, v128.load(p));
      t = f32x4.add(t, v128.load(p, 16));
    }
    use(target, offset + column, s);
    use(target, offset + column + 16, t);
  }
}

function use(target: Target, at: usize, sum: v128): void {
  if (target.use == Use.Norm) {
    target.squares += lanes(squaresOf(sum));
    return;
  }
  if (target.scale != 1) sum = f32x4.mul(sum, f32x4.splat(target.scale));
  applyByUse(target, at, sum);
}
