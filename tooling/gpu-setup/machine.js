import { spawnSync } from "node:child_process";

/** The oldest driver that CUDA 11 runs on, by NVIDIA's release notes. */
const oldestDriver = process.platform === "win32" ? "452.39" : "450.80.02";

/** TensorFlow's library is built with CUDA for two platforms only. */
export function platform() {
  return {
    what: "platform",
    found: `${process.platform} ${process.arch}, Node ${process.versions.node}`,
    fits: process.arch === "x64" && ["linux", "win32"].includes(process.platform),
    advice: "Linux or Windows on x86-64: TensorFlow's library for CUDA exists for no other",
  };
}

/** The card, as NVIDIA's own tool lists it; of several the first, which TensorFlow takes. */
export function card() {
  const query = ["--query-gpu=name,memory.total,driver_version", "--format=csv,noheader"];
  const asked = spawnSync("nvidia-smi", query, { encoding: "utf8" });
  if (asked.error) {
    return {
      what: "card",
      found: "nvidia-smi does not run: not on the PATH",
      fits: false,
      advice: `A card of NVIDIA's and its driver, ${oldestDriver} or later, which includes nvidia-smi`,
    };
  }
  const [first = "", ...others] = asked.stdout.split("\n").filter((line) => line.trim() !== "");
  const [name, memory, driver] = first.split(",").map((part) => part.trim());
  if (asked.status !== 0 || driver === undefined) {
    return {
      what: "card",
      found: `nvidia-smi finds none: ${`${first} ${asked.stderr}`.trim().split("\n")[0]}`,
      fits: false,
      advice: "A card that nvidia-smi lists; a container has to be given it",
    };
  }
  const more = others.length > 0 ? `, and ${others.length} more` : "";
  return {
    what: "card",
    found: `${name}, ${memory}, driver ${driver}${more}`,
    fits: !older(driver, oldestDriver),
    advice: `NVIDIA's driver ${oldestDriver} or later`,
  };
}

/** Whether version a comes before b, number by number. */
function older(a, b) {
  const left = a.split(".").map(Number);
  const right = b.split(".").map(Number);
  const differs = right.findIndex((number, i) => number !== (left[i] ?? 0));
  return differs !== -1 && (left[differs] ?? 0) < right[differs];
}
