export { type SimdBuild, simdBuilds } from "./build.js";
export { createSimdEngine, type SimdEngineOptions } from "./create-simd-engine.js";
export type { SimdEngine } from "./simd-engine.js";
