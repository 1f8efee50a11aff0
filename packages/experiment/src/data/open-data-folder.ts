import type { DataSet } from "@kshot/contract";
import { readDataFolder, readDataFolderInWorker } from "@kshot/episodes";
import { recoverReplaced } from "@kshot/store";
import { requireAsPrepared } from "./folder-hashes.js";
import { isSmallFolder } from "./small-folder.js";

/**
 * Reads and checks a data folder. If its replacement was interrupted between the two renames, it is restored first.
 *
 * @param directory the data folder, absolute
 * @param size K support and Q query pairs per episode
 * @param options `inWorker`: a folder that is not small is read in a thread, whose memory is released with it
 * @returns the data set
 * @throws as `readDataFolder`; `DATA` for files that `prepare` did not write.
 */
export async function openDataFolder(
  directory: string,
  size: { readonly k: number; readonly q: number },
  { inWorker = false }: { readonly inWorker?: boolean } = {},
): Promise<DataSet> {
  await recoverReplaced(directory);
  const inThread = inWorker && !(await isSmallFolder(directory));
  const data = await (inThread ? readDataFolderInWorker(directory, size) : readDataFolder(directory, size));
  await requireAsPrepared(directory, data);
  return data;
}
