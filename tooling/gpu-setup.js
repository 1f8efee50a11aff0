#!/usr/bin/env node
/**
 * What `kshot train --device gpu` needs on this machine: says what is there, what is missing and what to do about it.
 *
 *   pnpm gpu:setup          looks, changes nothing
 *   pnpm gpu:setup --yes    also installs the optional package, where there is a card for it
 *
 * Exit code 0: the tensor engine has computed on the GPU just now. 1: it cannot. 2: wrong usage.
 */
import { cudaLibraries } from "./gpu-setup/cuda-libraries.js";
import { card, platform } from "./gpu-setup/machine.js";
import { compute, install, installedVersion, packageName, packageVersion } from "./gpu-setup/optional-package.js";

const options = process.argv.slice(2).filter((option) => option !== "--");
const unknown = options.find((option) => option !== "--yes");
if (unknown !== undefined) {
  console.error(`gpu:setup: found ${unknown}. Expected --yes, or nothing.`);
  process.exit(2);
}

const toDo = [];
console.log("kshot on a GPU: what this machine has\n");
const possible = [tell(platform()), tell(card())].every(Boolean);
for (const part of cudaLibraries()) tell(part);
if (installedVersion() !== packageVersion && possible && options.includes("--yes")) {
  console.log(`\nInstalling ${packageName} ${packageVersion} …`);
  tell(install());
} else {
  tell(packageFound(installedVersion()));
}
const usable = installedVersion() !== undefined && tell(compute());
console.log(
  usable
    ? "\nThe GPU can be used:  kshot train --device gpu"
    : `\nThe GPU cannot be used; kshot computes on the processor. To change that:\n${toDo.map((line) => `  - ${line}`).join("\n")}`,
);
process.exit(usable ? 0 : 1);

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
