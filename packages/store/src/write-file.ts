import fs, { type FileHandle } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { systemCodeOf } from "@kshot/contract";
import { recoverReplaced } from "./abandoned.js";
import { syncFolder, temporaryBeside } from "./atomic-rename.js";
import { writeError } from "./file-errors.js";
import { type ReplaceRule, requireReplaceable } from "./replaceable.js";
import { type FileContent, writeContent } from "./write-content.js";

/**
 * Writes a file atomically: to a temporary file in the same folder, forced to the disk, then renamed to `path`. Missing parent
 * folders are created. A reader sees the old content or the new one, also if the process is killed. A killed process can leave
 * the temporary file, `.name.tmp-…`; the next process that writes there removes it. With a rule, an existing file is replaced
 * only if the rule allows it. Without a rule, the file belongs to a run or a project of kshot and is replaced.
 *
 * @throws `USAGE` for a path that cannot be written (no permission, a folder), `FAILED` for a full or broken disk. The message
 * names the path; the temporary file is removed and the earlier content is unchanged.
 * @example
 * ```js
 * import { readFile } from "node:fs/promises";
 * import { writeFileAtomic } from "@kshot/store";
 *
 * await writeFileAtomic("notes/today.txt", "five clicks\n");
 * console.log(await readFile("notes/today.txt", "utf8")); // five clicks
 * ```
 */
export async function writeFileAtomic(path: string, content: FileContent, rule?: ReplaceRule): Promise<void> {
  if (rule) await requireReplaceable(path, rule);
  const target = resolve(path);
  let temporary: string | undefined;
  try {
    await fs.mkdir(dirname(target), { recursive: true });
    await recoverOnce(target);
    const created = await createBeside(target);
    temporary = created.path;
    try {
      await writeContent(created.file, content);
    } finally {
      await created.file.close();
    }
    await fs.rename(temporary, target);
  } catch (cause) {
    if (temporary !== undefined) await fs.rm(temporary, { force: true }).catch(() => {});
    throw writeError(path, cause);
  }
  await syncFolder(dirname(target));
}

/** Targets that were checked for temporary files of killed processes. */
const recovered = new Set<string>();

async function recoverOnce(target: string): Promise<void> {
  if (recovered.has(target)) return;
  recovered.add(target);
  await recoverReplaced(target);
}

/**
 * A new, empty file in the target's folder. If a process of another machine on a shared disk has the name, the next name is
 * tried.
 */
async function createBeside(target: string): Promise<{ path: string; file: FileHandle }> {
  for (;;) {
    const path = temporaryBeside(target);
    try {
      return { path, file: await fs.open(path, "wx") };
    } catch (cause) {
      if (systemCodeOf(cause) !== "EEXIST") throw cause;
    }
  }
}

/** Removes a file, if it exists, and the temporary files of killed processes that wrote it. @throws `USAGE` if it may not be removed. */
export async function removeFile(path: string): Promise<void> {
  await recoverOnce(resolve(path));
  try {
    await fs.rm(path, { force: true });
  } catch (cause) {
    throw writeError(path, cause);
  }
}
