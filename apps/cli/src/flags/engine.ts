import { optional, optionalWords } from "./flag.js";
import { wholeNumber } from "./parsers.js";

const devices = ["cpu", "gpu", "gpu-software", "cuda"] as const;

/** The flags that choose the engine. */
export const deviceFlag = optionalWords(
  devices,
  "Device of the computation; gpu: a card through WebGPU; gpu-software: WebGPU on the processor, slow; cuda: TensorFlow on an NVIDIA card",
  "cpu",
);

/** Flags of every command that computes. */
export interface EngineFlags {
  readonly engine?: "auto" | "simd" | "tensor";
  readonly device?: (typeof devices)[number];
  readonly backend?: "cpu" | "wasm";
  readonly build?: "simd" | "relaxed-simd";
  readonly workers?: number;
  readonly gpuMemory?: number;
}

/** Definitions of the flags that choose an engine; `chooseEngine` in `experiment` resolves their combination. */
export const engineFlags = {
  engine: optionalWords(
    ["auto", "simd", "tensor"],
    "What computes",
    "auto: simd; WebGPU with --device gpu; tensor with --device cuda or --backend",
  ),
  device: deviceFlag,
  backend: optionalWords(["cpu", "wasm"], "TensorFlow.js backend of the tensor engine on the processor", "wasm"),
  build: optionalWords(
    ["simd", "relaxed-simd"],
    "WebAssembly build of the simd engine",
    "the fastest that this Node runs",
  ),
  workers: optional(
    "N",
    wholeNumber(1, 64),
    "Threads of the simd engine; results do not depend on it",
    "one per core, at most 8",
  ),
  gpuMemory: optional(
    "MIB",
    wholeNumber(1, 1048576),
    "Memory on the card for the tasks of one dispatch, where a driver ends long ones; results do not depend on it",
    "the adapter's limit",
  ),
} as const;

/** The engine flags as `experiment` expects them. */
export function engineOptions({ engine, device, backend, build, workers, gpuMemory }: EngineFlags) {
  return { engine: engine ?? "auto", device: device ?? "cpu", backend, build, workers, gpu_memory: gpuMemory } as const;
}
