import type { KshotError } from "@kshot/contract";

/** Says that a results file was changed since kshot wrote it: what is shown then are the numbers of the changed file. */
export function warnOfDamage({ parts }: KshotError): void {
  process.stderr.write(`Warning: ${parts.where}: ${parts.found}. What is shown are the numbers of the changed file.\n`);
}
