import v8 from "node:v8";

/** Enables WebAssembly's multiply-add on Node 20. Its V8 has the instruction behind a flag; since Node 22 it is enabled. */
export function allowMultiplyAdd(): void {
  if (Number.parseInt(process.versions.node, 10) < 22) v8.setFlagsFromString("--experimental-wasm-relaxed-simd");
}
