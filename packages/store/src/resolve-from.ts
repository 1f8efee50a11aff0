import { resolve } from "node:path";
import { usageError } from "@kshot/contract";

/**
 * Makes a path absolute. Relative paths start at `base`: the folder where the path was typed, or the folder of the file that
 * contains the path.
 *
 * @throws `USAGE` for an empty path and one with NUL.
 */
export function resolveFrom(base: string, path: string): string {
  if (path === "") throw usageError({ where: "path", found: "nothing", expected: "a file or folder" });
  if (path.includes("\0"))
    throw usageError({ where: `path ${path}`, found: "NUL in it", expected: "a file or folder" });
  return resolve(base, path);
}
