import { existsSync } from "node:fs";

/** WebGPU outside browsers: the npm package `webgpu` (Dawn), an optional peer dependency, loaded on demand. */
export async function loadDawn(): Promise<GPU> {
  const { create } = await import("webgpu");
  return create([]);
}

/** Folders where browsers install SwiftShader, the Vulkan driver that computes on the processor. */
const places = [
  "/usr/lib/chromium/vk_swiftshader_icd.json",
  "/usr/lib64/chromium-browser/vk_swiftshader_icd.json",
  "/opt/google/chrome/vk_swiftshader_icd.json",
];

/** Number of calls of `withSoftwareDriver` that need the variable now. */
let underway = 0;

/**
 * Runs `work` while the Vulkan loader sees only the installed SwiftShader. Nothing is changed if the process names
 * a driver itself, or if no SwiftShader is installed. Calls may overlap: the last one to end restores the environment.
 */
export async function withSoftwareDriver<T>(work: () => Promise<T>): Promise<T> {
  const driver = places.find((place) => existsSync(place));
  const named = process.env.VK_ICD_FILENAMES !== undefined || process.env.VK_DRIVER_FILES !== undefined;
  if (driver === undefined || (named && underway === 0)) return work();
  underway += 1;
  process.env.VK_ICD_FILENAMES = driver;
  try {
    return await work();
  } finally {
    underway -= 1;
    if (underway === 0) delete process.env.VK_ICD_FILENAMES;
  }
}
