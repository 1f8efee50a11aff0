import type * as tf from "@tensorflow/tfjs-core";

/** What is used of TensorFlow.js's wasm backend: its module, and tensors by their place in its memory. */
export interface WasmBackend extends tf.KernelBackend {
  readonly wasm: { readonly asm?: object };
  makeOutput(shape: readonly number[], dtype: "float32"): tf.TensorInfo;
  getMemoryOffset(dataId: object): number;
  typedArrayFromHeap(tensor: tf.TensorInfo): Float32Array;
}
