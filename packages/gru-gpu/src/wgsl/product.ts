/**
 * Matrix products of a few rows: out[n] = bias + Σ_t M_t applied to x_t[n], t = 0 … terms − 1.
 *
 * `M` is [reduce, columns] row-major, so that neighbouring threads read neighbouring values: forward passes use the transposed
 * copy of a weight, backward passes the weight itself. Four rows are computed at once; threads beyond the columns split the sum, whose
 * parts are added in order.
 */
export const productWgsl = /* wgsl */ `
/** Threads along the columns: the least power of two that covers them, at most half of all threads. */
fn lanes_for(columns: u32) -> u32 {
  var lanes = 1u;
  for (; lanes < columns && lanes < THREADS / 2u; lanes = lanes * 2u) {}
  return lanes;
}

fn product(
  out: u32, bias: u32, terms: u32, m0: u32, x0: u32, m1: u32, x1: u32, begin: u32, end: u32, reduce: u32, columns: u32,
) {
  let lanes = lanes_for(columns);
  let splits = THREADS / lanes;
  let lane = thread % lanes;
  let split = thread / lanes;
  for (var n = begin; n < end; n += 4u) {
    for (var first = 0u; first < columns; first += lanes) {
      let column = first + lane;
      var sum = vec4f();
      for (var term = 0u; term < terms; term++) {
        let m = select(m0, m1, term == 1u) + column;
        let x = select(x0, x1, term == 1u) + n * reduce;
        for (var begun = 0u; begun < reduce; begun += THREADS) {
          let count = min(THREADS, reduce - begun);
          workgroupBarrier();
          if (thread < count) {
            let at = x + begun + thread;
            var value = vec4f(work[at], 0.0, 0.0, 0.0);
            if (n + 1u < end) { value.y = work[at + reduce]; }
            if (n + 2u < end) { value.z = work[at + 2u * reduce]; }
            if (n + 3u < end) { value.w = work[at + 3u * reduce]; }
            staged[thread] = value;
          }
          workgroupBarrier();
          if (column < columns) {
            let origin = m + begun * columns;
            for (var r = split; r < count; r += splits) { sum += work[origin + r * columns] * staged[r]; }
          }
        }
      }
      part[thread] = sum;
      workgroupBarrier();
      if (split == 0u && column < columns) {
        for (var s = 1u; s < splits; s++) { sum += part[s * lanes + lane]; }
        if (bias != NONE) { sum += work[bias + column]; }
        let to = out + n * columns + column;
        work[to] = sum.x;
        if (n + 1u < end) { work[to + columns] = sum.y; }
        if (n + 2u < end) { work[to + 2u * columns] = sum.z; }
        if (n + 3u < end) { work[to + 3u * columns] = sum.w; }
      }
    }
  }
  storageBarrier();
}
`;
