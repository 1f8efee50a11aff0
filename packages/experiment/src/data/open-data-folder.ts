import type { DataSet } from "@kshot/contract";
import { readDataFolder, readDataFolderInWorker } from "@kshot/episodes";
import { recoverReplaced } from "@kshot/store";

/**
 * A data folder, read and checked. One whose replacement was cut off between its two renames is put back first.
 *
 * @param directory the data folder, absolute
 * @param size K support and Q query pairs per episode
 * @returns the data set
 * @throws as `readDataFolder`.
 */
export async function openDataFolder(
  directory: string,
  size: { readonly k: number; readonly q: number },
  { inWorker = false }: { readonly inWorker?: boolean } = {},
): Promise<DataSet> {
  await recoverReplaced(directory);
  return inWorker ? readDataFolderInWorker(directory, size) : readDataFolder(directory, size);
}
