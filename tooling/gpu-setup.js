#!/usr/bin/env node
/**
 * Checks this machine for `kshot train --device gpu` (WebGPU) and `--device cuda` (TensorFlow's library): lists what it has, what is
 * missing and how to install it.
 *
 *   pnpm gpu:setup          checks and changes nothing
 *   pnpm gpu:setup --yes    also installs the optional package, if there is a card for it
 *
 * Exit code 0: WebGPU finds a card, or the tensor engine has computed on one. 1: neither. 2: wrong usage.
 */
import { cudaLibraries } from "./gpu-setup/cuda-libraries.js";
import { card, platform } from "./gpu-setup/machine.js";
import { compute, install, installedVersion, packageName, packageVersion } from "./gpu-setup/optional-package.js";
import { softwareWebGpu, webGpu } from "./gpu-setup/webgpu.js";

const options = process.argv.slice(2).filter((option) => option !== "--");
const unknown = options.find((option) => option !== "--yes");
if (unknown !== undefined) {
  console.error(`gpu:setup: found ${unknown}. Expected --yes, or nothing.`);
  process.exit(2);
}

const toDo = [];
console.log("kshot on a GPU: what this machine has\n");
const { advice, ...adapter } = webGpu();
const onWebGpu = tell(adapter);
// Without a card, WebGPU on the processor still shows that results are right.
const { advice: softwareAdvice, ...software } = onWebGpu ? { fits: true } : softwareWebGpu();
const inSoftware = onWebGpu || tell(software);
if (onWebGpu) console.log("\nWebGPU can be used:  kshot train --device gpu");
else if (inSoftware)
  console.log("\nWebGPU can be used on the processor, for tests; it is slow:  kshot doctor --device gpu-software");
console.log("\nFor CUDA:\n");
const possible = [tell(platform()), tell(card())].every(Boolean);
for (const part of cudaLibraries()) tell(part);
if (installedVersion() !== packageVersion && possible && options.includes("--yes")) {
  console.log(`\nInstalling ${packageName} ${packageVersion} …`);
  tell(install());
} else {
  tell(packageFound(installedVersion()));
}
for (const line of new Set([advice, softwareAdvice])) if (line !== undefined) toDo.push(line);
const usable = installedVersion() !== undefined && tell(compute());
console.log(
  usable
    ? "\nThe GPU can be used through CUDA:  kshot train --device cuda"
    : `\nThe GPU cannot be used${onWebGpu ? " through CUDA" : "; kshot computes on the processor"}. To change that:\n${toDo.map((line) => `  - ${line}`).join("\n")}`,
);
process.exit(usable || onWebGpu ? 0 : 1);

/** Prints one finding and keeps its advice. */
function tell({ what, found, fits, advice }) {
  console.log(`  ${fits ? "ok     " : "MISSING"}  ${what.padEnd(packageName.length)}  ${found}`);
  if (!fits && advice !== undefined) toDo.push(advice);
  return fits;
}

function packageFound(version) {
  return {
    what: packageName,
    found: version ?? "not installed",
    fits: version === packageVersion,
    advice: possible
      ? `${packageName} ${packageVersion}:  pnpm gpu:setup --yes  (its install script downloads TensorFlow's library, some hundred megabytes)`
      : `${packageName} ${packageVersion}, but not before platform and card fit`,
  };
}
