import type { Engine } from "@kshot/contract";
import type { GruConfig } from "@kshot/gru-layout";
import { createSimdEngine, simdBuilds } from "@kshot/gru-simd";

/** An engine in one of its forms, as `doctor` compares it. */
export interface EngineUnderTest {
  readonly name: "simd" | "tensor";
  /** WebAssembly build or TensorFlow.js backend. */
  readonly backend: string;
  open(config: GruConfig): Promise<Engine>;
}

/** Every engine of this machine: the SIMD builds that its runtime loads, then the tensor engine on each installed backend. */
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
