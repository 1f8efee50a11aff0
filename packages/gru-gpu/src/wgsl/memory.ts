/**
 * Memory of a workgroup. `words`: forests and programs, read only, so that loops over them are uniform and may contain barriers;
 * `vectors`: θ and directions in the host's order; `work`: each workgroup's own part; `losses`: read back by the host.
 */
export const memoryWgsl = /* wgsl */ `
@group(0) @binding(1) var<storage, read> words: array<i32>;
@group(0) @binding(2) var<storage, read> vectors: array<f32>;
@group(0) @binding(3) var<storage, read> alpha: array<f32>;
@group(0) @binding(4) var<storage, read_write> work: array<f32>;
@group(0) @binding(5) var<storage, read_write> losses: array<f32>;

/** Rows of a matrix product's left side, four interleaved; then sums of a reduction. */
var<workgroup> staged: array<vec4f, THREADS>;
/** One partial sum per thread. */
var<workgroup> part: array<vec4f, THREADS>;
/** 64 × 16 or 32 × 32 values of a matrix; one more column, so that neighbours are in different banks. */
var<workgroup> tile: array<f32, 1088>;

var<private> thread: u32;
/** Embedding rows of this workgroup's vectors, and the list of their items in \`words\`. */
var<private> vector_rows: u32;
var<private> row_items: u32;
/** Offsets of this workgroup's scratch memory and of its transposed copies of θ and u in \`work\`. */
var<private> scratch: u32;
var<private> transposed: u32;
var<private> transposed_tangent: u32;

/** Offset of the rest of a vector, after this workgroup's embedding rows. */
fn rest_of(vector: u32) -> u32 { return vector + vector_rows * shape.embedding; }
`;
