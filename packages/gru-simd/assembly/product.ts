import { allocate, mark, rewind } from "./arena";
import { multiplyAdd } from "./multiply-add";

/** Y += D·W: Y `[M, K]`, D `[M, R]` row-major, W `[R, K]` in panels; R and K multiples of 8. */
export function product(y: usize, d: usize, w: usize, m: i32, r: i32, k: i32): void {
  if (m >= 4) {
    const before = mark();
    const strip = allocate(usize(r) << 4);
    for (; m >= 4; m -= 4) {
      fourRows(y, d, strip, w, r, k);
      y += usize(4 * k) << 2;
      d += usize(4 * r) << 2;
    }
    rewind(before);
  }
  for (; m >= 2; m -= 2) {
    twoRows(y, d, w, r, k);
    y += usize(2 * k) << 2;
    d += usize(2 * r) << 2;
  }
  if (m > 0) oneRow(y, d, w, r, k);
}

/** 32 columns at a time, their eight sums in registers; the rest panel by panel. */
@inline
function oneRow(y: usize, d: usize, w: usize, r: i32, k: i32): void {
  const end = y + (usize(k) << 2);
  const wide = y + ((usize(k) << 2) & ~127);
  const dEnd = d + (usize(r) << 2);
  const panel = usize(k) << 5;
  for (; y < wide; y += 128) {
    let a0 = v128.load(y), a1 = v128.load(y, 16), a2 = v128.load(y, 32), a3 = v128.load(y, 48);
    let a4 = v128.load(y, 64), a5 = v128.load(y, 80), a6 = v128.load(y, 96), a7 = v128.load(y, 112);
    let at = w;
    for (let x = d; x < dEnd; x += 32) {
      const rowsEnd = at + 128;
      for (let x0 = x; at < rowsEnd; at += 16) {
        const v = v128.load32_splat(x0);
        a0 = multiplyAdd(v, v128.load(at), a0);
        a1 = multiplyAdd(v, v128.load(at, 128), a1);
        a2 = multiplyAdd(v, v128.load(at, 256), a2);
        a3 = multiplyAdd(v, v128.load(at, 384), a3);
        // Never true. V8 up to Node 22 loads all operands of a block first: without a branch here, eight do not fit the registers.
        if (x0 >= dEnd) break;
        a4 = multiplyAdd(v, v128.load(at, 512), a4);
        a5 = multiplyAdd(v, v128.load(at, 640), a5);
        a6 = multiplyAdd(v, v128.load(at, 768), a6);
        a7 = multiplyAdd(v, v128.load(at, 896), a7);
        x0 += 4;
      }
      at += panel - 128;
    }
    v128.store(y, a0);
    v128.store(y, a1, 16);
    v128.store(y, a2, 32);
    v128.store(y, a3, 48);
    v128.store(y, a4, 64);
    v128.store(y, a5, 80);
    v128.store(y, a6, 96);
    v128.store(y, a7, 112);
    w += 1024;
  }
  if (y < end) oneRowByPanels(y, end, d, dEnd, w, panel);
}

/** The columns up to `end`: one panel after the other, its eight factors in registers. */
function oneRowByPanels(y: usize, end: usize, d: usize, dEnd: usize, w: usize, panel: usize): void {
  for (; d < dEnd; d += 32) {
    const d0 = v128.load32_splat(d);
    const d1 = v128.load32_splat(d, 4);
    const d2 = v128.load32_splat(d, 8);
    const d3 = v128.load32_splat(d, 12);
    const d4 = v128.load32_splat(d, 16);
    const d5 = v128.load32_splat(d, 20);
    const d6 = v128.load32_splat(d, 24);
    const d7 = v128.load32_splat(d, 28);
    let at = w;
    for (let p = y; p < end; p += 16) {
      let sum = multiplyAdd(d0, v128.load(at), v128.load(p));
      sum = multiplyAdd(d1, v128.load(at, 16), sum);
      sum = multiplyAdd(d2, v128.load(at, 32), sum);
      sum = multiplyAdd(d3, v128.load(at, 48), sum);
      sum = multiplyAdd(d4, v128.load(at, 64), sum);
      sum = multiplyAdd(d5, v128.load(at, 80), sum);
      sum = multiplyAdd(d6, v128.load(at, 96), sum);
      sum = multiplyAdd(d7, v128.load(at, 112), sum);
      v128.store(p, sum);
      at += 128;
    }
    w += panel;
  }
}

/** One panel after the other, eight columns at a time: four sums. */
@inline
function twoRows(y: usize, d: usize, w: usize, r: i32, k: i32): void {
  const width = usize(k) << 2;
  const stride = usize(r) << 2;
  const end = y + width;
  const dEnd = d + stride;
  for (; d < dEnd; d += 32) {
    let p0 = y;
    for (; p0 < end; p0 += 32) {
      const p1 = p0 + width;
      let a0 = v128.load(p0),
        a1 = v128.load(p0, 16);
      let b0 = v128.load(p1),
        b1 = v128.load(p1, 16);
      let x0 = d;
      for (const rowsEnd = w + 128; w < rowsEnd; w += 16) {
        const w0 = v128.load(w);
        const w1 = v128.load(w, 128);
        let v = v128.load32_splat(x0);
        a0 = multiplyAdd(v, w0, a0);
        a1 = multiplyAdd(v, w1, a1);
        v = v128.load32_splat(x0 + stride);
        b0 = multiplyAdd(v, w0, b0);
        b1 = multiplyAdd(v, w1, b1);
        x0 += 4;
      }
      // The inner loop is past the panel's first four columns; the next four were read with them.
      w += 128;
      v128.store(p0, a0);
      v128.store(p0, a1, 16);
      v128.store(p1, b0);
      v128.store(p1, b1, 16);
    }
  }
}

/** One panel after the other, eight columns at a time: eight sums. `strip` holds the factors, four rows interleaved. */
function fourRows(y: usize, d: usize, strip: usize, w: usize, r: i32, k: i32): void {
  transposeRows(strip, d, r);
  const width = usize(k) << 2;
  const end = y + width;
  for (let x = strip, last = strip + (usize(r) << 4); x < last; x += 128) {
    for (let p = y; p < end; p += 32) {
      const q = p + width;
      const s = q + width;
      const t = s + width;
      let a0 = v128.load(p), a1 = v128.load(p, 16), b0 = v128.load(q), b1 = v128.load(q, 16);
      let e0 = v128.load(s), e1 = v128.load(s, 16), f0 = v128.load(t), f1 = v128.load(t, 16);
      let at = x;
      for (const rowsEnd = w + 128; w < rowsEnd; w += 16) {
        const w0 = v128.load(w);
        const w1 = v128.load(w, 128);
        let v = v128.load32_splat(at);
        a0 = multiplyAdd(v, w0, a0);
        a1 = multiplyAdd(v, w1, a1);
        v = v128.load32_splat(at, 4);
        b0 = multiplyAdd(v, w0, b0);
        b1 = multiplyAdd(v, w1, b1);
        v = v128.load32_splat(at, 8);
        e0 = multiplyAdd(v, w0, e0);
        e1 = multiplyAdd(v, w1, e1);
        v = v128.load32_splat(at, 12);
        f0 = multiplyAdd(v, w0, f0);
        f1 = multiplyAdd(v, w1, f1);
        at += 16;
      }
      // The inner loop is past the panel's first four columns; the next four were read with them.
      w += 128;
      v128.store(p, a0);
      v128.store(p, a1, 16);
      v128.store(q, b0);
      v128.store(q, b1, 16);
      v128.store(s, e0);
      v128.store(s, e1, 16);
      v128.store(t, f0);
      v128.store(t, f1, 16);
    }
  }
}

/** Four rows of `r` floats to `r` groups of four. */
function transposeRows(strip: usize, rows: usize, r: i32): void {
  const stride = usize(r) << 2;
  for (const end = rows + stride; rows < end; rows += 16) {
    const a = v128.load(rows);
    const b = v128.load(rows + stride);
    const c = v128.load(rows + 2 * stride);
    const d = v128.load(rows + 3 * stride);
    const abLow = v128.shuffle<f32>(a, b, 0, 4, 1, 5);
    const abHigh = v128.shuffle<f32>(a, b, 2, 6, 3, 7);
    const cdLow = v128.shuffle<f32>(c, d, 0, 4, 1, 5);
    const cdHigh = v128.shuffle<f32>(c, d, 2, 6, 3, 7);
    v128.store(strip, v128.shuffle<f32>(abLow, cdLow, 0, 1, 4, 5));
    v128.store(strip, v128.shuffle<f32>(abLow, cdLow, 2, 3, 6, 7), 16);
    v128.store(strip, v128.shuffle<f32>(abHigh, cdHigh, 0, 1, 4, 5), 32);
    v128.store(strip, v128.shuffle<f32>(abHigh, cdHigh, 2, 3, 6, 7), 48);
    strip += 64;
  }
}
