/** So many files are taken from folders; a larger folder is hardly a run. */
const mostFiles = 2000;

/** Results of a run, by their path. */
const wanted = /(^|\/)results\/[^/]+\.json$/;

/**
 * Files of a drop: those that were dropped themselves, and of folders, however deep, the results (`results/*.json`).
 *
 * @param transfer - must be read while its event is handled; the browser empties it afterwards.
 */
export async function droppedFiles(transfer: DataTransfer | null): Promise<File[]> {
  const plain = [...(transfer?.files ?? [])];
  const entries = [...(transfer?.items ?? [])].flatMap((item) => item.webkitGetAsEntry?.() ?? []);
  if (!entries.some(({ isDirectory }) => isDirectory)) return plain;
  const found: File[] = [];
  for (const entry of entries) {
    if (entry.isDirectory) await inFolder(entry as FileSystemDirectoryEntry, found);
    else found.push(await fileOf(entry as FileSystemFileEntry));
  }
  return found;
}

async function inFolder(folder: FileSystemDirectoryEntry, found: File[]): Promise<void> {
  const reader = folder.createReader();
  // A reader gives at most a hundred entries at a time, and an empty list at the end.
  for (;;) {
    const entries = await new Promise<FileSystemEntry[]>((done, fail) => reader.readEntries(done, fail));
    if (entries.length === 0 || found.length >= mostFiles) return;
    for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
      if (entry.isDirectory) await inFolder(entry as FileSystemDirectoryEntry, found);
      else if (wanted.test(entry.fullPath) && found.length < mostFiles)
        found.push(await fileOf(entry as FileSystemFileEntry));
    }
  }
}

function fileOf(entry: FileSystemFileEntry): Promise<File> {
  return new Promise((done, fail) => entry.file(done, fail));
}
