import * as tf from "@tensorflow/tfjs-core";
import { copyBlock } from "../copy-block.js";
import type { WasmBackend } from "./webassembly.js";

/** The name under which the slice kernel is registered with TensorFlow.js. */
export const SLICE = "TensorFnSlice";

/** Registers the slice kernel: TensorFlow.js's own copies the *whole* tensor out of the memory for every slice. */
export function registerSlice(): void {
  if (tf.getKernel(SLICE, "wasm") !== undefined) return;
  tf.registerKernel({
    kernelName: SLICE,
    backendName: "wasm",
    kernelFunc({ inputs, backend, attrs }) {
      const { x } = inputs as { x: tf.TensorInfo };
      const { begin, size } = attrs as unknown as { begin: readonly number[]; size: readonly number[] };
      const wasmBackend = backend as WasmBackend;
      const out = wasmBackend.makeOutput(size, "float32");
      // After the allocation, which may move the memory.
      copyBlock(wasmBackend.typedArrayFromHeap(x), x.shape, begin, size, wasmBackend.typedArrayFromHeap(out));
      return out;
    },
  });
}
