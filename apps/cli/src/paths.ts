import { relative, resolve } from "node:path";
import { usageError } from "@kshot/contract";

/** Where the person typed the command: pnpm runs scripts in the package's folder and says so in INIT_CWD. */
export function typedIn(): string {
  return process.env.INIT_CWD ?? process.cwd();
}

/** A path of the command line, absolute. */
export function typedPath(path: string): string {
  if (path === "") {
    throw usageError({
      where: "a path",
      found: "empty text, as an unset variable gives",
      expected: "a file or a folder",
    });
  }
  return resolve(typedIn(), path);
}

/** A path as a person reads it: relative to where the command was typed. */
export function shownPath(path: string): string {
  return relative(typedIn(), path) || ".";
}
