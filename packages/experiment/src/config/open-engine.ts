import type { Engine, Readout } from "@kshot/contract";
import { KshotError } from "@kshot/contract";
import type { GruConfig } from "@kshot/gru-layout";
import { createSimdEngine, simdBuilds } from "@kshot/gru-simd";
import type { BackendName } from "@kshot/tensor-fn";
import { chooseEngine, type EngineChoice } from "./choose-engine.js";

/** With the build of the SIMD engine that this runtime chooses, so that a run goes on with the one it began with. */
export function withBuild<C extends EngineChoice>(config: C): C {
  const [build] = simdBuilds();
  if (config.build !== undefined || build === undefined || chooseEngine(config) === "tensor") return config;
  return { ...config, build };
}

/**
 * Refuses what this machine cannot compute on; called before anything is written.
 *
 * @throws what `chooseEngine` throws; for a GPU also `USAGE` where the optional package is not installed, `FAILED` where it is of another
 * version, does not load, or finds no GPU.
 */
export async function requireDevice(config: EngineChoice): Promise<void> {
  chooseEngine(config);
  if (config.device !== "gpu") return;
  const { useGpu } = await import("@kshot/tensor-fn");
  try {
    await useGpu();
  } catch (cause) {
    if (!KshotError.isInstance(cause)) throw cause;
    throw new KshotError(cause.code, { ...cause.parts, where: "--device gpu", cause });
  }
}

/** Starts the engine that a configuration asks for; the caller disposes it. */
export async function openEngine(config: EngineChoice, shape: GruConfig, readout: Readout): Promise<Engine> {
  await requireDevice(config);
  if (chooseEngine(config) === "simd") {
    return createSimdEngine({
      config: shape,
      readout,
      ...(config.build === undefined ? {} : { build: config.build }),
      ...(config.workers === undefined ? {} : { workers: config.workers }),
    });
  }
  // TensorFlow.js takes half a second and 30 MB to load, which nobody else should pay for.
  const { createTensorEngine } = await import("@kshot/gru");
  return createTensorEngine({ config: shape, readout, backend: tensorBackend(config) });
}

function tensorBackend({ device, backend }: EngineChoice): BackendName {
  return device === "gpu" ? "tensorflow" : (backend ?? "wasm");
}
