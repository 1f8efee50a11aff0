import { existsSync } from "node:fs";

/** Where browsers that can draw pictures are installed; the environment's CHROMIUM comes first. */
const places = [
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
  "/usr/bin/google-chrome-stable",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
  "C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe",
  "C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe",
];

/** Path of an installed Chromium or Chrome; undefined if there is none. */
export function findBrowser(): string | undefined {
  return [process.env.CHROMIUM, ...places].find((path) => path !== undefined && path !== "" && existsSync(path));
}
