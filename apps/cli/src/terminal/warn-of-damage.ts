import type { KshotError } from "@kshot/contract";

/** Warns that a results file was changed since kshot wrote it: the output has the numbers of the changed file. */
export function warnOfDamage({ parts }: KshotError): void {
  process.stderr.write(`Warning: ${parts.where}: ${parts.found}. The output has the numbers of the changed file.\n`);
}
