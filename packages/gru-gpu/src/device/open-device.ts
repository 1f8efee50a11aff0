import { failedError, messageOf, usageError } from "@kshot/contract";
import { driverFacts, withSoftwareDriver } from "#runtime";
import { findGpu } from "./find-gpu.js";

/** The adapter: name, limits, features. */
export interface GpuAdapterDescription {
  /** Vendor, architecture and driver, as the adapter names them: `google swiftshader, SwiftShader driver 5.0.0`. */
  readonly name: string;
  /** Whether it computes on the processor. */
  readonly software: boolean;
  readonly features: readonly string[];
  readonly limits: Readonly<Record<string, number>>;
}

/** A device, and the objects that must stay referenced as long as it is used. */
export interface OpenDevice {
  readonly device: GPUDevice;
  readonly adapter: GpuAdapterDescription;
  readonly gpu: GPU;
}

/** The limits that the kernels need; the device is requested with the adapter's values. */
const limitsUsed = [
  "maxBufferSize",
  "maxStorageBufferBindingSize",
  "maxStorageBuffersPerShaderStage",
  "maxComputeInvocationsPerWorkgroup",
  "maxComputeWorkgroupSizeX",
  "maxComputeWorkgroupStorageSize",
  "maxComputeWorkgroupsPerDimension",
] as const;

/**
 * The best adapter, and a device on it with the adapter's own limits.
 *
 * @param software false: a card, software adapters are refused; true: the software adapter
 * @throws `USAGE` if WebGPU is missing, or the adapter is of the other kind; `FAILED`, naming the missing part, if there is no
 * adapter or it gives no device.
 */
export async function openDevice({ software }: { software: boolean }): Promise<OpenDevice> {
  const look = async () => {
    const gpu = await findGpu();
    const wanted = software ? { forceFallbackAdapter: true } : ({ powerPreference: "high-performance" } as const);
    return { gpu, found: (await gpu.requestAdapter(wanted)) ?? (software ? await gpu.requestAdapter() : null) };
  };
  const { gpu, found } = await (software ? withSoftwareDriver(look) : look());
  if (found === null) throw noAdapter(software);
  const adapter = describe(found);
  if (/llvmpipe|lavapipe|softpipe/i.test(adapter.name)) throw endsLoops(adapter);
  if (adapter.software !== software) throw otherKind(adapter, software);
  const requiredLimits = Object.fromEntries(limitsUsed.map((name) => [name, found.limits[name]]));
  try {
    return { device: await found.requestDevice({ requiredLimits }), adapter, gpu };
  } catch (cause) {
    throw failedError({
      where: `GPU engine, ${adapter.name}`,
      found: `the adapter gives no device: ${messageOf(cause)}`,
      expected: "a device with the adapter's own limits",
      todo: "Close other programs that use the card, or update its driver",
      cause,
    });
  }
}

/** Description of an adapter in error messages. */
export function adapterLine({ name, limits }: GpuAdapterDescription): string {
  const mebibytes = (limit: string) => Math.floor((limits[limit] ?? 0) / 2 ** 20);
  return `${name} (buffers up to ${mebibytes("maxBufferSize")} MiB, bindings up to ${mebibytes("maxStorageBufferBindingSize")} MiB, ${limits.maxComputeWorkgroupStorageSize} bytes and ${limits.maxComputeInvocationsPerWorkgroup} threads a workgroup)`;
}

function describe(found: GPUAdapter): GpuAdapterDescription {
  const { info } = found;
  const parts = [[info.vendor, info.architecture].filter(Boolean).join(" "), info.device, info.description];
  const name = parts.filter(Boolean).join(", ") || "an adapter without a name";
  const fallback = info.isFallbackAdapter || (found as { isFallbackAdapter?: boolean }).isFallbackAdapter === true;
  return {
    name,
    // Some drivers compute on the processor without reporting it.
    software: fallback || /swiftshader|llvmpipe|lavapipe|softpipe|basic render|\bwarp\b/i.test(name),
    features: [...found.features].sort(),
    limits: Object.fromEntries(limitsUsed.map((limit) => [limit, found.limits[limit]])),
  };
}

function noAdapter(software: boolean) {
  const facts = driverFacts();
  const linux = typeof process !== "undefined" && process.platform === "linux";
  const drivers = linux
    ? "a Vulkan loader (Debian: libvulkan1) and a driver's ICD file under /usr/share/vulkan/icd.d or /etc/vulkan/icd.d; a container needs both, and access to the card"
    : "a driver for Vulkan, Metal or Direct3D 12";
  return failedError({
    where: "GPU engine",
    found: `${software ? "WebGPU finds no software adapter" : "WebGPU finds no adapter"}${facts === "" ? "" : ` (${facts})`}`,
    expected: software && linux ? "libvulkan1, and SwiftShader (Debian: chromium)" : drivers,
    todo: "Install what is missing, or compute on the processor with the SIMD engine; pnpm gpu:setup says what this machine lacks",
  });
}

/** Mesa's drivers on the processor end all loops of an invocation after 65,535 rounds together, without an error. */
function endsLoops({ name }: GpuAdapterDescription) {
  return failedError({
    where: "GPU engine",
    found: `only ${name}, which ends long loops early and then computes wrong values`,
    expected: "a card, or SwiftShader as the software adapter (Debian: chromium)",
    todo: "Use the SIMD engine, or point VK_ICD_FILENAMES to the file of another driver",
  });
}

function otherKind({ name }: GpuAdapterDescription, software: boolean) {
  if (software) {
    return usageError({
      where: "GPU engine, software adapter",
      found: `only ${name}, which is a card`,
      expected: "a software adapter",
      todo: "Use the card, or point VK_ICD_FILENAMES to SwiftShader's file",
    });
  }
  return failedError({
    where: "GPU engine",
    found: `only ${name}, which computes on the processor`,
    expected: "a card: a driver's Vulkan ICD file, and a card that this process may use",
    todo: "Use the SIMD engine, which is much faster there, or ask for the software adapter by name",
  });
}
