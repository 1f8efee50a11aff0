import { usageError } from "@kshot/contract";

/** The npm package that is WebGPU outside browsers; an optional peer. A variable, so that no bundler follows it. */
const nodePackage = "webgpu";

/**
 * The runtime's WebGPU: `navigator.gpu` in browsers, elsewhere the npm package `webgpu` (Dawn), loaded on demand.
 *
 * @throws `USAGE` where there is neither.
 */
export async function findGpu(): Promise<GPU> {
  const own = (globalThis as { navigator?: { gpu?: GPU } }).navigator?.gpu;
  if (own !== undefined) return own;
  if (typeof process === "undefined" || process.versions?.node === undefined) {
    throw usageError({
      where: "GPU engine",
      found: "no navigator.gpu: this browser has no WebGPU, or the page is not served over https or from localhost",
      expected: "a browser with WebGPU",
      todo: "Use the SIMD engine here",
    });
  }
  let dawn: { create(options: string[]): GPU; globals: object };
  try {
    dawn = await import(nodePackage);
  } catch (cause) {
    const missing = (cause as { code?: string }).code === "ERR_MODULE_NOT_FOUND";
    throw usageError({
      where: "GPU engine",
      found: missing
        ? `the optional package ${nodePackage} is not installed`
        : `the package ${nodePackage} does not load: ${cause instanceof Error ? cause.message : cause}`,
      expected: `${nodePackage} 0.6.2, WebGPU for Node`,
      todo: missing ? `Install it:  npm install ${nodePackage}@0.6.2` : "pnpm gpu:setup says what this machine lacks",
      cause,
    });
  }
  return dawn.create([]);
}
