import { rmSync } from "node:fs";

/** Folders of this process that must not remain if it ends: folders that are being built, and scratch folders. */
export const unfinishedFolders = new Set<string>();

/** Removes incomplete folders immediately: for a program that gets a signal, before it exits. */
export function removeUnfinishedFolders(): void {
  for (const folder of unfinishedFolders) rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
}
