import { failedError, KshotError, usageError } from "@kshot/contract";
import * as tf from "@tensorflow/tfjs-core";
import { type Backend, setActiveBackend } from "./backend.js";
import { findPackage } from "./tfjs-node/load-package.js";
import { packageName } from "./tfjs-node/package-name.js";

/** Backends by name. Each is a file that is loaded only when it is asked for; a new one is a line here. */
const backends = {
  cpu: () => import("./cpu.js"),
  wasm: () => import("./wasm.js"),
  tensorflow: () => import("./tensorflow.js"),
} satisfies Record<BackendName, () => Promise<{ load(): Promise<Backend> }>>;

/** A backend by name. */
export type BackendName = "cpu" | "wasm" | "tensorflow";

/** The names that `useBackend` knows. */
export const backendNames = Object.keys(backends) as readonly BackendName[];

/**
 * Chooses what computes: `cpu` (plain JavaScript), `wasm` (WebAssembly with SIMD) or `tensorflow` (TensorFlow's library with CUDA, from
 * the optional package @tensorflow/tfjs-node-gpu). Needed once before the first tensor.
 *
 * Throws USAGE for an unknown name and for `tensorflow` where the package is not installed; FAILED when the backend cannot start.
 */
export async function useBackend(name: BackendName): Promise<void> {
  if (!Object.hasOwn(backends, name)) {
    throw usageError({ where: "backend", found: String(name), expected: `one of ${backendNames.join(", ")}` });
  }
  await start(name);
}

/** Whether what the backend needs is installed here; it may still fail to start. */
export function backendInstalled(name: BackendName): boolean {
  return name !== "tensorflow" || findPackage() !== undefined;
}

/**
 * Chooses `tensorflow`, and insists that it computes on a GPU.
 *
 * Throws what `useBackend` throws, and FAILED where TensorFlow loads but sees no GPU: it would go on, on the processor, without a word.
 */
export async function useGpu(): Promise<void> {
  const { device } = await start("tensorflow");
  if (device === "gpu") return;
  throw failedError({
    where: "backend tensorflow",
    found: `${packageName} is installed and loads, but TensorFlow finds no GPU that it can use`,
    expected: "an NVIDIA card with its driver, CUDA 11.2 and cuDNN 8.1 or later of the same generation",
    todo: "Run pnpm gpu:setup in kshot's workspace, which lists what is missing; TF_CPP_MIN_LOG_LEVEL=0 lets TensorFlow say it itself",
  });
}

async function start(name: BackendName): Promise<Backend> {
  try {
    // Without it TensorFlow.js greets every Node program with an advertisement on stderr.
    tf.env().set("PROD", true);
    const backend = await (await backends[name]()).load();
    if (!(await tf.setBackend(backend.name))) throw failedError({ found: `TensorFlow.js could not start ${name}` });
    await tf.ready();
    setActiveBackend(backend);
    return backend;
  } catch (cause) {
    if (KshotError.isInstance(cause)) throw cause;
    throw failedError({ where: `backend ${name}`, found: `it could not start: ${(cause as Error).message}`, cause });
  }
}
