import { usageError } from "@kshot/contract";
import type { DataSetOptions, Shares } from "./build-data-set.js";

/**
 * @param options all options of a data set
 * @param splitGiven whether the events contain each person's split
 * @param shown the name of an option in messages, from its flag without hyphens: `session-gap`
 * @throws `USAGE` for the first invalid option.
 */
export function checkDataSetOptions(
  options: DataSetOptions,
  splitGiven: boolean,
  shown: (flag: string) => string,
): void {
  const { split, splitTime, sessionGap, dataSeed } = options;
  checkShares(shown("split"), split, { zeros: true });
  if (splitTime) checkShares(shown("split-time"), splitTime, { zeros: false });
  if (splitTime && splitGiven) {
    throw usageError({
      where: shown("split-time"),
      found: `${shown("split-by")} as well`,
      expected: "one way to split",
    });
  }
  if (split[0] === 1 && (splitTime || splitGiven)) {
    throw usageError({
      where: shown("split"),
      found: `${split.join(",")} and ${shown(splitTime ? "split-time" : "split-by")}`,
      expected: "one way to split",
    });
  }
  for (const [where, value, least] of [
    ["k", options.k, 1],
    ["q", options.q, 1],
    ["max-prefix", options.maxPrefix, 0],
    ["min-events-per-user", options.minEventsPerUser ?? 1, 1],
    ["min-events-per-item", options.minEventsPerItem ?? 1, 1],
    ["top-items", options.topItems ?? 1, 1],
  ] as const) {
    if (!Number.isInteger(value) || value < least) {
      throw usageError({ where: shown(where), found: `${value}`, expected: `a whole number, ${least} or more` });
    }
  }
  if (sessionGap !== null && !(sessionGap >= 0)) {
    throw usageError({ where: shown("session-gap"), found: `${sessionGap}`, expected: "seconds, 0 or more, or none" });
  }
  if (!Number.isSafeInteger(dataSeed)) {
    throw usageError({ where: shown("data-seed"), found: `${dataSeed}`, expected: "a whole number" });
  }
}

function checkShares(where: string, shares: Shares, { zeros }: { zeros: boolean }): void {
  const sum = shares[0] + shares[1] + shares[2];
  const everyone = zeros && shares[0] === 1 && shares[1] === 0 && shares[2] === 0;
  if (everyone || (shares.every((share) => share > 0) && Math.abs(sum - 1) < 1e-9)) return;
  throw usageError({
    where,
    found: shares.join(", "),
    expected: `three positive shares that add up to 1${zeros ? ", or 1,0,0 to train on all people" : ""}`,
  });
}
