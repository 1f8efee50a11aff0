import { accessSync, constants, existsSync, readdirSync } from "node:fs";

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
 * a driver itself, or if no SwiftShader is installed. Calls may overlap: the last one to end restores the environment. In a worker
 * thread the environment is a copy, which the loader does not see: there the process has to name the driver.
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

/** What this machine has for WebGPU on Linux, in words: loader, drivers, devices. Empty on other systems. */
export function driverFacts(): string {
  if (process.platform !== "linux") return "";
  const loader = libraryFolders.some((folder) => existsSync(`${folder}/libvulkan.so.1`));
  const variable = ["VK_DRIVER_FILES", "VK_ICD_FILENAMES"].find((name) => process.env[name]);
  const named = (variable === undefined ? "" : (process.env[variable] ?? "")).split(":").filter(Boolean);
  const missing = named.filter((file) => !existsSync(file));
  const installed = driverFolders.flatMap((folder) => (existsSync(folder) ? readdirSync(folder) : []));
  const devices = deviceFiles.filter((file) => existsSync(file));
  const closed = devices.filter((file) => !opens(file));
  return [
    loader ? "" : "no libvulkan.so.1",
    variable === undefined
      ? `drivers: ${installed.length === 0 ? "none" : installed.join(", ")}`
      : `${variable} names ${missing.length === 0 ? named.join(", ") : `${missing.join(", ")}, which does not exist`}`,
    devices.length === 0 ? "no card: neither /dev/dri nor /dev/nvidiactl" : "",
    closed.length === 0 ? "" : `no access to ${closed.join(", ")}`,
    devices.includes("/dev/nvidiactl") && !installed.some((name) => name.includes("nvidia"))
      ? "no driver of NVIDIA's for Vulkan: a container needs NVIDIA_DRIVER_CAPABILITIES=graphics"
      : "",
  ]
    .filter(Boolean)
    .join("; ");
}

const libraryFolders = ["x86_64-linux-gnu", "aarch64-linux-gnu"]
  .map((name) => `/usr/lib/${name}`)
  .concat("/usr/lib64", "/usr/lib", "/usr/local/lib");
const driverFolders = ["/usr/share/vulkan/icd.d", "/etc/vulkan/icd.d"];
const deviceFiles = ["/dev/dri/renderD128", "/dev/nvidiactl"];

function opens(file: string): boolean {
  try {
    accessSync(file, constants.R_OK | constants.W_OK);
    return true;
  } catch {
    return false;
  }
}
