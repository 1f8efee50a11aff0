import * as tf from "@tensorflow/tfjs-core";
import { runKernel } from "../kernels.js";
import type { Backend } from "./backend.js";
import { loadPackage } from "./tfjs-node/load-package.js";

/** TensorFlow's own kernels: on an NVIDIA card if CUDA works, otherwise on the processor; `device` names it. */
export async function load(): Promise<Backend> {
  loadPackage();
  await tf.setBackend("tensorflow");
  const { isUsingGpuDevice } = tf.backend() as tf.KernelBackend & { isUsingGpuDevice?: boolean };
  return {
    name: "tensorflow",
    device: isUsingGpuDevice === true ? "gpu" : "cpu",
    matMul: (a, b, transposeA, transposeB) => runKernel(tf.BatchMatMul, { a, b }, { transposeA, transposeB }),
    slice: (x, begin, size) => runKernel(tf.Slice, { x }, { begin, size }),
  };
}
