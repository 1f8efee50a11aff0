import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach } from "vitest";

/** A separate folder for each test of a file, removed afterwards. */
export function scratchFolder(): { readonly path: string; at(...parts: string[]): string } {
  const scratch = { path: "", at: (...parts: string[]) => join(scratch.path, ...parts) };
  beforeEach(() => {
    scratch.path = mkdtempSync(join(tmpdir(), "kshot-store-"));
  });
  afterEach(() => rmSync(scratch.path, { recursive: true, force: true }));
  return scratch;
}

/** Names in a folder, sorted, with hidden ones, so that a remaining temporary file is noticed. */
export function names(folder: string): string[] {
  return readdirSync(folder).sort();
}

/** An error as `node:fs` throws it. */
export function systemError(code: string): NodeJS.ErrnoException {
  return Object.assign(new Error(`${code}: from the test`), { code });
}
