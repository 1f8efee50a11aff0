import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { onTestFinished } from "vitest";
import { bytesOf } from "./bytes-of.js";

/** A folder with these files, removed when the test ends. */
export async function temporaryFolder(
  files: Iterable<readonly [path: string, content: Parameters<typeof bytesOf>[0]]> = [],
): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), "kshot-episodes-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  for (const [path, content] of files) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), await bytesOf(content));
  }
  return folder;
}
