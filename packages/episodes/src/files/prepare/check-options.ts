import { usageError } from "@kshot/contract";
import type { PrepareOptions } from "./options.js";

/** @throws a `USAGE` error for the first option that cannot be used. */
export function checkPrepareOptions({ inputs, split, k, q, sessionGap, maxPrefix, dataSeed }: PrepareOptions): void {
  if (inputs.length === 0)
    throw usageError({ where: "input", found: "no file", expected: "one or more files of events" });
  const sum = split[0] + split[1] + split[2];
  if (split.some((share) => !(share > 0)) || !(Math.abs(sum - 1) < 1e-9)) {
    throw usageError({ where: "split", found: split.join(", "), expected: "three positive shares that add up to 1" });
  }
  for (const [where, value, least] of [
    ["k", k, 1],
    ["q", q, 1],
    ["max-prefix", maxPrefix, 0],
  ] as const) {
    if (!Number.isInteger(value) || value < least) {
      throw usageError({ where, found: `${value}`, expected: `a whole number, ${least} or more` });
    }
  }
  if (sessionGap !== null && !(sessionGap >= 0)) {
    throw usageError({ where: "session-gap", found: `${sessionGap}`, expected: "seconds, 0 or more, or none" });
  }
  if (!Number.isSafeInteger(dataSeed)) {
    throw usageError({ where: "data-seed", found: `${dataSeed}`, expected: "a whole number" });
  }
}
