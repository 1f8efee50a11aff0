/** A prefix forest in \`words\`, as encode-forest.ts writes it, and the offsets of the results of a pass over it. */
export const forestWgsl = /* wgsl */ `
struct Forest {
  nodes: u32,
  depths: u32,
  pairs: u32,
  /** Embedding rows that a gradient of this forest covers: 0 … rows − 1. */
  rows: u32,
  /** Number of examples in the mean loss. */
  divisor: f32,
  /** Dropout on the states that are read: 1/(1 − rate), 0 for none. */
  dropout_scale: f32,
  row: u32,
  depth_begin: u32,
  child_begin: u32,
  children: u32,
  leaf: u32,
  label: u32,
  pair_begin: u32,
  pairs_of: u32,
  row_begin: u32,
  nodes_of: u32,
  /** One bit a unit, ⌈H/32⌉ words a pair. */
  mask: u32,
}

fn word(at: u32) -> u32 { return u32(words[at]); }
fn word_bits(at: u32) -> u32 { return bitcast<u32>(words[at]); }

fn forest_at(at: u32) -> Forest {
  return Forest(
    word(at), word(at + 1u), word(at + 2u), word(at + 3u), f32(words[at + 4u]),
    bitcast<f32>(words[at + 15u]), at + word(at + 5u), at + word(at + 6u), at + word(at + 7u), at + word(at + 8u), at + word(at + 9u),
    at + word(at + 10u), at + word(at + 11u), at + word(at + 12u), at + word(at + 13u), at + word(at + 14u),
    at + word(at + 16u),
  );
}

/** Planes [nodes, H] of a layer's activations. DGI and DGH are [nodes, 3H]. Mirrors memory-plan.ts. */
const R: u32 = 0u;
const Z: u32 = 1u;
const N: u32 = 2u;
const GHN: u32 = 3u;
const STATE: u32 = 4u;
const BEFORE: u32 = 5u;
const D_STATE: u32 = 6u;
const DGI: u32 = 7u;
const DGH: u32 = 10u;
const PLANES: u32 = 13u;
/** Planes of a layer's tangents; R … BEFORE have the same order as above. */
const TANGENT_D_STATE: u32 = 6u;
const TANGENT_PLANES: u32 = 7u;

/** Activations: X [nodes, E], the layers' planes, then of the output layer P and DL [pairs, items] and HL [pairs, H]. */
fn layer_planes(f: Forest, act: u32, layer: u32) -> u32 {
  return act + f.nodes * (shape.embedding + layer * PLANES * shape.hidden);
}
fn plane(f: Forest, planes: u32, index: u32) -> u32 { return planes + index * f.nodes * shape.hidden; }
fn probabilities(f: Forest, act: u32) -> u32 { return layer_planes(f, act, shape.layers); }
fn d_logits(f: Forest, act: u32) -> u32 { return probabilities(f, act) + f.pairs * shape.items; }
fn last_states(f: Forest, act: u32) -> u32 { return d_logits(f, act) + f.pairs * shape.items; }
/** The input of layer \`layer\`: the embedding rows, or the states of the layer below. */
fn layer_input(f: Forest, act: u32, layer: u32) -> u32 {
  if (layer == 0u) { return act; }
  return plane(f, layer_planes(f, act, layer - 1u), STATE);
}

/** Scratch memory: gates [nodes, 3H] twice, two [nodes, ·], [pairs, H]; then the tangents. */
fn scratch_gi() -> u32 { return scratch; }
fn scratch_gh(f: Forest) -> u32 { return scratch + f.nodes * shape.gates; }
fn scratch_back(f: Forest) -> u32 { return scratch_gh(f) + f.nodes * shape.gates; }
fn scratch_dx(f: Forest) -> u32 { return scratch_back(f) + f.nodes * shape.hidden; }
fn scratch_last(f: Forest) -> u32 { return scratch_dx(f) + f.nodes * shape.embedding; }
fn tangent_x(f: Forest) -> u32 { return scratch_last(f) + f.pairs * shape.hidden; }
fn tangent_planes(f: Forest, layer: u32) -> u32 {
  return tangent_x(f) + f.nodes * (shape.embedding + layer * TANGENT_PLANES * shape.hidden);
}
fn tangent_last(f: Forest) -> u32 { return tangent_planes(f, shape.layers); }
fn tangent_logits(f: Forest) -> u32 { return tangent_last(f) + f.pairs * shape.hidden; }
fn tangent_input(f: Forest, layer: u32) -> u32 {
  if (layer == 0u) { return tangent_x(f); }
  return plane(f, tangent_planes(f, layer - 1u), STATE);
}
`;
