import { relative, resolve } from "node:path";
import { usageError } from "@kshot/contract";

/** The folder where the command was typed. pnpm runs scripts in the package's folder and has the original folder in INIT_CWD. */
export function typedIn(): string {
  return process.env.INIT_CWD ?? process.cwd();
}

/** The absolute path of a path on the command line. */
export function typedPath(path: string): string {
  if (path === "") {
    throw usageError({
      where: "a path",
      found: "empty text, as an unset variable gives",
      expected: "a file or a folder",
    });
  }
  if (path.includes("\0")) {
    throw usageError({ where: `the path ${path}`, found: "NUL in it", expected: "the path of a file or a folder" });
  }
  return resolve(typedIn(), path);
}

/** A path for messages: relative to the folder where the command was typed. */
export function shownPath(path: string): string {
  return relative(typedIn(), path) || ".";
}
