import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, realpathSync } from "node:fs";
import { basename, delimiter, join } from "node:path";

const windows = process.platform === "win32";

/**
 * What the library in @tensorflow/tfjs-node-gpu 4.22.0 (libtensorflow 2.9.1) was built for; it opens these files by name when it starts.
 * Their names are the same in every later CUDA 11 and cuDNN 8.
 */
const groups = [
  {
    what: "CUDA 11.2",
    files: windows
      ? ["cudart64_110", "cublas64_11", "cublasLt64_11", "cufft64_10", "curand64_10", "cusolver64_11", "cusparse64_11"]
      : ["cudart.so.11.0", "cublas.so.11", "cublasLt.so.11", "cufft.so.10", "curand.so.10", "cusolver.so.11", "cusparse.so.11"], // biome-ignore format: one list
    others: /libcudart\.so\.\d+/g,
    advice: "CUDA 11.2 or a later 11, in addition to any other: https://developer.nvidia.com/cuda-toolkit-archive",
  },
  {
    what: "cuDNN 8.1",
    files: windows ? ["cudnn64_8"] : ["cudnn.so.8"],
    others: /libcudnn\.so\.\d+/g,
    advice: "cuDNN 8.1 or a later 8, for CUDA 11: https://developer.nvidia.com/cudnn-archive",
  },
].map((group) => ({ ...group, files: group.files.map((stem) => (windows ? `${stem}.dll` : `lib${stem}`)) }));

/** For CUDA and for cuDNN: where the loader finds their files, or which it does not find. */
export function cudaLibraries() {
  const cache = loaderCache();
  return groups.map(({ what, files, others, advice }) => {
    const places = files.map((file) => [file, onPath(file) ?? inCache(cache, file)]);
    const missing = places.flatMap(([file, place]) => (place === undefined ? [file] : []));
    if (missing.length === 0)
      return { what, found: places.map(([, place]) => withRealName(place)).join(", "), fits: true };
    const versions = [...new Set(cache.match(others))];
    const unreached = cudaFolders().find((folder) => missing.every((file) => existsSync(join(folder, file))));
    return {
      what,
      found: `not found: ${missing.join(", ")}${versions.length > 0 ? ` (what is there: ${versions.join(", ")})` : ""}`,
      fits: false,
      advice:
        unreached === undefined
          ? advice
          : `${what} is in ${unreached}, where the loader does not look: add that to ${windows ? "PATH" : "LD_LIBRARY_PATH"}`,
    };
  });
}

function onPath(file) {
  const folders = (process.env[windows ? "PATH" : "LD_LIBRARY_PATH"] ?? "").split(delimiter);
  return folders.flatMap((folder) => (folder === "" ? [] : join(folder, file))).find((place) => existsSync(place));
}

/** The loader's list of libraries. Most users do not have ldconfig on the PATH; it is then in /sbin. */
function loaderCache() {
  if (windows) return "";
  const asked = ["ldconfig", "/sbin/ldconfig"].map((command) => spawnSync(command, ["-p"], { encoding: "utf8" }));
  return asked.find(({ status }) => status === 0)?.stdout ?? "";
}

function inCache(cache, file) {
  const line = cache.split("\n").find((entry) => entry.trim().startsWith(`${file} `));
  return line?.split("=>")[1]?.trim();
}

/** Where NVIDIA's installers put CUDA. */
function cudaFolders() {
  const homes = [process.env.CUDA_HOME, process.env.CUDA_PATH].filter((folder) => folder);
  if (!windows && existsSync("/usr/local")) {
    const installed = readdirSync("/usr/local").filter((entry) => entry.startsWith("cuda"));
    homes.push(...installed.map((entry) => join("/usr/local", entry)));
  }
  return homes.map((home) => join(home, windows ? "bin" : "lib64"));
}

/** A library's file tells its exact version: libcudnn.so.8 -> libcudnn.so.8.1.1. */
function withRealName(place) {
  const real = existsSync(place) ? basename(realpathSync(place)) : basename(place);
  return real === basename(place) ? place : `${place} (${real})`;
}
