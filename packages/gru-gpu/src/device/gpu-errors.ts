import { failedError, type KshotError } from "@kshot/contract";
import { adapterLine, type GpuAdapterDescription } from "./open-device.js";

const mebibytes = (bytes: number) => `${Math.ceil(bytes / 2 ** 20)} MiB`;

/** The device was lost: driver reset, card removed, machine suspended. */
export function deviceLost(adapter: GpuAdapterDescription, info: { reason: string; message: string }): KshotError {
  return failedError({
    where: `GPU engine, ${adapterLine(adapter)}`,
    found: `the device was lost: ${info.message || info.reason || "without a reason"}`,
    expected: "a device that stays",
    todo: "Run again, with --resume to continue from the last checkpoint. A driver may end a program that takes seconds: --gpu-memory (memoryBytes) makes it shorter, also with --resume",
  });
}

/**
 * A buffer that the device cannot allocate, or a task that is larger than any buffer.
 *
 * @param bytes size of the task; undefined: of another buffer, whose size the device does not say
 */
export function outOfMemory(adapter: GpuAdapterDescription, bytes: number | undefined, cause?: unknown): KshotError {
  const needed = bytes === undefined ? "a buffer is needed" : `${mebibytes(bytes)} are needed at once`;
  return failedError({
    where: `GPU engine, ${adapterLine(adapter)}`,
    found: `${needed}, and the device cannot allocate ${bytes === undefined ? "it" : "them"}`,
    expected: "at least the memory of one task, and of the model with its results",
    todo: "Use fewer items, hidden units or inner steps, shorter histories, or first order; or close other programs that use the card",
    ...(cause === undefined ? {} : { cause }),
  });
}

/** A kernel that this driver does not compile. */
export function notCompiled(
  adapter: GpuAdapterDescription,
  kernel: string,
  messages: string,
  cause?: unknown,
): KshotError {
  return failedError({
    where: `GPU engine, kernel ${kernel}, ${adapterLine(adapter)}`,
    found: `the driver does not compile it: ${messages}`,
    expected: "a driver that compiles WGSL with the default limits of WebGPU",
    todo: "Update the driver, or use the SIMD engine",
    ...(cause === undefined ? {} : { cause }),
  });
}

/** A call that the device refused, with its own message. */
export function refused(adapter: GpuAdapterDescription, message: string, cause?: unknown): KshotError {
  return failedError({
    where: `GPU engine, ${adapterLine(adapter)}`,
    found: `the device refused a call: ${message}`,
    expected: "a call within the adapter's limits",
    todo: "Use less memory at once, by --gpu-memory (memoryBytes), or the SIMD engine",
    ...(cause === undefined ? {} : { cause }),
  });
}
