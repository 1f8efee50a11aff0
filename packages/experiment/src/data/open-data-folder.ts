import type { DataSet } from "@kshot/contract";
import { readDataFolder, readDataFolderInWorker } from "@kshot/episodes";
import { recoverReplaced } from "@kshot/store";
import { requireAsPrepared } from "./folder-hashes.js";

/**
 * A data folder, read and checked. One whose replacement was cut off between its two renames is put back first.
 *
 * @param directory the data folder, absolute
 * @param size K support and Q query pairs per episode
 * @returns the data set
 * @throws as `readDataFolder`; `DATA` for files that are not those that `prepare` wrote.
 */
export async function openDataFolder(
  directory: string,
  size: { readonly k: number; readonly q: number },
  { inWorker = false }: { readonly inWorker?: boolean } = {},
): Promise<DataSet> {
  await recoverReplaced(directory);
  const data = await (inWorker ? readDataFolderInWorker(directory, size) : readDataFolder(directory, size));
  await requireAsPrepared(directory, data);
  return data;
}
