import { resolve } from "node:path";
import { usageError } from "@kshot/contract";

/**
 * A path as an absolute one: relative paths start at `base`, the folder where a person typed it or that holds the file it
 * stands in.
 *
 * @throws `USAGE` for an empty path.
 */
export function resolveFrom(base: string, path: string): string {
  if (path === "") throw usageError({ where: "path", found: "nothing", expected: "a file or folder" });
  return resolve(base, path);
}
