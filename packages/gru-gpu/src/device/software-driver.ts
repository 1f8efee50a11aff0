/** Where browsers keep SwiftShader, the Vulkan driver that computes on the processor. */
const places = [
  "/usr/lib/chromium/vk_swiftshader_icd.json",
  "/usr/lib64/chromium-browser/vk_swiftshader_icd.json",
  "/opt/google/chrome/vk_swiftshader_icd.json",
];

/**
 * The installed SwiftShader's description file, for a process that names no Vulkan driver itself; undefined where there is none,
 * and in browsers.
 */
export async function softwareDriver(): Promise<string | undefined> {
  if (typeof process === "undefined" || process.platform !== "linux") return undefined;
  if (process.env.VK_ICD_FILENAMES !== undefined || process.env.VK_DRIVER_FILES !== undefined) return undefined;
  const { existsSync } = await import("node:fs");
  return places.find((place) => existsSync(place));
}

/** Runs `work` while the Vulkan loader sees `driver` as the only driver; nothing is changed without one. */
export async function withDriver<T>(driver: string | undefined, work: () => Promise<T>): Promise<T> {
  if (driver === undefined) return work();
  process.env.VK_ICD_FILENAMES = driver;
  try {
    return await work();
  } finally {
    delete process.env.VK_ICD_FILENAMES;
  }
}
