import { usageError } from "@kshot/contract";

/** In a browser, WebGPU is only `navigator.gpu`. */
export async function loadDawn(): Promise<GPU> {
  throw usageError({
    where: "GPU engine",
    found: "no navigator.gpu: this browser has no WebGPU, or the page is not served over https or from localhost",
    expected: "a browser with WebGPU",
    todo: "Use the SIMD engine here",
  });
}

/** A browser chooses its own drivers. */
export function withSoftwareDriver<T>(work: () => Promise<T>): Promise<T> {
  return work();
}

/** A page cannot look for drivers. */
export function driverFacts(): string {
  return "";
}
