import { lstatSync } from "node:fs";
import { dirname, join } from "node:path";
import { type AlgorithmName, dataError } from "@kshot/contract";
import { checkpointFolder } from "./run-files.js";

/**
 * Refuses a run folder that is a symbolic link, or that has links as folders of results and models: files would be written
 * outside the run.
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
      expected: "a real folder inside the run, so that nothing outside it is written",
      todo: "Replace the link by the folder",
    });
  }
}
