/** The message of anything that was thrown. */
export function messageOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}

/** Whether Node refused to read a file because it is too large: bytes of more than 2 GB, or text of more than 512 MB. */
export function isTooLarge(cause: unknown): boolean {
  const code = systemCodeOf(cause);
  return code === "ERR_FS_FILE_TOO_LARGE" || code === "ERR_STRING_TOO_LONG";
}

/** The code of an error of Node, such as `ENOENT` or `EADDRINUSE`; undefined if there is none. */
export function systemCodeOf(cause: unknown): string | undefined {
  const code = typeof cause === "object" && cause !== null && "code" in cause ? cause.code : undefined;
  return typeof code === "string" ? code : undefined;
}
