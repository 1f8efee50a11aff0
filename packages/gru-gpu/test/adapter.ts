import { KshotError } from "@kshot/contract";
import { createGpuEngine, type GpuEngine, type GpuEngineOptions } from "../dist/index.js";

/** KSHOT_GPU=card runs the tests on a card; otherwise they run on a software adapter. */
export const software: boolean = process.env.KSHOT_GPU !== "card";
if (![undefined, "", "card"].includes(process.env.KSHOT_GPU)) {
  throw new Error(`KSHOT_GPU: "${process.env.KSHOT_GPU}". Expected card, or nothing for a software adapter.`);
}

export const open = (options: GpuEngineOptions): Promise<GpuEngine> => createGpuEngine({ ...options, software });

/** Open during a test file, so that its engines share one compilation. Undefined where there is no adapter; a message says so. */
export async function anchor(): Promise<GpuEngine | undefined> {
  try {
    const config = { nItems: 2, embeddingDim: 1, hiddenDim: 1, numLayers: 1, dropout: 0, maxSeqLen: 1 };
    return await open({ config });
  } catch (error) {
    // A card that was asked for, a kernel that does not compile, or an error of another kind must not skip the tests.
    if (!software) throw error;
    if (!KshotError.isInstance(error) || !/finds no|is not installed|only .*computes/.test(error.parts.found))
      throw error;
    console.error(`SKIPPED: ${error.message}`);
    return undefined;
  }
}
