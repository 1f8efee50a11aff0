import { messageOf } from "@kshot/contract";
import { notCompiled } from "../device/gpu-errors.js";
import type { GpuAdapterDescription } from "../device/open-device.js";
import { adamWgsl } from "../wgsl/adam.js";
import { embeddingWgsl } from "../wgsl/embedding.js";
import { forestWgsl } from "../wgsl/forest.js";
import { gruLayerWgsl } from "../wgsl/gru-layer.js";
import { linearWgsl } from "../wgsl/linear.js";
import { memoryWgsl } from "../wgsl/memory.js";
import { networkWgsl } from "../wgsl/network.js";
import { outerProductWgsl } from "../wgsl/outer-product.js";
import { productWgsl } from "../wgsl/product.js";
import { programWgsl } from "../wgsl/program.js";
import { shapeWgsl } from "../wgsl/shape.js";
import { softmaxCrossEntropyWgsl } from "../wgsl/softmax-cross-entropy.js";
import { sumTasksWgsl } from "../wgsl/sum-tasks.js";
import { transposeWgsl } from "../wgsl/transpose.js";
import { vectorsWgsl } from "../wgsl/vectors.js";

/** The kernels; one compilation serves every model. */
export interface Kernels {
  /** Each workgroup performs its block's program. */
  readonly run: GPUComputePipeline;
  /** Sum of the tasks' meta-gradients. */
  readonly sumTasks: GPUComputePipeline;
  /** Adam on θ and α. */
  readonly adam: GPUComputePipeline;
}

const modules = [
  shapeWgsl,
  memoryWgsl,
  forestWgsl,
  productWgsl,
  outerProductWgsl,
  transposeWgsl,
  embeddingWgsl,
  gruLayerWgsl,
  linearWgsl,
  softmaxCrossEntropyWgsl,
  networkWgsl,
  vectorsWgsl,
  programWgsl,
];

/** The WGSL of each kernel. @param threads those of a workgroup: 64, 128 or 256 */
export function kernelSources(threads: number): Record<keyof Kernels, { code: string; entryPoint: string }> {
  const size = `const THREADS: u32 = ${threads}u;`;
  return {
    run: { code: [size, ...modules].join("\n"), entryPoint: "run" },
    sumTasks: { code: [size, shapeWgsl, sumTasksWgsl].join("\n"), entryPoint: "sum_tasks" },
    adam: { code: [size, shapeWgsl, adamWgsl].join("\n"), entryPoint: "adam" },
  };
}

/** @throws `FAILED`, with the driver's messages, for a kernel that does not compile. */
export async function compile(device: GPUDevice, adapter: GpuAdapterDescription, threads: number): Promise<Kernels> {
  const kernels: [string, GPUComputePipeline][] = [];
  // One after the other: error scopes of a device are one stack.
  for (const [name, source] of Object.entries(kernelSources(threads))) {
    kernels.push([name, await compileKernel(device, adapter, name, source)]);
  }
  return Object.fromEntries(kernels) as unknown as Kernels;
}

/** Compiles one kernel; its bindings are found in its code. */
export async function compileKernel(
  device: GPUDevice,
  adapter: GpuAdapterDescription,
  name: string,
  { code, entryPoint }: { code: string; entryPoint: string },
): Promise<GPUComputePipeline> {
  device.pushErrorScope("validation");
  const module = device.createShaderModule({ label: name, code });
  const { messages } = await module.getCompilationInfo();
  const invalid = await device.popErrorScope();
  const errors = messages
    .filter(({ type }) => type === "error")
    .map(({ lineNum, linePos, message }) => `${lineNum}:${linePos} ${message}`);
  if (errors.length > 0 || invalid !== null) {
    throw notCompiled(adapter, name, errors.join("; ") || invalid!.message, invalid ?? undefined);
  }
  try {
    return await device.createComputePipelineAsync({ label: name, layout: "auto", compute: { module, entryPoint } });
  } catch (cause) {
    throw notCompiled(adapter, name, messageOf(cause), cause);
  }
}
