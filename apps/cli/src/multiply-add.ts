import v8 from "node:v8";

/** Lets Node 20 run WebAssembly's multiply-add. Its V8 has the instruction behind a flag; from Node 22 on it is on. */
export function allowMultiplyAdd(): void {
  if (Number.parseInt(process.versions.node, 10) < 22) v8.setFlagsFromString("--experimental-wasm-relaxed-simd");
}
