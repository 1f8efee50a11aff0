import { failedError, type ParameterVector } from "@kshot/contract";
import { type GruConfig, gruParameterLayout } from "@kshot/gru-layout";

/** Exports of assembly/index.ts; pointers are byte offsets into `memory`. */
interface KernelExports {
  readonly memory: WebAssembly.Memory;
  configure(nItems: number, embeddingDim: number, hiddenDim: number, numLayers: number): void;
  rowFloats(): number;
  exchangeBuffer(): number;
  exchangeFloats(): number;
  loadTheta(): number;
  loadAlpha(): number;
  storeTheta(): void;
  storeDTheta(): void;
  storeDAlpha(): void;
  storeLast(): void;
  totalVector(): number;
  addToTotal(): void;
  addDThetaToTotal(): void;
  addDAlphaToTotal(): void;
  clearSums(): void;
  allocate(bytes: number): number;
  /** Keeps what is allocated until `release(true)`. */
  hold(): void;
  release(all: boolean): void;
  scatterRows(table: number, rows: number, index: number, m: number): void;
  logits(forest: number, embedding: number, out: number): void;
  gradient(forest: number, embedding: number, dEmbedding: number, add: boolean, gi: number, places: number): number;
  inputGates(embedding: number, rows: number): number;
  hessianVectorProduct(forest: number, embedding: number, uEmbedding: number, out: number): number;
  adapt(forest: number, embedding: number, alphaEmbedding: number, steps: number, clip: number): number;
  taskMetaGradient(
    support: number,
    query: number,
    match: number,
    thetaSupport: number,
    alphaSupport: number,
    thetaQuery: number,
    dThetaSupport: number,
    dAlphaSupport: number,
    dQuery: number,
    steps: number,
    order: number,
    clip: number,
  ): number;
}

/** Limit of a WebAssembly memory: 4 GiB. */
const addressable = 2 ** 32;
/** Vectors without embedding that a kernel always holds: see assembly/vectors.ts. */
const vectorsHeld = 6;

/** Widths are padded: see assembly/shape.ts. */
function padded(width: number): number {
  return Math.ceil(width / 8) * 8;
}

/** Floats of a padded vector without its embedding. */
function denseFloats({ nItems, embeddingDim, hiddenDim, numLayers }: GruConfig): number {
  const hidden = padded(hiddenDim);
  const layer = (input: number) => 3 * hidden * (input + hidden + 2);
  return layer(padded(embeddingDim)) + (numLayers - 1) * layer(hidden) + padded(nItems) * (hidden + 1);
}

/**
 * One instance of the WebAssembly module with its own memory, which grows to the size of the largest task and is kept.
 *
 * A vector without its embedding (`dense`) is written and read through one exchange buffer; of the embedding only the rows of the
 * current items are copied.
 */
export class Kernel {
  readonly run: KernelExports;
  /** Number of values of the embedding, which is the offset of `dense` in the caller's vectors. */
  readonly embeddingSize: number;
  /** Bytes of the widest row that a node or a pair has. */
  private readonly rowBytes: number;
  private readonly embeddingDim: number;
  private readonly rowFloats: number;
  private readonly exchangeBegin: number;
  private readonly totalBegin: number;
  private floats: Float32Array;

  private constructor(run: KernelExports, config: GruConfig) {
    this.run = run;
    this.rowBytes = 4 * Math.max(padded(config.nItems), 3 * padded(config.hiddenDim));
    // The kernels count bytes in 32 bits, so larger sizes are refused here.
    const bytes = vectorsHeld * denseFloats(config) * 4;
    if (bytes >= addressable) outOfMemory(bytes);
    run.configure(config.nItems, config.embeddingDim, config.hiddenDim, config.numLayers);
    this.embeddingSize = gruParameterLayout(config).tensors[0].size;
    this.embeddingDim = config.embeddingDim;
    this.rowFloats = run.rowFloats();
    this.exchangeBegin = run.exchangeBuffer() / 4;
    this.totalBegin = run.totalVector() / 4;
    this.floats = new Float32Array(run.memory.buffer);
  }

  /** @throws `FAILED` if the model does not fit into WebAssembly's memory. */
  static async create(module: WebAssembly.Module, config: GruConfig): Promise<Kernel> {
    const instance = await WebAssembly.instantiate(module, { host: { outOfMemory } });
    return new Kernel(instance.exports as unknown as KernelExports, config);
  }

  /** All memory. Call it again after every call that can grow the memory. */
  memory(): Float32Array {
    const { buffer } = this.run.memory;
    if (this.floats.buffer !== buffer) this.floats = new Float32Array(buffer);
    return this.floats;
  }

  /** The exchange buffer: a dense vector in the caller's order. */
  exchange(): Float32Array {
    return this.memory().subarray(this.exchangeBegin, this.exchangeBegin + this.run.exchangeFloats());
  }

  /** Writes a vector's dense part to the exchange buffer. */
  writeExchange(vector: ParameterVector): void {
    this.memory().set(vector.subarray(this.embeddingSize), this.exchangeBegin);
  }

  /** Adds another vector's dense part to that of a vector. */
  addDense(vector: Float32Array, other: Float32Array): void {
    this.writeExchange(other);
    this.addToDense(vector, () => this.run.addToTotal());
  }

  /** A result of the call, dθ or dα, is added to a vector's dense part, or replaces it. */
  moveResult(result: "dTheta" | "dAlpha", vector: Float32Array, { replace }: { readonly replace: boolean }): void {
    const { run } = this;
    if (replace) {
      if (result === "dTheta") run.storeDTheta();
      else run.storeDAlpha();
      vector.set(this.exchange(), this.embeddingSize);
    } else this.addToDense(vector, () => (result === "dTheta" ? run.addDThetaToTotal() : run.addDAlphaToTotal()));
  }

  /** In WebAssembly: copying a vector there and back is faster than a loop in JavaScript. */
  private addToDense(vector: Float32Array, add: () => void): void {
    const { embeddingSize, totalBegin } = this;
    this.memory().set(vector.subarray(embeddingSize), totalBegin);
    add();
    vector.set(this.memory().subarray(totalBegin, totalBegin + this.run.exchangeFloats()), embeddingSize);
  }

  /** An encoded forest. @throws `FAILED` for one whose activations cannot be addressed. */
  forest(encoded: Int32Array): number {
    const [nodes, , pairs] = encoded;
    const bytes = Math.max(nodes, pairs) * this.rowBytes;
    if (bytes >= addressable) outOfMemory(bytes);
    return this.words(encoded);
  }

  /** Memory for floats. @throws `FAILED` for more than can be addressed. */
  allocate(floats: number): number {
    // A pointer has 32 bits: a larger number would be taken for a small one.
    if (floats * 4 >= addressable) outOfMemory(floats * 4);
    return this.run.allocate(floats * 4);
  }

  words(values: Int32Array): number {
    const at = this.allocate(values.length);
    new Int32Array(this.run.memory.buffer, at, values.length).set(values);
    return at;
  }

  /** Memory for one embedding row per item, zero. */
  emptyRows(rows: number): number {
    const length = rows * this.rowFloats;
    const at = this.allocate(length);
    this.memory().fill(0, at / 4, at / 4 + length);
    return at;
  }

  /** A vector's embedding rows of `items`. */
  rows(vector: ParameterVector, items: Int32Array): number {
    const { embeddingDim, rowFloats } = this;
    const at = this.emptyRows(items.length);
    const memory = this.memory();
    for (let i = 0; i < items.length; i++) {
      const begin = items[i] * embeddingDim;
      memory.set(vector.subarray(begin, begin + embeddingDim), at / 4 + i * rowFloats);
    }
    return at;
  }

  /** Copies one row over another. */
  copyRow(from: number, fromRow: number, to: number, toRow: number): void {
    const { rowFloats } = this;
    const begin = from / 4 + fromRow * rowFloats;
    this.memory().copyWithin(to / 4 + toRow * rowFloats, begin, begin + rowFloats);
  }

  /** Adds rows to a vector's embedding. */
  addRows(vector: Float32Array, items: ArrayLike<number>, at: number): void {
    const { embeddingDim, rowFloats } = this;
    const memory = this.memory();
    for (let i = 0; i < items.length; i++) {
      const to = items[i] * embeddingDim;
      const from = at / 4 + i * rowFloats;
      for (let j = 0; j < embeddingDim; j++) vector[to + j] += memory[from + j];
    }
  }

  /** Writes rows over a vector's embedding. */
  setRows(vector: Float32Array, items: Int32Array, at: number): void {
    const { embeddingDim, rowFloats } = this;
    const memory = this.memory();
    for (let i = 0; i < items.length; i++) {
      const from = at / 4 + i * rowFloats;
      vector.set(memory.subarray(from, from + embeddingDim), items[i] * embeddingDim);
    }
  }
}

function outOfMemory(bytes: number): never {
  throw failedError({
    where: "SIMD engine",
    found: `a task needs ${Math.ceil(bytes / 2 ** 20)} MiB`,
    expected: "at most 4096 MiB, the limit of WebAssembly, or less if the machine has less",
    todo: "Use fewer items or hidden units, fewer inner steps, or shorter histories",
  });
}
