import { existsSync } from "node:fs";
import { type Browser, chromium } from "playwright-core";

export type { Browser, Page } from "playwright-core";

const places = [process.env.CHROMIUM, "/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

/** Path of an installed Chromium, if there is one: set CHROMIUM to name another. */
export const chromiumPath = places.find((path) => path !== undefined && existsSync(path));

if (chromiumPath === undefined) {
  console.error(
    "SKIPPED: no Chromium is installed (Debian: apt install chromium), so the tests in a browser are skipped.",
  );
}

/** A headless Chromium without network access. */
export function openChromium(): Promise<Browser> {
  return chromium.launch({
    executablePath: chromiumPath!,
    args: [
      "--no-sandbox",
      "--disable-gpu",
      // In many containers /dev/shm has only a few megabytes.
      "--disable-dev-shm-usage",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });
}
