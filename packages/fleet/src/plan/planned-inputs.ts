import { resolve } from "node:path";
import { dataError } from "@kshot/contract";
import type { Plan } from "@kshot/contract/schemas";
import { requirePlannedData } from "@kshot/experiment";
import { sha256File } from "@kshot/store";

/**
 * Checks, before a worker takes its first cell, that this machine has what was planned: the data of a suite, the model of a
 * population. Otherwise every cell that it takes would fail, and after three tries on no machine be computed.
 *
 * @param directory - folder of the plan, absolute
 * @throws `DATA` if they differ or cannot be read
 */
export async function requirePlannedInputs(directory: string, { work }: Plan): Promise<void> {
  if (work.kind === "suite") await requirePlannedData(directory, resolve(directory, work.data));
  else await requirePlannedFile(resolve(directory, work.model), work.modelSha256, "the model");
}

/** Checks that a file is the planned one. @throws `DATA` with the beginnings of both hashes */
export async function requirePlannedFile(file: string, planned: string, what: string): Promise<void> {
  const { sha256 } = await sha256File(file);
  if (sha256 === planned) return;
  throw dataError({
    where: file,
    found: `another file than ${what} that was planned (SHA-256 ${sha256.slice(0, 12)}…)`,
    expected: `${planned.slice(0, 12)}…`,
    todo: "Restore the planned file, or plan again in another folder",
  });
}
