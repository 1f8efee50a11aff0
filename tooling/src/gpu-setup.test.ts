import { spawnSync } from "node:child_process";
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, onTestFinished, test } from "vitest";

const root = fileURLToPath(new URL("../../", import.meta.url));
const name = "@tensorflow/tfjs-node-gpu";
const libraries = [
  "libcudart.so.11.0",
  "libcublas.so.11",
  "libcublasLt.so.11",
  "libcufft.so.10",
  "libcurand.so.10",
  "libcusolver.so.11",
  "libcusparse.so.11",
  "libcudnn.so.8",
];
const a100 = 'console.log("NVIDIA A100-SXM4-40GB, 40960 MiB, 535.54.03")';
const nothingCached = 'console.log("0 libs found in cache")';

/** A substitute for the package of npm: the processor's kernels instead of TensorFlow's. */
const standIn = (isUsingGpuDevice: boolean) => `
const tf = require("@tensorflow/tfjs-core");
const { MathBackendCPU } = require("@tensorflow/tfjs-backend-cpu");
tf.copyRegisteredKernels("cpu", "tensorflow");
tf.registerBackend("tensorflow", () => Object.assign(new MathBackendCPU(), { isUsingGpuDevice: ${isUsingGpuDevice} }));
`;

/** A substitute for npm that installs the substitute package. */
const npm = (isUsingGpuDevice: boolean) => `
const fs = require("fs");
fs.writeFileSync("../../npm-was-asked", process.argv.slice(2).join(" "));
const folder = "node_modules/${name}";
fs.mkdirSync(folder, { recursive: true });
fs.writeFileSync(folder + "/package.json", '{ "version": "4.22.0", "main": "index.js" }');
fs.writeFileSync(folder + "/index.js", ${JSON.stringify(standIn(isUsingGpuDevice))});
fs.mkdirSync("node_modules/@tensorflow", { recursive: true });
for (const own of ["tfjs-core", "tfjs-backend-cpu"]) {
  fs.symlinkSync(fs.realpathSync("../../packages/tensor-fn/node_modules/@tensorflow/" + own), "node_modules/@tensorflow/" + own);
}`;
const brokenNpm = 'console.error("getaddrinfo ENOTFOUND storage.example"); process.exit(7)';

interface Machine {
  /** The only programs on the PATH, as JavaScript by name. */
  readonly programs?: Readonly<Record<string, string>>;
  /** Files in the one folder of LD_LIBRARY_PATH. */
  readonly libraries?: readonly string[];
  /** Files in lib64 of CUDA_HOME. */
  readonly cudaHome?: readonly string[];
  /** An installed package: its version, and whether it finds a GPU. */
  readonly installed?: readonly [version: string, isUsingGpuDevice: boolean];
}

/** A copy of the files of the set-up, on a simulated machine. */
function workspace({ programs = {}, libraries: found = [], cudaHome = [], installed }: Machine) {
  const folder = mkdtempSync(join(tmpdir(), "kshot-gpu-setup-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const tensorFn = join(folder, "packages", "tensor-fn");
  mkdirSync(join(folder, "node_modules"));
  for (const part of ["tooling/gpu-setup.js", "tooling/gpu-setup"]) {
    cpSync(join(root, part), join(folder, part), { recursive: true });
  }
  writeFileSync(join(folder, "package.json"), '{ "type": "module" }');
  for (const part of ["package.json", "dist"]) {
    cpSync(join(root, "packages/tensor-fn", part), join(tensorFn, part), { recursive: true });
  }
  const linked = ["@kshot/contract", "tfjs-core", "tfjs-backend-cpu", "tfjs-backend-wasm"];
  for (const one of linked.map((part) => (part.startsWith("@") ? part : `@tensorflow/${part}`))) {
    const at = join(tensorFn, "node_modules", one);
    mkdirSync(dirname(at), { recursive: true });
    symlinkSync(realpathSync(join(root, "packages/tensor-fn/node_modules", one)), at);
  }
  const peer = join(tensorFn, "node_modules", name);
  if (installed) {
    mkdirSync(peer);
    writeFileSync(join(peer, "package.json"), JSON.stringify({ version: installed[0], main: "index.js" }));
    writeFileSync(join(peer, "index.js"), standIn(installed[1]));
  }
  const bin = join(folder, "bin");
  for (const [program, source] of Object.entries({ ldconfig: nothingCached, ...programs })) {
    mkdirSync(bin, { recursive: true });
    // Always CommonJS, and started without a PATH.
    writeFileSync(join(bin, "package.json"), "{}");
    writeFileSync(join(bin, program), `#!${process.execPath}\n${source}\n`);
    chmodSync(join(bin, program), 0o755);
  }
  const fill = (place: string, files: readonly string[]) => {
    mkdirSync(place, { recursive: true });
    for (const file of files) writeFileSync(join(place, file), "");
  };
  fill(join(folder, "lib"), found);
  fill(join(folder, "cuda", "lib64"), cudaHome);
  const environment = { PATH: bin, LD_LIBRARY_PATH: join(folder, "lib"), CUDA_HOME: join(folder, "cuda") };
  const setUp = (...options: string[]) => {
    const script = join(folder, "tooling", "gpu-setup.js");
    const done = spawnSync(process.execPath, [script, ...options], { encoding: "utf8", env: environment });
    return { ...done, asked: existsSync(join(folder, "npm-was-asked")), linked: existsSync(peer) };
  };
  return { folder, setUp };
}

describe.skipIf(process.platform !== "linux" || process.arch !== "x64")("pnpm gpu:setup", () => {
  test("a machine without a GPU: exit code 1, everything that is missing, nothing installed even with --yes", () => {
    const { setUp } = workspace({ programs: { npm: npm(true) } });
    const { status, stdout, stderr, asked, linked } = setUp("--yes");
    expect([status, stderr, asked, linked]).toEqual([1, "", false, false]);
    expect(stdout).toMatch(/ok +platform +linux x64/);
    expect(stdout).toMatch(/MISSING +card +nvidia-smi does not run/);
    for (const library of libraries) expect(stdout).toContain(library);
    expect(stdout).toMatch(/MISSING +@tensorflow\/tfjs-node-gpu +not installed/);
    expect(stdout).toMatch(/cannot be used.*\n +- A card of NVIDIA's/);
  });

  test("a card that nvidia-smi cannot reach", () => {
    const broken = 'console.log("NVIDIA-SMI has failed because it could not reach the driver."); process.exit(9)';
    const { status, stdout } = workspace({ programs: { "nvidia-smi": broken } }).setUp();
    expect(status).toBe(1);
    expect(stdout).toMatch(/MISSING +card +nvidia-smi finds none: NVIDIA-SMI has failed/);
  });

  test.each([
    ["450.80.02", "ok"],
    ["450.80.01", "MISSING"],
    ["450.9", "MISSING"],
    ["1000.1", "ok"],
  ])("driver %s: %s", (driver, word) => {
    const programs = { "nvidia-smi": `console.log("Tesla T4, 15360 MiB, ${driver}")`, npm: npm(true) };
    const { stdout, asked } = workspace({ programs }).setUp("--yes");
    expect(stdout).toMatch(new RegExp(`${word} +card +Tesla T4, 15360 MiB, driver ${driver}`));
    expect(asked).toBe(word === "ok");
  });

  test("missing libraries, libraries elsewhere and other versions are distinguished", () => {
    const cache = `console.log("\\tlibcudart.so.12 (libc6,x86-64) => /x/libcudart.so.12\\n\\tlibcublas.so.11 (libc6) => /x/libcublas.so.11")`;
    const { setUp, folder } = workspace({
      programs: { "nvidia-smi": a100, ldconfig: cache },
      libraries: libraries.filter((file) => !/cudart|cublas\.|cudnn/.test(file)),
      cudaHome: ["libcudnn.so.8"],
    });
    const { status, stdout } = setUp();
    expect(status).toBe(1);
    expect(stdout).toContain(
      "CUDA 11.2                  not found: libcudart.so.11.0 (what is there: libcudart.so.12)",
    );
    expect(stdout).toContain("cuDNN 8.1                  not found: libcudnn.so.8\n");
    expect(stdout).toContain(`cuDNN 8.1 is in ${join(folder, "cuda", "lib64")}, where the loader does not look`);
  });

  test("without --yes the package is explained, not installed; with it, it is installed and computes", () => {
    const { setUp, folder } = workspace({ programs: { "nvidia-smi": a100, npm: npm(true) }, libraries });
    const looked = setUp();
    expect([looked.status, looked.asked]).toEqual([1, false]);
    expect(looked.stdout).toMatch(/ok +CUDA 11\.2 .*libcudart\.so\.11\.0/);
    expect(looked.stdout).toMatch(/ok +cuDNN 8\.1/);
    expect(looked.stdout).toMatch(/- @tensorflow\/tfjs-node-gpu 4\.22\.0: {2}pnpm gpu:setup --yes/);

    const installed = setUp("--", "--yes");
    expect([installed.status, installed.asked, installed.linked]).toEqual([0, true, true]);
    expect(installed.stdout).toMatch(/ok +@tensorflow\/tfjs-node-gpu +4\.22\.0, installed just now/);
    expect(installed.stdout).toMatch(/ok +computing +a second derivative, on the GPU, and right/);
    expect(existsSync(join(folder, "node_modules", ".kshot-gpu", "package.json"))).toBe(true);

    rmSync(join(folder, "npm-was-asked"));
    const again = setUp("--yes");
    expect([again.status, again.asked]).toEqual([0, false]);
    expect(again.stdout).toMatch(/ok +@tensorflow\/tfjs-node-gpu +4\.22\.0\n/);
  });

  test("a failing npm leaves no files, and its message is shown", () => {
    const { setUp, folder } = workspace({ programs: { "nvidia-smi": a100, npm: brokenNpm }, libraries });
    const { status, stdout, stderr, linked } = setUp("--yes");
    expect([status, linked, existsSync(join(folder, "node_modules", ".kshot-gpu"))]).toEqual([1, false, false]);
    expect(stderr).toContain("ENOTFOUND storage.example");
    expect(stdout).toMatch(/npm install ended with code 7/);
  });

  test("an install of another version is named, does not count, and is replaced with --yes", () => {
    const machine = {
      programs: { "nvidia-smi": a100, npm: npm(true) },
      libraries,
      installed: ["4.20.0", true],
    } as const;
    const { setUp } = workspace(machine);
    const looked = setUp();
    expect([looked.status, looked.asked]).toEqual([1, false]);
    expect(looked.stdout).toMatch(/MISSING +@tensorflow\/tfjs-node-gpu +4\.20\.0/);
    expect(looked.stdout).toMatch(/MISSING +computing +.*in version 4\.20\.0/);
    expect(setUp("--yes")).toMatchObject({ status: 0, asked: true });
  });

  test("a package that loads and finds no GPU is not usable", () => {
    const { status, stdout } = workspace({
      programs: { "nvidia-smi": a100 },
      libraries,
      installed: ["4.22.0", false],
    }).setUp();
    expect(status).toBe(1);
    expect(stdout).toMatch(/MISSING +computing +.*finds no GPU/);
    expect(stdout).toMatch(/The GPU cannot be used/);
  });

  test("packages that are not built are named", () => {
    const { setUp, folder } = workspace({ programs: { "nvidia-smi": a100 }, libraries, installed: ["4.22.0", true] });
    rmSync(join(folder, "packages/tensor-fn/dist"), { recursive: true });
    const { status, stdout } = setUp();
    expect(status).toBe(1);
    expect(stdout).toMatch(/MISSING +computing +the packages are not built/);
  });

  test("an option that it does not know is refused", () => {
    const { status, stdout, stderr } = workspace({}).setUp("--force");
    expect([status, stdout]).toEqual([2, ""]);
    expect(stderr).toMatch(/found --force\. Expected --yes/);
  });
});
