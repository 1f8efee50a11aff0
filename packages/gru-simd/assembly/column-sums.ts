import { applyByUse, lanes, squaresOf, Target, Use } from "./target";

/** G = the sum of the rows of A `[M, R]`, passed to `target` at byte `offset`: gradients of biases. R is a multiple of 8. */
export function columnSums(target: Target, offset: usize, r: i32, a: usize, m: i32): void {
  const stride = usize(r) << 2;
  const rows = stride * usize(m);
  for (let column: usize = 0; column < stride; column += 16) {
    let sum = f32x4.splat(0);
    for (let p = a + column, end = a + column + rows; p < end; p += stride) sum = f32x4.add(sum, v128.load(p));
    if (target.use == Use.Norm) {
      target.squares += lanes(squaresOf(sum));
      continue;
    }
    if (target.scale != 1) sum = f32x4.mul(sum, f32x4.splat(target.scale));
    applyByUse(target, offset + column, sum);
  }
}
