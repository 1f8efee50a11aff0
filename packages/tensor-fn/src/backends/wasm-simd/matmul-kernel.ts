import * as tf from "@tensorflow/tfjs-core";
import { instantiateMatMul } from "./matmul.js";
import { type WasmBackend, webAssembly } from "./webassembly.js";

/** The name under which the matrix kernel is registered with TensorFlow.js. */
export const MATMUL = "TensorFnBatchMatMul";

/** Registers the matrix kernel on a wasm backend; false if its memory or SIMD is not available. */
export function registerMatMul({ wasm }: WasmBackend): boolean {
  if (tf.getKernel(MATMUL, "wasm") !== undefined) return true;
  // The memory is one of the exports, under a minified name.
  const memory = Object.values(wasm.asm ?? {}).find((value) => value instanceof webAssembly.Memory);
  const kernels = memory === undefined ? null : instantiateMatMul(memory);
  if (kernels === null) return false;
  tf.registerKernel({
    kernelName: MATMUL,
    backendName: "wasm",
    kernelFunc({ inputs, backend, attrs }) {
      const { a, b } = inputs as { a: tf.TensorInfo; b: tf.TensorInfo };
      const { transposeA, transposeB } = attrs as { transposeA: boolean; transposeB: boolean };
      const wasmBackend = backend as WasmBackend;
      const [aRows, aColumns] = a.shape.slice(-2);
      const [bRows, bColumns] = b.shape.slice(-2);
      const [m, k] = transposeA ? [aColumns, aRows] : [aRows, aColumns];
      const n = transposeB ? bRows : bColumns;
      const batch = a.shape.length === 3 ? a.shape[0] : 1;
      const out = wasmBackend.makeOutput([...a.shape.slice(0, -2), m, n], "float32");
      const [pa, pb, pc] = [a, b, out].map(({ dataId }) => wasmBackend.getMemoryOffset(dataId));
      for (let t = 0; t < batch; t++) {
        const [ta, tb, tc] = [pa + 4 * t * m * k, pb + 4 * t * k * n, pc + 4 * t * m * n];
        if (transposeB) kernels.dots(ta, tb, tc, m, k, n);
        else kernels.rows(ta, tb, tc, m, k, n, transposeA ? 4 : 4 * k, transposeA ? 4 * m : 4);
      }
      return out;
    },
  });
  return true;
}
