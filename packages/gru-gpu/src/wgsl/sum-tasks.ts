/**
 * Sum of the tasks' dθ and dα, in the order of the tasks, so that the number of rounds does not change it; the last round computes the mean.
 * `refused` becomes 1 if a value of the sum or a loss is not finite.
 *
 * Words: [tasks, first round?, 1/tasks or 1 as bits, losses to check (0 before the last round), then per task the offsets of the rest of dθ
 * and dα; for each item the begin of its list and the end; lists of offsets of an embedding row's dθ and dα, −1 if a row has no dα].
 */
export const sumTasksWgsl = /* wgsl */ `
@group(0) @binding(1) var<storage, read> words: array<i32>;
@group(0) @binding(2) var<storage, read> work: array<f32>;
@group(0) @binding(3) var<storage, read_write> total: array<f32>;
@group(0) @binding(4) var<storage, read> losses: array<f32>;
@group(0) @binding(5) var<storage, read_write> refused: atomic<u32>;

/** By its bits: a compiler may assume that no value is NaN. */
fn is_finite(value: f32) -> bool { return (bitcast<u32>(value) & 0x7f800000u) != 0x7f800000u; }

@compute @workgroup_size(THREADS)
fn sum_tasks(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let tasks = u32(words[0]);
  let scale = bitcast<f32>(words[2]);
  let lists = 4u + 2u * tasks;
  var finite = true;
  for (var i = id.x; i < u32(words[3]); i += groups.x * THREADS) { finite = finite && is_finite(losses[i]); }
  for (var i = id.x; i < shape.size; i += groups.x * THREADS) {
    var d_theta = 0.0;
    var d_alpha = 0.0;
    if (words[1] == 0) {
      d_theta = total[i];
      d_alpha = total[shape.size + i];
    }
    if (i < shape.items * shape.embedding) {
      let item = i / shape.embedding;
      let column = i % shape.embedding;
      for (var k = u32(words[lists + item]); k < u32(words[lists + item + 1u]); k++) {
        let entry = lists + shape.items + 1u + 2u * k;
        d_theta += work[u32(words[entry]) + column];
        if (words[entry + 1u] >= 0) { d_alpha += work[u32(words[entry + 1u]) + column]; }
      }
    } else {
      let at = i - shape.items * shape.embedding;
      for (var k = 0u; k < tasks; k++) {
        d_theta += work[u32(words[4u + 2u * k]) + at];
        if (words[5u + 2u * k] >= 0) { d_alpha += work[u32(words[5u + 2u * k]) + at]; }
      }
    }
    total[i] = d_theta * scale;
    total[shape.size + i] = d_alpha * scale;
    finite = finite && is_finite(total[i]) && is_finite(total[shape.size + i]);
  }
  if (!finite) { atomicStore(&refused, 1u); }
}
`;
