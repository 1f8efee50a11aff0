import type { Engine, Mask } from "@kshot/contract";
import { KshotError } from "@kshot/contract";
import type { GruConfig } from "@kshot/gru-layout";
import { createSimdEngine, simdBuilds } from "@kshot/gru-simd";
import type { BackendName } from "@kshot/tensor-fn";
import { chooseEngine, type EngineChoice } from "./choose-engine.js";

/** Adds the build of the SIMD engine that this runtime chooses, so that a resumed run uses the same build. */
export function withBuild<C extends EngineChoice>(config: C): C {
  const [build] = simdBuilds();
  if (config.build !== undefined || build === undefined || chooseEngine(config) !== "simd") return config;
  return { ...config, build };
}

/**
 * Refuses a device that this machine does not have; called before the first write.
 *
 * @throws as `chooseEngine`; for a GPU also `USAGE` if the optional package is not installed, `FAILED` if it is of another
 * version, does not load, or finds no GPU.
 */
export async function requireDevice(config: EngineChoice): Promise<void> {
  const engine = chooseEngine(config);
  if (config.device === "cpu") return;
  await named(config, async () => {
    if (engine === "gpu") {
      const { requireGpu } = await import("@kshot/gru-gpu");
      await requireGpu({ software: config.device === "gpu-software" });
    } else {
      const { useGpu } = await import("@kshot/tensor-fn");
      await useGpu();
    }
  });
}

/**
 * Starts the engine of a configuration; the caller disposes it.
 *
 * @param callerComputes whether the calling thread is one of the workers: for programs that wait for the engine only
 */
export async function openEngine(
  config: EngineChoice,
  shape: GruConfig,
  mask: Mask,
  { callerComputes = false } = {},
): Promise<Engine> {
  await requireDevice(config);
  switch (chooseEngine(config)) {
    case "simd":
      return createSimdEngine({
        config: shape,
        mask,
        callerComputes,
        ...(config.build === undefined ? {} : { build: config.build }),
        ...(config.workers === undefined ? {} : { workers: config.workers }),
      });
    case "gpu": {
      const { createGpuEngine } = await import("@kshot/gru-gpu");
      const software = config.device === "gpu-software";
      // Its errors name adapter and limits; the device was asked for above, under the flag's name.
      const memory = config.gpu_memory === undefined ? {} : { memoryBytes: config.gpu_memory * 2 ** 20 };
      return createGpuEngine({ config: shape, mask, software, ...memory });
    }
    case "tensor": {
      // TensorFlow.js takes half a second and 30 MB to load, so it is loaded only for this engine.
      const { createTensorEngine } = await import("@kshot/gru");
      return createTensorEngine({ config: shape, mask, backend: tensorBackend(config) });
    }
  }
}

/** Runs `work` and adds the flag's name to a `KshotError`. */
async function named<T>({ device }: EngineChoice, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    if (!KshotError.isInstance(cause)) throw cause;
    throw new KshotError(cause.code, { ...cause.parts, where: `--device ${device}`, cause });
  }
}

function tensorBackend({ device, backend }: EngineChoice): BackendName {
  return device === "cpu" ? (backend ?? "wasm") : "tensorflow";
}
