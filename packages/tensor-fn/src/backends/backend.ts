import { usageError } from "@kshot/contract";
import type * as tf from "@tensorflow/tfjs-core";

/** A TensorFlow.js backend, with the operations that differ between backends. */
export interface Backend {
  /** The backend's name in TensorFlow.js. */
  readonly name: string;
  /** The device that computes. */
  readonly device: "cpu" | "gpu";
  /** `[batch, rows, columns]` (equal batches) or `[rows, columns]`, with optional transposition of either side. Not differentiated. */
  matMul(a: tf.Tensor, b: tf.Tensor, transposeA: boolean, transposeB: boolean): tf.Tensor;
  /** The block of x that begins at `begin`. Not differentiated. */
  slice(x: tf.Tensor, begin: readonly number[], size: readonly number[]): tf.Tensor;
}

let active: Backend | null = null;

/** The backend chosen by `useBackend`; throws USAGE before that. */
export function activeBackend(): Backend {
  if (active !== null) return active;
  throw usageError({ found: "a tensor operation before a backend was chosen", todo: "await useBackend(…) first" });
}

export function setActiveBackend(backend: Backend): void {
  active = backend;
}
