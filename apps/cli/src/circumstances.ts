import { randomUUID } from "node:crypto";
import { availableParallelism } from "node:os";
import type { RunCircumstances } from "@kshot/experiment";

/** The clock, ids and machine of this process. */
export function circumstances(): RunCircumstances {
  return {
    now: () => new Date(),
    seconds: () => performance.now() / 1000,
    newId: () => randomUUID().replaceAll("-", ""),
    command: ["kshot", ...process.argv.slice(2)].map(quoted).join(" "),
    host: {
      node: process.versions.node,
      platform: process.platform,
      arch: process.arch,
      cores: availableParallelism(),
    },
  };
}

function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
