import { failedError, KshotError, messageOf, usageError } from "@kshot/contract";
import * as tf from "@tensorflow/tfjs-core";
import { type Backend, setActiveBackend } from "./backend.js";
import { findPackage } from "./tfjs-node/load-package.js";
import { packageName } from "./tfjs-node/package-name.js";

/** Backends by name. Each is a file that is loaded only when it is used; a new backend is one line here. */
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
 * Chooses the backend: `cpu` (plain JavaScript), `wasm` (WebAssembly with SIMD) or `tensorflow` (TensorFlow's library with CUDA, from
 * the optional package @tensorflow/tfjs-node-gpu). Needed once before the first tensor.
 *
 * @throws `USAGE` for an unknown name and for `tensorflow` where the package is not installed; `FAILED` when the backend
 * cannot start
 */
export async function useBackend(name: BackendName): Promise<void> {
  if (!Object.hasOwn(backends, name)) {
    throw usageError({ where: "backend", found: String(name), expected: `one of ${backendNames.join(", ")}` });
  }
  await start(name);
}

/** Whether the packages of the backend are installed here; it may still fail to start. */
export function backendInstalled(name: BackendName): boolean {
  return name !== "tensorflow" || findPackage() !== undefined;
}

/**
 * Chooses `tensorflow` and requires a GPU.
 *
 * @throws as `useBackend`, and `FAILED` if TensorFlow loads but finds no GPU: without this check it would use the
 * processor silently
 */
export async function useGpu(): Promise<void> {
  const { device } = await start("tensorflow");
  if (device === "gpu") return;
  throw failedError({
    where: "backend tensorflow",
    found: `${packageName} is installed and loads, but TensorFlow finds no GPU that it can use`,
    expected: "an NVIDIA card with its driver, CUDA 11.2 and cuDNN 8.1 or later of the same generation",
    todo: "Run pnpm gpu:setup in kshot's workspace, which lists what is missing; TF_CPP_MIN_LOG_LEVEL=0 shows TensorFlow's own messages",
  });
}

async function start(name: BackendName): Promise<Backend> {
  try {
    // Without it TensorFlow.js writes an advertisement to stderr in every Node program.
    tf.env().set("PROD", true);
    const backend = await (await backends[name]()).load();
    if (!(await tf.setBackend(backend.name))) throw failedError({ found: `TensorFlow.js could not start ${name}` });
    await tf.ready();
    setActiveBackend(backend);
    return backend;
  } catch (cause) {
    if (KshotError.isInstance(cause)) throw cause;
    throw failedError({ where: `backend ${name}`, found: `it could not start: ${messageOf(cause)}`, cause });
  }
}
