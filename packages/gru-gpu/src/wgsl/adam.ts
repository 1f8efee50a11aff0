/**
 * Adam on θ and α in place, then α is clamped; without effect if \`refused\` is not 0.
 *
 *     m ← meanKept·m + meanNew·g,  v ← squareKept·v + squareNew·g²,  p ← p − (decay·p + stepSize·m / (√v·rootCorrection + epsilon))
 *
 * Words, floats unless noted: for θ, then for α [active?, meanKept, meanNew, squareKept, squareNew, decay, stepSize,
 * rootCorrection, epsilon]; low, high; number of parts whose rates are learned, then begin and end of each (integers).
 * \`moments\` holds m and v of θ, then those of α. Kingma & Ba 2015, algorithm 1.
 */
export const adamWgsl = /* wgsl */ `
@group(0) @binding(1) var<storage, read> words: array<u32>;
@group(0) @binding(2) var<storage, read_write> theta: array<f32>;
@group(0) @binding(3) var<storage, read_write> alpha: array<f32>;
@group(0) @binding(4) var<storage, read_write> moments: array<f32>;
@group(0) @binding(5) var<storage, read> total: array<f32>;
@group(0) @binding(6) var<storage, read> refused: array<u32>;

fn setting(at: u32) -> f32 { return bitcast<f32>(words[at]); }

/** The parameter after its step; its moments are at \`mean\` and \`mean\` + size. */
fn stepped(p: f32, g: f32, mean: u32, settings: u32) -> f32 {
  let square = mean + shape.size;
  let m = setting(settings + 1u) * moments[mean] + setting(settings + 2u) * g;
  let v = setting(settings + 3u) * moments[square] + setting(settings + 4u) * g * g;
  moments[mean] = m;
  moments[square] = v;
  return p - (setting(settings + 5u) * p
    + (setting(settings + 6u) * m) / (sqrt(v) * setting(settings + 7u) + setting(settings + 8u)));
}

fn learns(i: u32) -> bool {
  for (var k = 0u; k < words[20]; k++) {
    if (i >= words[21u + 2u * k] && i < words[22u + 2u * k]) { return true; }
  }
  return false;
}

@compute @workgroup_size(THREADS)
fn adam(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  if (refused[0] != 0u) { return; }
  for (var i = id.x; i < shape.size; i += groups.x * THREADS) {
    if (words[0] != 0u) { theta[i] = stepped(theta[i], total[i], 0u + i, 0u); }
    if (words[9] != 0u && learns(i)) {
      alpha[i] = clamp(stepped(alpha[i], total[shape.size + i], 2u * shape.size + i, 9u), setting(18u), setting(19u));
    }
  }
}
`;
