import { lstatSync } from "node:fs";
import { dirname, join } from "node:path";
import { type AlgorithmName, dataError } from "@kshot/contract";
import { checkpointFolder } from "./run-files.js";

/**
 * Refuses a run folder that is a symbolic link, or has one where it keeps results and models: what is written there would land elsewhere.
 *
 * @throws `DATA`, naming the link.
 */
export function requireOwnFolders(directory: string, algorithms: readonly AlgorithmName[]): void {
  const models = algorithms.flatMap((name) => [dirname(checkpointFolder(name)), checkpointFolder(name)]);
  for (const folder of ["", "results", "models", ...models]) {
    const path = join(directory, folder);
    if (lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() !== true) continue;
    throw dataError({
      where: path,
      found: "a symbolic link",
      expected: "a folder of the run's own, so that nothing outside it is written to",
      todo: "Move the folder back to its place",
    });
  }
}
