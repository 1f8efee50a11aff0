import { multiplySubtract } from "./multiply-add";

/** What becomes of each element G of a gradient or Hessian-vector product as soon as its sum stands in a register. */
export enum Use {
  /** out = G */
  Store,
  /** g = G, θ' = θ − α∘G: an inner step that will be differentiated. */
  Step,
  /** θ' = θ − α∘G: an inner step that will not. */
  Adapt,
  /** v = G, dα −= g∘v, u = α∘v: the query gradient, with g of the last step. */
  Start,
  /** v −= G, then as Start with g of the step before. */
  Middle,
  /** dθ += v − G: the recursion's end. */
  Last,
}

/** The vectors that a pass reads and writes, all laid out alike. */
@unmanaged
export class Target {
  use: Use;
  out: usize;
  theta: usize;
  alpha: usize;
  thetaNext: usize;
  g: usize;
  v: usize;
  u: usize;
  dAlpha: usize;
  dTheta: usize;
}

/** Applies `use` (a constant, so that one branch is left) to four elements, `at` bytes (a constant) after where the pointers stand. */
@inline
export function apply(
  use: Use,
  out: usize,
  theta: usize,
  alpha: usize,
  thetaNext: usize,
  g: usize,
  v: usize,
  u: usize,
  dAlpha: usize,
  dTheta: usize,
  at: usize,
  sum: v128,
): void {
  if (use == Use.Store) {
    v128.store(out + at, sum);
  } else if (use == Use.Step) {
    v128.store(g + at, sum);
    v128.store(thetaNext + at, multiplySubtract(v128.load(alpha + at), sum, v128.load(theta + at)));
  } else if (use == Use.Adapt) {
    v128.store(thetaNext + at, multiplySubtract(v128.load(alpha + at), sum, v128.load(theta + at)));
  } else if (use == Use.Last) {
    v128.store(dTheta + at, f32x4.add(v128.load(dTheta + at), f32x4.sub(v128.load(v + at), sum)));
  } else {
    const next = use == Use.Start ? sum : f32x4.sub(v128.load(v + at), sum);
    v128.store(v + at, next);
    v128.store(dAlpha + at, multiplySubtract(v128.load(g + at), next, v128.load(dAlpha + at)));
    v128.store(u + at, f32x4.mul(v128.load(alpha + at), next));
  }
}
