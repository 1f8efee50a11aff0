import { isAbsolute, relative, resolve, sep } from "node:path";
import { dataError } from "@kshot/contract";
import type { Registry } from "@kshot/contract/schemas";
import { registryPath } from "./registry-path.js";

/** A run as `meta.json` lists it. */
export type RunEntry = Registry["runs"][number];

/**
 * The folder of a run, absolute.
 *
 * @throws `DATA` for an `out_dir` outside the project folder: nothing outside it is written.
 */
export function runDirectory(project: string, { run_id, out_dir }: RunEntry): string {
  const directory = resolve(project, out_dir);
  if (!isOutside(resolve(project), directory) && directory !== resolve(project)) return directory;
  throw dataError({
    where: `${registryPath(project)}, run ${run_id}, out_dir`,
    found: JSON.stringify(out_dir),
    expected: "a folder inside the project folder, as reports/<name>/<tag>",
  });
}

/** Whether a path is neither a folder nor inside it. Both are absolute. */
export function isOutside(folder: string, path: string): boolean {
  const inside = relative(folder, path);
  return isAbsolute(inside) || inside === ".." || inside.startsWith(`..${sep}`);
}
