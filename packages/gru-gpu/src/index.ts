export { createGpuEngine, type GpuEngineOptions } from "./create-gpu-engine.js";
export type { GpuAdapterDescription } from "./device/open-device.js";
export type { GpuThreads } from "./device/shared-device.js";
export type { GpuEngine } from "./gpu-engine.js";
export { requireGpu } from "./require-gpu.js";
export type { GpuCounts } from "./run/card.js";
