import { createRequire } from "node:module";

/** What TensorFlow.js 4.22 takes from `util` and calls with every kernel. */
const taken: Readonly<Record<string, (value: unknown) => boolean>> = {
  isNullOrUndefined: (value) => value === null || value === undefined,
  isArray: Array.isArray,
};

/**
 * Puts `util.isNullOrUndefined` back, which Node 23 dropped, and `util.isArray`, which Node means to drop. Where Node still has them it
 * warns at the first call; ours mean the same and do not. What Node does not list stays unlisted.
 */
export function restoreNodeUtil(): void {
  // The module object that require("util") gives out; an import's namespace cannot be written to.
  const util: Record<string, unknown> = createRequire(import.meta.url)("node:util");
  for (const [name, value] of Object.entries(taken)) {
    Object.defineProperty(util, name, { value, writable: true, configurable: true, enumerable: name in util });
  }
}
