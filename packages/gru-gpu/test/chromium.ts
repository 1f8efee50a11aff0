import { existsSync } from "node:fs";
import { type Browser, chromium } from "playwright-core";

const places = [process.env.CHROMIUM, "/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

/** Path of an installed Chromium, if there is one: set CHROMIUM to name another. */
export const chromiumPath = places.find((path) => path !== undefined && existsSync(path));

if (chromiumPath === undefined) {
  console.error("SKIPPED: no Chromium is installed (Debian: apt install chromium), so navigator.gpu is not tried.");
}

/** A headless Chromium whose `navigator.gpu` computes on its own SwiftShader. */
export function openChromium(): Promise<Browser> {
  const webgpu = ["--enable-unsafe-webgpu", "--use-webgpu-adapter=swiftshader", "--enable-features=Vulkan"];
  const args = ["--no-sandbox", "--disable-dev-shm-usage", "--disable-background-networking", ...webgpu];
  return chromium.launch({ executablePath: chromiumPath!, args });
}
