import { KshotError, messageOf, systemCodeOf, usageError } from "@kshot/contract";
import { loadDawn } from "#runtime";

/**
 * The runtime's WebGPU: `navigator.gpu` if it exists, else the npm package `webgpu`.
 *
 * @throws `USAGE` if both are missing.
 */
export async function findGpu(): Promise<GPU> {
  const own = (globalThis as { navigator?: { gpu?: GPU } }).navigator?.gpu;
  if (own !== undefined) return own;
  try {
    return await loadDawn();
  } catch (cause) {
    if (KshotError.isInstance(cause)) throw cause;
    const missing = systemCodeOf(cause) === "ERR_MODULE_NOT_FOUND";
    throw usageError({
      where: "GPU engine",
      found: missing
        ? "the optional package webgpu is not installed"
        : `the package webgpu does not load: ${messageOf(cause)}`,
      expected: "webgpu 0.6.2, WebGPU for Node",
      todo: missing ? "Install it:  npm install webgpu@0.6.2" : "pnpm gpu:setup says what this machine lacks",
      cause,
    });
  }
}
