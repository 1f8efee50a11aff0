import { usageError } from "@kshot/contract";
import type { Config } from "@kshot/contract/schemas";

/** The part of a configuration that chooses the engine. */
export type EngineChoice = Pick<Config, "engine" | "device" | "backend" | "build" | "workers" | "gpu_memory">;

/**
 * The engine of a configuration. `auto` is the SIMD engine; the WebGPU engine on `device: gpu` and `gpu-software`; the tensor
 * engine for CUDA or a TensorFlow.js backend. `tensor` on `gpu` also means CUDA.
 *
 * @throws `USAGE` for an invalid combination of device, engine, backend, build and memory of the card.
 */
export function chooseEngine({ engine, device, backend, build, gpu_memory }: EngineChoice): "simd" | "tensor" | "gpu" {
  if (engine === "simd" && device !== "cpu") {
    throw usageError({
      where: `--engine simd --device ${device}`,
      found: "the SIMD engine computes on the processor only",
      expected: `--device ${device} alone, or --device cpu`,
    });
  }
  if (engine === "simd" && backend !== undefined) {
    throw usageError({
      where: `--engine simd --backend ${backend}`,
      found: "the SIMD engine has no TensorFlow.js backend",
      expected: "--engine tensor, or no --backend",
    });
  }
  if (engine === "tensor" && device === "gpu-software") {
    throw usageError({
      where: "--engine tensor --device gpu-software",
      found: "the tensor engine has no WebGPU",
      expected: "--device gpu-software alone, or --engine tensor with --device cpu or cuda",
    });
  }
  if (device !== "cpu" && backend !== undefined) {
    throw usageError({
      where: `--device ${device} --backend ${backend}`,
      found: `${backend} computes on the processor`,
      expected: `--device ${device} alone, or --device cpu`,
    });
  }
  const onWebGpu = device === "gpu" || device === "gpu-software";
  const automatic = onWebGpu ? "gpu" : device === "cuda" || backend !== undefined ? "tensor" : "simd";
  const chosen = engine === "auto" ? automatic : engine;
  if (chosen !== "simd" && build !== undefined) {
    throw usageError({
      where: `--build ${build}`,
      found: `the ${chosen} engine, which has no WebAssembly build`,
      expected: "--engine simd, or no --build",
    });
  }
  if (chosen !== "gpu" && gpu_memory !== undefined) {
    throw usageError({
      where: `--gpu-memory ${gpu_memory}`,
      found: `the ${chosen} engine, which does not compute on WebGPU`,
      expected: "--device gpu or gpu-software, or no --gpu-memory",
    });
  }
  return chosen;
}
