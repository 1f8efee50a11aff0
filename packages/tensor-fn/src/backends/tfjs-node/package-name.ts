import { version_core } from "@tensorflow/tfjs-core";

/** TensorFlow's own library for Node, built for CUDA: an optional peer, loaded by its name at run time only. */
export const packageName = "@tensorflow/tfjs-node-gpu";

/** The one version that fits: kernels of one TensorFlow.js do not run under the core of another. */
export const packageVersion: string = version_core;

/** What a message advises, wherever the package is missing or does not work. */
export const advice = `Run pnpm gpu:setup in kshot's workspace, or npm install ${packageName}@${packageVersion} beside @kshot/tensor-fn; without a GPU, compute on the processor`;
