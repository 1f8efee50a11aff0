import { version_core } from "@tensorflow/tfjs-core";

/** TensorFlow's own library for Node, built for CUDA: an optional peer dependency that is loaded at run time. */
export const packageName = "@tensorflow/tfjs-node-gpu";

/** The only version that works: kernels of one version of TensorFlow.js do not run with the core of another. */
export const packageVersion: string = version_core;

/** The advice of every message about a missing or broken package. */
export const advice = `Run pnpm gpu:setup in kshot's workspace, or npm install ${packageName}@${packageVersion} next to @kshot/tensor-fn; without a GPU, compute on the processor`;
