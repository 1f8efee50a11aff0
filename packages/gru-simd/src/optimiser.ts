import type { AdamStep, TrainedVector } from "@kshot/contract";
import { bytesOf } from "./bytes-of.js";
import { hex } from "./wasm/optimiser.js";

/** Exports of assembly/optimiser; `n` is the padded number of values. */
interface OptimiserExports {
  firstMoment(n: number): number;
  secondMoment(n: number): number;
  parameters(n: number): number;
  gradient(n: number): number;
  bytes(n: number): number;
  step(n: number, begin: number, end: number, ...numbers: number[]): void;
  clamp(n: number, begin: number, end: number, low: number, high: number): void;
  finite(n: number): number;
  scale(n: number, factor: number): void;
}

/** One trained vector: its own memory, which threads share, and the optimiser's module on it. */
export interface OptimisedVector {
  readonly id: number;
  readonly memory: WebAssembly.Memory;
  /** Values, padded to a multiple of 16; the padding is zero and stays so. */
  readonly padded: number;
  readonly run: OptimiserExports;
}

const page = 65536;

/** The optimiser's module; undefined if the runtime has no shared WebAssembly memory, or compiles no bytes. */
export function compileOptimiser(): WebAssembly.Module | undefined {
  try {
    return new WebAssembly.Module(bytesOf(hex));
  } catch {
    return undefined;
  }
}

/** The optimiser on an existing memory, made by another thread. */
export function optimiserOn(module: WebAssembly.Module, memory: WebAssembly.Memory): OptimiserExports {
  return new WebAssembly.Instance(module, { env: { memory } }).exports as unknown as OptimiserExports;
}

/** Updates the values begin … end − 1. */
export function stepRange(run: OptimiserExports, padded: number, begin: number, end: number, step: AdamStep): void {
  const { meanKept, meanNew, squareKept, squareNew, decay, stepSize, rootCorrection, epsilon } = step;
  const numbers = [meanKept, meanNew, squareKept, squareNew, decay, stepSize, rootCorrection, epsilon];
  run.step(padded, begin, end, ...numbers);
}

/** Makes the vectors of `Optimiser`, and finds their memory. */
export class TrainedVectors {
  private readonly optimised = new WeakMap<Float32Array, OptimisedVector>();
  private made = 0;

  constructor(
    private readonly module: WebAssembly.Module,
    private readonly size: number,
  ) {}

  make(): TrainedVector {
    const { size } = this;
    const padded = Math.ceil(size / 16) * 16;
    // 24 bytes per value, and the page below the first.
    const pages = Math.ceil((24 * padded) / page) + 1;
    const memory = new WebAssembly.Memory({ initial: pages, maximum: pages, shared: true });
    const run = optimiserOn(this.module, memory);
    const { buffer } = memory;
    const gradient = new Float32Array(buffer, run.gradient(padded), size);
    this.optimised.set(gradient, { id: ++this.made, memory, padded, run });
    return {
      parameters: new Float32Array(buffer, run.parameters(padded), size),
      gradient,
      firstMoment: new Float64Array(buffer, run.firstMoment(padded), size),
      secondMoment: new Float64Array(buffer, run.secondMoment(padded), size),
    };
  }

  /** The trained vector of a gradient; undefined for any other vector. */
  behind(gradient: Float32Array): OptimisedVector | undefined {
    return this.optimised.get(gradient);
  }
}
