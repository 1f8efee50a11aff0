import { multiplyAdd, multiplySubtract } from "./multiply-add";

/**
 * eˣ for x clamped to [−87.3, 88]; NaN stays NaN. Relative error below 2e-7.
 *
 * x = n ln 2 + r with |r| ≤ ln 2 / 2; Cephes' polynomial of degree 7 in r, then n into the exponent.
 */
@inline
export function exponential(x: v128): v128 {
  // pmin and pmax return their first operand when the comparison is false, as it is for NaN.
  x = f32x4.pmax(f32x4.pmin(x, f32x4.splat(88.0)), f32x4.splat(-87.3));
  // Adding 1.5·2²³ rounds to a whole number, which is then in the low bits.
  const magic = f32x4.splat(12582912.0);
  const shifted = multiplyAdd(x, f32x4.splat(1.44269504088896341), magic);
  const n = f32x4.sub(shifted, magic);
  let r = multiplySubtract(n, f32x4.splat(0.693359375), x);
  r = multiplyAdd(n, f32x4.splat(2.12194440e-4), r);
  let p = f32x4.splat(1.9875691500e-4);
  p = multiplyAdd(p, r, f32x4.splat(1.3981999507e-3));
  p = multiplyAdd(p, r, f32x4.splat(8.3334519073e-3));
  p = multiplyAdd(p, r, f32x4.splat(4.1665795894e-2));
  p = multiplyAdd(p, r, f32x4.splat(1.6666665459e-1));
  p = multiplyAdd(p, r, f32x4.splat(5.0000001201e-1));
  p = f32x4.add(multiplyAdd(p, f32x4.mul(r, r), r), f32x4.splat(1.0));
  const power = i32x4.add(i32x4.shl(shifted, 23), i32x4.splat(0x3f800000));
  return f32x4.mul(p, power);
}

/** 1 / (1 + e⁻ˣ). */
@inline
export function sigmoid(x: v128): v128 {
  const one = f32x4.splat(1.0);
  return f32x4.div(one, f32x4.add(one, exponential(f32x4.neg(x))));
}

/** tanh x by an odd rational function of degree 13 / 6 on |x| ≤ 7.905, beyond which float32 has 1. Relative error below 4e-7. */
@inline
export function hyperbolicTangent(x: v128): v128 {
  const limit: f32 = 7.90531110763549805;
  x = f32x4.pmax(f32x4.pmin(x, f32x4.splat(limit)), f32x4.splat(-limit));
  const square = f32x4.mul(x, x);
  let p = f32x4.splat(-2.76076847742355e-16);
  p = multiplyAdd(p, square, f32x4.splat(2.00018790482477e-13));
  p = multiplyAdd(p, square, f32x4.splat(-8.60467152213735e-11));
  p = multiplyAdd(p, square, f32x4.splat(5.12229709037114e-8));
  p = multiplyAdd(p, square, f32x4.splat(1.48572235717979e-5));
  p = multiplyAdd(p, square, f32x4.splat(6.37261928875436e-4));
  p = multiplyAdd(p, square, f32x4.splat(4.89352455891786e-3));
  let q = f32x4.splat(1.19825839466702e-6);
  q = multiplyAdd(q, square, f32x4.splat(1.18534705686654e-4));
  q = multiplyAdd(q, square, f32x4.splat(2.26843463243900e-3));
  q = multiplyAdd(q, square, f32x4.splat(4.89352518554385e-3));
  return f32x4.div(f32x4.mul(x, p), q);
}
