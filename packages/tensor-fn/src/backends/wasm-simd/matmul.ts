import { assemble } from "./assembler.js";
import { dotsKernel } from "./dots-kernel.js";
import { rowsKernel } from "./rows-kernel.js";
import { type WasmMemory, webAssembly } from "./webassembly.js";

/** The matrix kernels: pointers and strides in bytes, sizes in elements. */
export interface MatMulKernels {
  /** C[m, n] = A[m, k] · B[k, n], B and C row-major; A(i, p) at `a + i · rowStride + p · columnStride`, so A may be transposed. */
  rows(a: number, b: number, c: number, m: number, k: number, n: number, rowStride: number, columnStride: number): void;
  /** C[m, n] = A[m, k] · B[n, k]ᵀ, all row-major. */
  dots(a: number, b: number, c: number, m: number, k: number, n: number): void;
}

/**
 * The kernels, on the memory of the TensorFlow.js backend, without copies. Null where SIMD is missing.
 *
 * Each keeps a tile of C in registers over the whole inner product. TensorFlow.js's own BatchMatMul runs a scalar loop
 * for more than one batch or any transposition, and packs the right side at great cost.
 */
export function instantiateMatMul(memory: WasmMemory): MatMulKernels | null {
  const bytes = assemble([rowsKernel(), dotsKernel()]);
  if (!webAssembly.validate(bytes)) return null;
  const { exports } = new webAssembly.Instance(new webAssembly.Module(bytes), { env: { memory } });
  return exports as MatMulKernels;
}
