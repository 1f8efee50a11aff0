import type { Engine } from "@kshot/contract";
import type { Config } from "@kshot/contract/schemas";
import { type GruConfig, gruConfig } from "@kshot/gru-layout";
import { createSimdEngine, simdBuilds } from "@kshot/gru-simd";
import { openEngine, requireDevice } from "../config/index.js";

/** An engine with one build, backend or adapter, as `doctor` compares it. */
export interface EngineUnderTest {
  readonly name: "simd" | "tensor" | "gpu";
  /** WebAssembly build, TensorFlow.js backend or WebGPU adapter. */
  readonly backend: string;
  /** Opens the engine for one model. */
  open(config: GruConfig): Promise<Engine>;
  /** Kept open while files are compared, so that an expensive start happens once. */
  readonly hold?: () => Promise<Pick<Engine, "dispose">>;
  /** Description of the device in lines: limits and features of a GPU. */
  readonly about?: readonly string[];
}

/**
 * The engines that compute on a device: on `cpu` every one of this machine.
 *
 * @throws as `requireDevice`, where this machine has no such device
 */
export async function enginesOn(device: Config["device"]): Promise<EngineUnderTest[]> {
  if (device === "cpu") return enginesUnderTest();
  const choice = { engine: "auto", device } as const;
  const open = (config: GruConfig) => openEngine(choice, config, "carry");
  await requireDevice(choice);
  if (device === "cuda") return [{ name: "tensor", backend: "tensorflow", open }];
  const { requireGpu } = await import("@kshot/gru-gpu");
  const { name, limits, features } = await requireGpu({ software: device === "gpu-software" });
  const about = [
    `adapter   ${name}`,
    `limits    ${Object.entries(limits)
      .map(([limit, value]) => `${limit} ${value}`)
      .join(", ")}`,
    `features  ${features.join(", ")}`,
  ];
  // Engines share their device's compiled kernels as long as one of them is open.
  const hold = () => open(gruConfig({ nItems: 2, embeddingDim: 1, hiddenDim: 1 }));
  return [{ name: "gpu", backend: name, open, about, hold }];
}

/** Every engine of this machine's processor: the SIMD builds that its runtime loads, then the tensor engine on each installed backend. */
export async function enginesUnderTest(): Promise<EngineUnderTest[]> {
  const { backendInstalled, backendNames } = await import("@kshot/tensor-fn");
  return [
    ...simdBuilds().map(
      (build): EngineUnderTest => ({
        name: "simd",
        backend: build,
        open: (config) => createSimdEngine({ config, build }),
      }),
    ),
    ...backendNames.filter(backendInstalled).map(
      (backend): EngineUnderTest => ({
        name: "tensor",
        backend,
        open: async (config) => (await import("@kshot/gru")).createTensorEngine({ config, backend }),
      }),
    ),
  ];
}
