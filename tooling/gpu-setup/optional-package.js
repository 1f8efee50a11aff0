import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const root = fileURLToPath(new URL("../../", import.meta.url));
const tensorFn = join(root, "packages", "tensor-fn");

export const packageName = "@tensorflow/tfjs-node-gpu";
/** The version that tensor-fn's package.json asks for. */
export const packageVersion = readJson(join(tensorFn, "package.json")).peerDependencies[packageName];

/** Separate from pnpm's packages: no package.json and no lock file changes. */
const folder = join(root, "node_modules", ".kshot-gpu");
const installed = join(folder, "node_modules", packageName);
/** Where tensor-fn finds it. */
const link = join(tensorFn, "node_modules", packageName);

/** The version that tensor-fn would load; undefined: none. */
export function installedVersion() {
  const places = [tensorFn, join(root, "packages"), root].map((place) => join(place, "node_modules", packageName));
  const manifest = places.map((place) => join(place, "package.json")).find((file) => existsSync(file));
  if (manifest === undefined) return undefined;
  try {
    return String(readJson(manifest).version);
  } catch {
    return `a package.json that cannot be read, ${manifest}`;
  }
}

/** Installs the package with npm, install script and all, and links it where tensor-fn looks. */
export function install() {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  // Without it npm would look for a package.json further up, and find the workspace's.
  writeFileSync(join(folder, "package.json"), '{ "private": true }\n');
  const wanted = `${packageName}@${packageVersion}`;
  const done = spawnSync("npm", ["install", "--no-audit", "--no-fund", "--foreground-scripts", wanted], {
    cwd: folder,
    stdio: "inherit",
    shell: process.platform === "win32",
  });
  if (done.status !== 0 || !existsSync(installed)) {
    rmSync(folder, { recursive: true, force: true });
    return {
      what: packageName,
      found: done.error ? `npm does not run: ${done.error.message}` : `npm install ended with code ${done.status}`,
      fits: false,
      advice:
        "What npm asks for above. The package's install script downloads from storage.googleapis.com, past npm's registry (TFJS_NODE_CDN_STORAGE names a mirror)",
    };
  }
  rmSync(link, { recursive: true, force: true });
  mkdirSync(dirname(link), { recursive: true });
  symlinkSync(installed, link, "junction");
  return { what: packageName, found: `${packageVersion}, installed just now`, fits: true };
}

/** Takes a second derivative on the GPU, in a separate process, so that a crash of the native part does not lose the report. */
export function compute() {
  const what = "computing";
  const built = join(tensorFn, "dist", "index.js");
  if (!existsSync(built)) {
    return { what, found: "the packages are not built", fits: false, advice: "The packages built:  pnpm build" };
  }
  const program = `
    import { add, grad, readSync, scalar, square, tanh, useGpu } from ${JSON.stringify(pathToFileURL(built).href)};
    const value = async () => {
      await useGpu();
      return { value: readSync(grad(grad((x) => add(square(x), tanh(x))))(scalar(0.5)))[0] };
    };
    console.log(JSON.stringify(await value().catch(({ message }) => ({ message }))));`;
  const done = spawnSync(process.execPath, ["--input-type=module", "--eval", program], { encoding: "utf8", cwd: root });
  const { value, message } = answer(done);
  // d²(x² + tanh x)/dx² at 0.5.
  if (Math.abs(value - 1.2731) < 1e-4) return { what, found: "a second derivative, on the GPU, and right", fits: true };
  return {
    what,
    found: message ?? `a second derivative comes out as ${value}, not 1.2731`,
    fits: false,
    advice: "What the line of computing says, once nothing above it is missing",
  };
}

function answer({ stdout, stderr, signal, status }) {
  try {
    return JSON.parse(stdout.trim().split("\n").at(-1));
  } catch {
    return { message: `ended with ${signal ?? `code ${status}`}: ${stderr.trim().split("\n")[0]}` };
  }
}

function readJson(file) {
  return JSON.parse(readFileSync(file, "utf8"));
}
