import { resolve } from "node:path";
import { usageError } from "@kshot/contract";

/**
 * Refuses two outputs of one command at the same path: the second would replace the first.
 *
 * @param outputs the path of each flag; undefined: not asked for
 * @throws `USAGE`, naming both flags
 */
export function requireDifferentOutputs(outputs: Readonly<Record<string, string | undefined>>): void {
  const before = new Map<string, string>();
  for (const [flag, path] of Object.entries(outputs)) {
    if (path === undefined) continue;
    const first = before.get(resolve(path));
    if (first !== undefined)
      throw usageError({ where: flag, found: `${path}, the path of ${first} as well`, expected: "another path" });
    before.set(resolve(path), flag);
  }
}
