import { dataError } from "@kshot/contract";

/**
 * Checks that the data of a folder are those that a suite was planned on.
 *
 * @throws `DATA` with the beginnings of both fingerprints
 */
export function requireFingerprint(dataDir: string, found: string, planned: string): void {
  if (found === planned) return;
  throw dataError({
    where: dataDir,
    found: `the data ${found.slice(0, 12)}…`,
    expected: `${planned.slice(0, 12)}…, the data that the suite was planned on`,
    todo: "Restore those data, or plan a new suite in another folder",
  });
}
