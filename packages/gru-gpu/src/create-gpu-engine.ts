import { type Mask, usageError } from "@kshot/contract";
import { type GruConfig, gruConfig } from "@kshot/gru-layout";
import { type GpuThreads, SharedDevice } from "./device/shared-device.js";
import { GpuEngine } from "./gpu-engine.js";
import { Card } from "./run/card.js";

/** Options of a GPU engine. */
export interface GpuEngineOptions {
  readonly config: GruConfig;
  /** The state that the output layer reads if `batch` has no option for it; default: the carried state. */
  readonly mask?: Mask;
  /** Compute on a software adapter, which is slower than the SIMD engine; without it such an adapter is refused. */
  readonly software?: boolean;
  /** Threads of a workgroup: default: 256 on a graphics card; 64 in software, where each thread adds time. */
  readonly threads?: GpuThreads;
  /**
   * Largest number of bytes for the tasks of one dispatch, at least 2²⁰; default: the adapter's limit. More tasks are computed in
   * rounds.
   */
  readonly memoryBytes?: number;
}

/**
 * The GRU recommender as an `Engine<Pairs>` on WebGPU, differentiated by the formulas of docs/math.md.
 *
 * Parameters are flat `Float32Array`s in the order of `gruParameterLayout(config)`. Engines of a process share one device; calls
 * run one after the other. Sums are computed in a fixed order: on one device the same call gives the same bits. Dispose it: the
 * process does not end before the device, which is freed with the last engine.
 *
 * @throws `USAGE` for an invalid configuration or option, or without WebGPU; `FAILED`, naming what is missing, without an adapter
 * or if a kernel does not compile.
 * @example
 * ```js
 * import { createGpuEngine } from "@kshot/gru-gpu";
 * import { gruConfig, initialParameters } from "@kshot/gru-layout";
 *
 * const config = gruConfig({ nItems: 20, embeddingDim: 8, hiddenDim: 16 });
 * // Without a graphics card the error names the missing part.
 * const engine = await createGpuEngine({ config }).catch((error) => console.error(error.message));
 * if (engine) {
 *   const support = engine.batch({ sequences: [[3], [3, 7]], labels: [7, 1] });
 *   const { losses } = await engine.gradients([initialParameters(config, 42)], [support]);
 *   console.error(losses[0], engine.adapter.name);
 *   engine.dispose();
 * }
 * ```
 */
export async function createGpuEngine(options: GpuEngineOptions): Promise<GpuEngine> {
  const { mask = "carry", software = false, memoryBytes = Number.POSITIVE_INFINITY } = options;
  const config = gruConfig(options.config);
  if (!(memoryBytes >= 2 ** 20)) {
    throw usageError({ where: "GPU engine, memoryBytes", found: `${memoryBytes}`, expected: "1048576 or more" });
  }
  const threads = options.threads ?? (software ? 64 : 256);
  if (![64, 128, 256].includes(threads)) {
    throw usageError({ where: "GPU engine, threads", found: `${threads}`, expected: "64, 128 or 256" });
  }
  const shared = await SharedDevice.acquire({ software, threads });
  try {
    return new GpuEngine(config, mask, new Card(shared, await shared.compiled(), config, memoryBytes));
  } catch (error) {
    shared.release();
    throw error;
  }
}
