import type { Engine, Readout } from "@kshot/contract";
import { KshotError, usageError } from "@kshot/contract";
import type { Config } from "@kshot/contract/schemas";
import { type GruConfig, gruConfig } from "@kshot/gru-layout";
import { createSimdEngine, simdBuilds } from "@kshot/gru-simd";
import type { BackendName } from "@kshot/tensor-fn";

/** The part of a configuration that says what computes. */
export type EngineChoice = Pick<Config, "engine" | "device" | "backend" | "build" | "workers">;

/** The GRU's shape for a vocabulary of `nItems`, from the configuration file's names. */
export function modelShape(config: Pick<Config, "gru_config">, nItems: number): GruConfig {
  const { embedding_dim, hidden_dim, num_layers, dropout, max_seq_len } = config.gru_config;
  return gruConfig({
    nItems,
    embeddingDim: embedding_dim,
    hiddenDim: hidden_dim,
    numLayers: num_layers,
    dropout,
    maxSeqLen: max_seq_len,
  });
}

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
