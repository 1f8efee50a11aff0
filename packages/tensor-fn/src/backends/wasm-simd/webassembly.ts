import type * as tf from "@tensorflow/tfjs-core";

/** The used parts of TensorFlow.js's wasm backend: its module, and tensors by their address in its memory. */
export interface WasmBackend extends tf.KernelBackend {
  readonly wasm: { readonly asm?: object };
  makeOutput(shape: readonly number[], dtype: "float32"): tf.TensorInfo;
  getMemoryOffset(dataId: object): number;
  typedArrayFromHeap(tensor: tf.TensorInfo): Float32Array;
}

/** A memory that modules can share. */
export interface WasmMemory {
  readonly buffer: ArrayBufferLike;
}

/** The part of the WebAssembly interface that is used here; TypeScript declares it only in the browser's types. */
interface WebAssemblyInterface {
  validate(bytes: Uint8Array): boolean;
  readonly Memory: abstract new (...never: never[]) => WasmMemory;
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object, imports: object) => { readonly exports: object };
}

export const webAssembly = (globalThis as unknown as { WebAssembly: WebAssemblyInterface }).WebAssembly;
