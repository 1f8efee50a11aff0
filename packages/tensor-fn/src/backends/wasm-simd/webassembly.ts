/** A memory that modules can share. */
export interface WasmMemory {
  readonly buffer: ArrayBufferLike;
}

/** The part of the WebAssembly interface that is used here; TypeScript knows it only together with a browser's. */
interface WebAssemblyInterface {
  validate(bytes: Uint8Array): boolean;
  readonly Memory: abstract new (...never: never[]) => WasmMemory;
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object, imports: object) => { readonly exports: object };
}

export const webAssembly = (globalThis as unknown as { WebAssembly: WebAssemblyInterface }).WebAssembly;
