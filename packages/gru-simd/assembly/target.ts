import { allocate } from "./arena";
import { multiplySubtract } from "./multiply-add";

/** The use of each element G of a gradient or Hessian-vector product as soon as its sum is in a register. */
export enum Use {
  /** out = G */
  Store,
  /** out += G */
  Add,
  /** g = G, θ' = θ − α∘G: an inner step that will be differentiated. */
  Step,
  /** θ' = θ − α∘G: an inner step that will not. */
  Adapt,
  /** v = G, dα −= g∘v, u = α∘v: the query gradient, with g of the last step. */
  Start,
  /** v −= G, then as `Start` with g of the previous step. */
  Middle,
  /** dθ += v − G: the recursion's end. */
  Last,
  /** squares += Σ G²; nothing is stored. */
  Norm,
}

/** The vectors that a pass reads and writes, all with the same layout. */
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
  /** Factor of G before its use: 1, or less where the gradient is clipped. */
  scale: f32;
  /** Of `Norm`: the sum of squares so far. */
  squares: f64;
}

/*
 * One class per use, so that a kernel is compiled once for each. With the use as a number, the compiler merges the copies into
 * one that tests the use at every four elements.
 */
export class Store {}
export class Add {}
export class Step {}
export class Adapt {}
export class Start {}
export class Middle {}
export class Last {}
export class Norm {}

/** A target without vectors, scale 1. */
export function createTarget(): Target {
  const target = changetype<Target>(allocate(offsetof<Target>()));
  target.scale = 1;
  return target;
}

/** Σ x² of four values, as two sums in 64 bits. */
@inline
export function squaresOf(x: v128): v128 {
  return wide(f32x4.mul(x, x));
}

/** Four values in 64 bits, added in pairs. */
@inline
export function wide(x: v128): v128 {
  return f64x2.add(f64x2.promote_low_f32x4(x), f64x2.promote_low_f32x4(v128.shuffle<f32>(x, x, 2, 3, 2, 3)));
}

/** Both lanes added. */
@inline
export function lanes(x: v128): f64 {
  return f64x2.extract_lane(x, 0) + f64x2.extract_lane(x, 1);
}

/** Applies the use `U` to four elements, `at` bytes after the pointers. */
@inline
export function apply<U>(
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
  if (idof<U>() == idof<Store>()) {
    v128.store(out + at, sum);
  } else if (idof<U>() == idof<Add>()) {
    v128.store(out + at, f32x4.add(v128.load(out + at), sum));
  } else if (idof<U>() == idof<Step>()) {
    v128.store(g + at, sum);
    v128.store(thetaNext + at, multiplySubtract(v128.load(alpha + at), sum, v128.load(theta + at)));
  } else if (idof<U>() == idof<Adapt>()) {
    v128.store(thetaNext + at, multiplySubtract(v128.load(alpha + at), sum, v128.load(theta + at)));
  } else if (idof<U>() == idof<Last>()) {
    v128.store(dTheta + at, f32x4.add(v128.load(dTheta + at), f32x4.sub(v128.load(v + at), sum)));
  } else {
    const next = idof<U>() == idof<Start>() ? sum : f32x4.sub(v128.load(v + at), sum);
    v128.store(v + at, next);
    v128.store(dAlpha + at, multiplySubtract(v128.load(g + at), next, v128.load(dAlpha + at)));
    v128.store(u + at, f32x4.mul(v128.load(alpha + at), next));
  }
}
