import { Adapt, apply, lanes, Last, Middle, Norm, squaresOf, Start, Step, Store, Target, Use } from "./target";

/** G = the sum of the rows of A `[M, R]`, passed to `target` at byte `offset`: gradients of biases. R is a multiple of 8. */
export function columnSums(target: Target, offset: usize, r: i32, a: usize, m: i32): void {
  switch (target.use) {
    case Use.Store:
      return columns<Store>(target, offset, r, a, m);
    case Use.Step:
      return columns<Step>(target, offset, r, a, m);
    case Use.Adapt:
      return columns<Adapt>(target, offset, r, a, m);
    case Use.Start:
      return columns<Start>(target, offset, r, a, m);
    case Use.Middle:
      return columns<Middle>(target, offset, r, a, m);
    case Use.Norm:
      return columns<Norm>(target, offset, r, a, m);
    default:
      return columns<Last>(target, offset, r, a, m);
  }
}

function columns<U>(t: Target, offset: usize, r: i32, a: usize, m: i32): void {
  const stride = usize(r) << 2;
  const rows = stride * usize(m);
  for (let column: usize = 0; column < stride; column += 16) {
    let sum = f32x4.splat(0);
    for (let p = a + column, end = a + column + rows; p < end; p += stride) sum = f32x4.add(sum, v128.load(p));
    if (idof<U>() == idof<Norm>()) {
      t.squares += lanes(squaresOf(sum));
      continue;
    }
    if (t.scale != 1) sum = f32x4.mul(sum, f32x4.splat(t.scale));
    apply<U>(t.out, t.theta, t.alpha, t.thetaNext, t.g, t.v, t.u, t.dAlpha, t.dTheta, offset + column, sum);
  }
}
