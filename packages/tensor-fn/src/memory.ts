import * as tf from "@tensorflow/tfjs-core";
import { Tensor } from "./tensor.js";
import { depth } from "./trace.js";

/**
 * Runs `fn` and frees every tensor made in it except those in its result: a tensor, or arrays and plain objects of them.
 *
 * Inside a derivative it frees nothing (the reverse pass still needs the values); the outermost derivative frees them.
 */
export function tidy<T>(fn: () => T): T {
  if (depth() > 0) return fn();
  const engine = tf.engine();
  let kept: tf.Tensor[] = [];
  engine.startScope();
  try {
    const result = fn();
    kept = handles(result);
    return result;
  } finally {
    engine.endScope(kept);
  }
}

/** Frees the tensors in a tensor, array or tree. Freeing one twice does nothing. */
export function dispose(tree: unknown): void {
  for (const handle of handles(tree)) handle.dispose();
}

/** Number of tensors that are not freed. */
export function tensorCount(): number {
  return tf.memory().numTensors;
}

function handles(value: unknown): tf.Tensor[] {
  if (value instanceof Tensor) return [value.handle];
  if (Array.isArray(value)) return value.flatMap(handles);
  if (typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype) {
    return Object.values(value).flatMap(handles);
  }
  return [];
}
