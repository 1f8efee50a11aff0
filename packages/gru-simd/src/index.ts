export { type SimdBuild, simdBuilds } from "./build.js";
export { createSimdEngine, type SimdEngineOptions } from "./create-simd-engine.js";
export type { MakeWorker } from "./pool/threads.js";
export type { SimdEngine } from "./simd-engine.js";
export type { SimdWarning } from "./warning.js";
