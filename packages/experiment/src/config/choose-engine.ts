import { usageError } from "@kshot/contract";
import type { Config } from "@kshot/contract/schemas";

/** The part of a configuration that says what computes. */
export type EngineChoice = Pick<Config, "engine" | "device" | "backend" | "build" | "workers">;

/**
 * The engine that a configuration means: `auto` is the SIMD engine, or the tensor engine where a GPU or a TensorFlow.js backend is
 * asked for, which only that one has.
 *
 * @throws a `USAGE` error for a device, engine, backend and build that do not go together.
 */
export function chooseEngine({ engine, device, backend, build }: EngineChoice): "simd" | "tensor" {
  if (engine === "simd" && device === "gpu") {
    throw usageError({
      where: "--engine simd --device gpu",
      found: "the SIMD engine computes on the processor only",
      expected: "--engine tensor with --device gpu, or --device cpu",
    });
  }
  if (engine === "simd" && backend !== undefined) {
    throw usageError({
      where: `--engine simd --backend ${backend}`,
      found: "the SIMD engine has no TensorFlow.js backend",
      expected: "--engine tensor, or no --backend",
    });
  }
  if (device === "gpu" && backend !== undefined) {
    throw usageError({
      where: `--device gpu --backend ${backend}`,
      found: `${backend} computes on the processor`,
      expected: "--device gpu alone, or --device cpu",
    });
  }
  const chosen = engine !== "auto" ? engine : device === "gpu" || backend !== undefined ? "tensor" : "simd";
  if (chosen === "tensor" && build !== undefined) {
    throw usageError({
      where: `--build ${build}`,
      found: "the tensor engine, which has no WebAssembly build of its own",
      expected: "--engine simd, or no --build",
    });
  }
  return chosen;
}
