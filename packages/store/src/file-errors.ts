import { dataError, failedError, isTooLarge, KshotError, messageOf, systemCodeOf, usageError } from "@kshot/contract";

/** The operating system's error codes in words. */
const meanings: Readonly<Record<string, string>> = {
  EACCES: "no permission",
  EDQUOT: "the disk quota is used up",
  EEXIST: "it exists already",
  EFBIG: "the file would be larger than the system allows",
  EIO: "the disk reported an error",
  EISDIR: "a folder, not a file",
  ELOOP: "symbolic links that form a cycle",
  EMFILE: "too many open files",
  ENAMETOOLONG: "a name that is too long",
  ENFILE: "too many open files",
  ENOENT: "no such file or folder",
  ENOSPC: "no space is left on the disk",
  ENOTDIR: "a file where a folder was expected",
  EPERM: "the system does not permit it",
  EROFS: "a read-only file system",
  ERR_INVALID_ARG_VALUE: "a character that no path can have",
};

/** Codes that mean that the caller cannot use this path. All others mean that the machine failed. */
const wrongPath = new Set([
  "EACCES",
  "EEXIST",
  "EISDIR",
  "ELOOP",
  "ENAMETOOLONG",
  "ENOENT",
  "ENOTDIR",
  "EPERM",
  "EROFS",
  "ERR_INVALID_ARG_VALUE",
]);

/**
 * The error of a write: `USAGE` if the path is wrong, `FAILED` if the disk or machine failed. Errors of kshot are returned
 * unchanged.
 */
export function writeError(path: string, cause: unknown): KshotError {
  if (KshotError.isInstance(cause)) return cause;
  const code = systemCodeOf(cause);
  const parts = { where: path, found: `Cannot be written: ${meaning(code, cause)}`, cause };
  return code !== undefined && wrongPath.has(code)
    ? usageError({ ...parts, todo: "Choose another path, or make this one writable" })
    : failedError({
        ...parts,
        todo: "The earlier content is unchanged. Free disk space or repair the disk, and run the command again",
      });
}

/**
 * The error of a read: `DATA` if the path is wrong, `FAILED` if the disk or machine failed. Errors of kshot are returned
 * unchanged.
 */
export function readError(path: string, cause: unknown): KshotError {
  if (KshotError.isInstance(cause)) return cause;
  if (isTooLarge(cause))
    return dataError({ where: path, found: "a file of more than 2 GB", expected: "a smaller one", cause });
  const code = systemCodeOf(cause);
  const parts = { where: path, found: `Cannot be read: ${meaning(code, cause)}`, cause };
  return code !== undefined && wrongPath.has(code)
    ? dataError({ ...parts, expected: "a file that can be read", todo: "Check the path" })
    : failedError(parts);
}

function meaning(code: string | undefined, cause: unknown): string {
  if (code === undefined) return messageOf(cause);
  const words = meanings[code];
  return words === undefined ? code : `${words} (${code})`;
}
