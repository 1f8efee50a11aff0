import { failedError, KshotError, usageError } from "@kshot/contract";
import * as tf from "@tensorflow/tfjs-core";
import { setActiveBackend } from "./active.js";
import type { Backend } from "./backend.js";

/** Backends by name. Each is a file that is loaded only when it is asked for; a new one is a line here. */
const backends = {
  cpu: () => import("./cpu.js"),
  wasm: () => import("./wasm.js"),
} satisfies Record<string, () => Promise<{ load(): Promise<Backend> }>>;

export type BackendName = keyof typeof backends;

/** The names that `useBackend` knows. */
export const backendNames = Object.keys(backends) as readonly BackendName[];

/**
 * Chooses what computes: `cpu` (plain JavaScript) or `wasm` (WebAssembly with SIMD). Needed once before the first tensor.
 *
 * Throws USAGE for an unknown name, FAILED when the backend cannot start.
 */
export async function useBackend(name: BackendName): Promise<void> {
  if (!Object.hasOwn(backends, name)) {
    throw usageError({ where: "backend", found: String(name), expected: `one of ${backendNames.join(", ")}` });
  }
  try {
    // Without it TensorFlow.js greets every Node program with an advertisement on stderr.
    tf.env().set("PROD", true);
    const backend = await (await backends[name]()).load();
    if (!(await tf.setBackend(backend.name))) throw failedError({ found: `TensorFlow.js could not start ${name}` });
    await tf.ready();
    setActiveBackend(backend);
  } catch (cause) {
    if (KshotError.isInstance(cause)) throw cause;
    throw failedError({ where: `backend ${name}`, found: `it could not start: ${(cause as Error).message}`, cause });
  }
}
