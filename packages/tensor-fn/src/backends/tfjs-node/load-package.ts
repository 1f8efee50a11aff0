import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { failedError, messageOf, usageError } from "@kshot/contract";
import { advice, packageName, packageVersion } from "./package-name.js";
import { restoreNodeUtil } from "./util-shim.js";

const where = "backend tensorflow";
const require = createRequire(import.meta.url);

/** The package's package.json, searched where Node searches modules of this file; undefined if there is none. */
export function findPackage(): string | undefined {
  // Not `require.resolve`, which reports a damaged installation as a missing one.
  const folders = require.resolve.paths(packageName) ?? [];
  return folders.map((folder) => join(folder, packageName, "package.json")).find((file) => existsSync(file));
}

/**
 * Loads TensorFlow's library for Node; it registers the backend `tensorflow` and its kernels with the TensorFlow.js in use.
 *
 * @throws `USAGE` if the package is not installed; `FAILED` for another version, or if it does not load
 */
export function loadPackage(): void {
  const manifest = findPackage();
  if (manifest === undefined) {
    throw usageError({
      where,
      found: `the optional package ${packageName} is not installed`,
      expected: `version ${packageVersion}`,
      todo: advice,
    });
  }
  const version = versionIn(manifest);
  if (version !== packageVersion) {
    throw failedError({
      where,
      found: `${packageName} is installed in version ${version} (${manifest})`,
      expected: `version ${packageVersion}, the same as @tensorflow/tfjs-core`,
      todo: advice,
    });
  }
  restoreNodeUtil();
  // The library reads it when it loads. Without it, hardware notes appear on stderr between kshot's messages.
  process.env.TF_CPP_MIN_LOG_LEVEL ??= "2";
  try {
    // A literal name, so that a search for imports finds it.
    require("@tensorflow/tfjs-node-gpu");
  } catch (cause) {
    throw failedError({
      where,
      found: `${packageName} ${version} is installed but does not load: ${whatIsMissing(cause)}`,
      expected: "a package whose install script has fetched or built its native part for this machine",
      todo: advice,
      cause,
    });
  }
}

function versionIn(manifest: string): string {
  try {
    return String((JSON.parse(readFileSync(manifest, "utf8")) as { version?: unknown }).version);
  } catch (cause) {
    throw failedError({
      where,
      found: `${manifest} cannot be read: ${firstLine(cause)}`,
      expected: `${packageName} ${packageVersion}`,
      todo: advice,
      cause,
    });
  }
}

/** One line that describes the package's error. */
function whatIsMissing(cause: unknown): string {
  const message = firstLine(cause);
  return /native addon module/.test(message) ? "its native part, tfjs_binding.node, is not there" : message;
}

function firstLine(cause: unknown): string {
  const text = messageOf(cause);
  return (text.trim().split("\n")[0] ?? "").trim().replace(/[.:]$/, "");
}
