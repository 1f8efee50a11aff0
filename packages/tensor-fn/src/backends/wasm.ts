import { createRequire } from "node:module";
import { dirname, join, sep } from "node:path";
import { setWasmPaths } from "@tensorflow/tfjs-backend-wasm";
import * as tf from "@tensorflow/tfjs-core";
import { runKernel } from "../kernels.js";
import type { Backend } from "./backend.js";
import { MATMUL, registerMatMul } from "./wasm-simd/matmul-kernel.js";
import { registerSlice, SLICE } from "./wasm-simd/slice-kernel.js";
import type { WasmBackend } from "./wasm-simd/webassembly.js";

/**
 * WebAssembly with SIMD, one thread: the threaded build needs browser workers. Its binary is read from node_modules.
 *
 * This package replaces two kernels that are slow in TensorFlow.js and that a recurrent network uses most.
 */
export async function load(): Promise<Backend> {
  tf.env().set("WASM_HAS_MULTITHREAD_SUPPORT", false);
  const manifest = createRequire(import.meta.url).resolve("@tensorflow/tfjs-backend-wasm/package.json");
  setWasmPaths(join(dirname(manifest), "dist") + sep);
  await tf.setBackend("wasm");
  registerSlice();
  const kernel = registerMatMul(tf.backend() as WasmBackend) ? MATMUL : tf.BatchMatMul;
  return {
    name: "wasm",
    device: "cpu",
    slice: (x, begin, size) => runKernel(SLICE, { x }, { begin, size }),
    matMul(a, b, transposeA, transposeB) {
      if (!(transposeA && transposeB)) return runKernel(kernel, { a, b }, { transposeA, transposeB });
      // Neither kernel supports this case, and it is rare.
      return tf.tidy(() => {
        const perm = b.shape.length === 2 ? [1, 0] : [0, 2, 1];
        const turned = runKernel(tf.Transpose, { x: b }, { perm });
        return runKernel(kernel, { a, b: turned }, { transposeA, transposeB: false });
      });
    },
  };
}
