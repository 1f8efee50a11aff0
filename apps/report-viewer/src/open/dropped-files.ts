/** Largest number of files taken from folders; a larger folder is probably not a run. */
const mostFiles = 2000;

/**
 * A folder or file by the newer of the browser's two interfaces; in Chromium, only this one can read folders in a page that was
 * opened from disk.
 */
interface Handle {
  readonly kind: "file" | "directory";
  readonly name: string;
  getFile?(): Promise<File>;
  values?(): AsyncIterable<Handle>;
}

/**
 * Files of a drop: files that were dropped directly, and the results (`results/*.json`) of dropped folders at any depth.
 *
 * @param transfer - must be read during its event; the browser empties it afterwards.
 */
export async function droppedFiles(transfer: DataTransfer | null): Promise<File[]> {
  const plain = [...(transfer?.files ?? [])];
  const items = [...(transfer?.items ?? [])].filter(({ kind }) => kind === "file");
  const entries = items.flatMap((item) => item.webkitGetAsEntry?.() ?? []);
  if (!entries.some(({ isDirectory }) => isDirectory)) return plain;
  const asked = items.map((item) =>
    (item as unknown as { getAsFileSystemHandle?: () => Promise<Handle | null> }).getAsFileSystemHandle?.(),
  );
  const found: File[] = [];
  for (const [i, entry] of entries.entries()) {
    const handle = await asked[i];
    if (handle) await takeHandle(handle, found, "");
    else await takeEntry(entry, found, "");
  }
  return found;
}

/** A file by its name, if it was dropped directly or is in a folder `results`. */
function isWanted(name: string, folder: string): boolean {
  return folder === "" || (folder === "results" && name.endsWith(".json"));
}

async function takeHandle(handle: Handle, found: File[], folder: string): Promise<void> {
  if (handle.kind === "file") {
    if (found.length < mostFiles && isWanted(handle.name, folder) && handle.getFile) found.push(await handle.getFile());
    return;
  }
  const inside: Handle[] = [];
  for await (const one of handle.values?.() ?? []) inside.push(one);
  for (const one of byName(inside)) await takeHandle(one, found, handle.name);
}

async function takeEntry(entry: FileSystemEntry, found: File[], folder: string): Promise<void> {
  if (entry.isFile) {
    if (found.length >= mostFiles || !isWanted(entry.name, folder)) return;
    found.push(await new Promise<File>((done, fail) => (entry as FileSystemFileEntry).file(done, fail)));
    return;
  }
  const reader = (entry as FileSystemDirectoryEntry).createReader();
  const inside: FileSystemEntry[] = [];
  // A reader returns at most a hundred entries at a time, and an empty list at the end.
  for (;;) {
    const some = await new Promise<FileSystemEntry[]>((done, fail) => reader.readEntries(done, fail));
    if (some.length === 0) break;
    inside.push(...some);
  }
  for (const one of byName(inside)) await takeEntry(one, found, entry.name);
}

function byName<One extends { readonly name: string }>(all: readonly One[]): One[] {
  return [...all].sort((a, b) => (a.name < b.name ? -1 : 1));
}
