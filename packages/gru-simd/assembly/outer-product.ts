import { allocate, mark, rewind } from "./arena";
import { multiplyAdd } from "./multiply-add";
import { scaleVector } from "./rows";
import { Adapt, Add, apply, lanes, Last, Middle, Norm, Start, Step, Store, Target, Use, wide } from "./target";

/**
 * G = A1ᵀ·B1 + A2ᵀ·B2, passed to `target` at byte `offset`: G `[R, K]` in panels; A `[M, R]` and B `[M, K]` row-major.
 *
 * A gradient has one pair (adjoint, input); its tangent has two, by the product rule. R and K are multiples of 8.
 */
export function outerProduct(
  target: Target,
  offset: usize,
  r: i32,
  k: i32,
  a1: usize,
  b1: usize,
  m1: i32,
  a2: usize = 0,
  b2: usize = 0,
  m2: i32 = 0,
): void {
  // No nodes (for W_hh: only roots) count as one node of zeros, because `panels` starts with the first.
  const m = max(m1 + m2, 1);
  const before = mark();
  // Strips of eight columns, front to back: in place, each step from row to row would load a cache line and a page for 32 bytes.
  const a = allocate(usize(m) << 5);
  const b = allocate((usize(m) * usize(k)) << 2);
  for (let column = 0; column < k; column += 8) {
    const strip = b + ((usize(m) * usize(column)) << 2);
    copyStrip(strip, b1, m1, k, column);
    copyStrip(strip + (usize(m1) << 5), b2, m2, k, column);
  }
  if (m1 + m2 == 0) {
    memory.fill(a, 0, usize(m) << 5);
    memory.fill(b, 0, (usize(m) * usize(k)) << 2);
  }
  switch (target.use) {
    case Use.Store:
      panels<Store>(target, offset, r, k, a, b, a1, m1, a2, m2);
      break;
    case Use.Add:
      panels<Add>(target, offset, r, k, a, b, a1, m1, a2, m2);
      break;
    case Use.Step:
      panels<Step>(target, offset, r, k, a, b, a1, m1, a2, m2);
      break;
    case Use.Adapt:
      panels<Adapt>(target, offset, r, k, a, b, a1, m1, a2, m2);
      break;
    case Use.Start:
      panels<Start>(target, offset, r, k, a, b, a1, m1, a2, m2);
      break;
    case Use.Middle:
      panels<Middle>(target, offset, r, k, a, b, a1, m1, a2, m2);
      break;
    case Use.Norm:
      panels<Norm>(target, offset, r, k, a, b, a1, m1, a2, m2);
      break;
    default:
      panels<Last>(target, offset, r, k, a, b, a1, m1, a2, m2);
  }
  rewind(before);
}

/** Eight columns of `m` rows of a row-major matrix. */
function copyStrip(strip: usize, matrix: usize, m: i32, width: i32, column: i32): void {
  const stride = usize(width) << 2;
  let from = matrix + (usize(column) << 2);
  for (const end = strip + (usize(m) << 5); strip < end; strip += 32) {
    v128.store(strip, v128.load(from));
    v128.store(strip, v128.load(from, 16), 16);
    from += stride;
  }
}

/** Half a panel by eight columns at a time: eight sums in registers, then used at once. `a` holds one strip, `b` all. */
function panels<U>(
  target: Target,
  offset: usize,
  r: i32,
  k: i32,
  a: usize,
  b: usize,
  a1: usize,
  m1: i32,
  a2: usize,
  m2: i32,
): void {
  // Read once, because the compiler must assume that every store could change them.
  const out = target.out;
  const theta = target.theta;
  const alpha = target.alpha;
  const thetaNext = target.thetaNext;
  const g = target.g;
  const v = target.v;
  const u = target.u;
  const dAlpha = target.dAlpha;
  const dTheta = target.dTheta;
  const bytes = usize(max(m1 + m2, 1)) << 5;
  const scale = target.scale;
  let squares: v128 = f64x2.splat(0);
  let p = offset;
  for (let row = 0; row < r; row += 8) {
    copyStrip(a, a1, m1, r, row);
    copyStrip(a + (usize(m1) << 5), a2, m2, r, row);
    if (scale != 1) scaleVector(a, bytes, scale);
    let strip = b;
    for (let column = 0; column < k; column += 8) {
      for (let half: usize = 0; half < 32; half += 16) {
        // The first node starts the sums.
        let at = a + half;
        let bt = strip;
        const end = bt + bytes;
        let x = v128.load(bt), y = v128.load(bt, 16);
        let four = v128.load(at);
        let w = v128.shuffle<f32>(four, four, 0, 0, 0, 0);
        let s0 = f32x4.mul(w, x), t0 = f32x4.mul(w, y);
        w = v128.shuffle<f32>(four, four, 1, 1, 1, 1);
        let s1 = f32x4.mul(w, x), t1 = f32x4.mul(w, y);
        w = v128.shuffle<f32>(four, four, 2, 2, 2, 2);
        let s2 = f32x4.mul(w, x), t2 = f32x4.mul(w, y);
        w = v128.shuffle<f32>(four, four, 3, 3, 3, 3);
        let s3 = f32x4.mul(w, x), t3 = f32x4.mul(w, y);
        for (bt += 32; bt < end; bt += 32) {
          at += 32;
          x = v128.load(bt);
          y = v128.load(bt, 16);
          four = v128.load(at);
          w = v128.shuffle<f32>(four, four, 0, 0, 0, 0);
          s0 = multiplyAdd(w, x, s0);
          t0 = multiplyAdd(w, y, t0);
          w = v128.shuffle<f32>(four, four, 1, 1, 1, 1);
          s1 = multiplyAdd(w, x, s1);
          t1 = multiplyAdd(w, y, t1);
          w = v128.shuffle<f32>(four, four, 2, 2, 2, 2);
          s2 = multiplyAdd(w, x, s2);
          t2 = multiplyAdd(w, y, t2);
          w = v128.shuffle<f32>(four, four, 3, 3, 3, 3);
          s3 = multiplyAdd(w, x, s3);
          t3 = multiplyAdd(w, y, t3);
        }
        if (idof<U>() == idof<Norm>()) {
          // Eight squares are added in 32 bits, the rest in 64.
          let sum = f32x4.mul(s0, s0);
          sum = multiplyAdd(s1, s1, sum);
          sum = multiplyAdd(s2, s2, sum);
          sum = multiplyAdd(s3, s3, sum);
          sum = multiplyAdd(t0, t0, sum);
          sum = multiplyAdd(t1, t1, sum);
          sum = multiplyAdd(t2, t2, sum);
          sum = multiplyAdd(t3, t3, sum);
          squares = f64x2.add(squares, wide(sum));
          p += 64;
          continue;
        }
        const pOut = out + p, pTheta = theta + p, pAlpha = alpha + p, pNext = thetaNext + p, pG = g + p;
        const pV = v + p, pU = u + p, pDAlpha = dAlpha + p, pDTheta = dTheta + p;
        apply<U>(pOut, pTheta, pAlpha, pNext, pG, pV, pU, pDAlpha, pDTheta, 0, s0);
        apply<U>(pOut, pTheta, pAlpha, pNext, pG, pV, pU, pDAlpha, pDTheta, 16, s1);
        apply<U>(pOut, pTheta, pAlpha, pNext, pG, pV, pU, pDAlpha, pDTheta, 32, s2);
        apply<U>(pOut, pTheta, pAlpha, pNext, pG, pV, pU, pDAlpha, pDTheta, 48, s3);
        apply<U>(pOut, pTheta, pAlpha, pNext, pG, pV, pU, pDAlpha, pDTheta, 128, t0);
        apply<U>(pOut, pTheta, pAlpha, pNext, pG, pV, pU, pDAlpha, pDTheta, 144, t1);
        apply<U>(pOut, pTheta, pAlpha, pNext, pG, pV, pU, pDAlpha, pDTheta, 160, t2);
        apply<U>(pOut, pTheta, pAlpha, pNext, pG, pV, pU, pDAlpha, pDTheta, 176, t3);
        p += 64;
      }
      p += 128;
      strip += bytes;
    }
  }
  if (idof<U>() == idof<Norm>()) target.squares += lanes(squares);
}
