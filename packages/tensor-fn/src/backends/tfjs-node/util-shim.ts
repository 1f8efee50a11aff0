import { createRequire } from "node:module";

/** The functions of `util` that TensorFlow.js 4.22 calls in every kernel. */
const taken: Readonly<Record<string, (value: unknown) => boolean>> = {
  isNullOrUndefined: (value) => value === null || value === undefined,
  isArray: Array.isArray,
};

/**
 * Defines `util.isNullOrUndefined`, which Node 23 removed, and `util.isArray`, which is deprecated. Where Node still has them, it
 * warns at the first call; these replacements do not. Functions that are not enumerable in Node stay so.
 */
export function restoreNodeUtil(): void {
  // The module object that require("util") returns; the namespace of an import is read-only.
  const util: Record<string, unknown> = createRequire(import.meta.url)("node:util");
  for (const [name, value] of Object.entries(taken)) {
    Object.defineProperty(util, name, { value, writable: true, configurable: true, enumerable: name in util });
  }
}
