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
  if (split) checkPeopleShares(shown("split"), split);
  if (splitTime) checkShares(shown("split-time"), splitTime);
  const [way, ...others] = [
    ...(split ? [["split", split.join(",")] as const] : []),
    ...(splitTime ? [["split-time", splitTime.join(",")] as const] : []),
    ...(splitGiven ? [["split-by", "a column"] as const] : []),
  ];
  if (way && others.length > 0) {
    const found = [way[1], ...others.map(([flag]) => shown(flag))].join(" and ");
    throw usageError({ where: shown(way[0]), found, expected: "one way to split" });
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

const threeShares = "three positive shares that add up to 1, such as .8,.1,.1";

function checkShares(where: string, shares: Shares): void {
  if (shares.every((share) => share > 0) && addUp(shares)) return;
  throw usageError({ where, found: shares.join(","), expected: threeShares });
}

/** Shares of people: those of validation and test may both be 0. */
function checkPeopleShares(where: string, shares: Shares): void {
  const [train, val, test] = shares;
  if (!shares.every((share) => share >= 0) || !addUp(shares)) {
    throw usageError({ where, found: shares.join(","), expected: `${threeShares}, or 1,0,0 to train on all people` });
  }
  if (train === 1 || shares.every((share) => share > 0)) return;
  const nobody = [
    ...(train === 0 ? ["train on"] : []),
    ...(val === 0 ? ["choose the iteration by (validation)"] : []),
    ...(test === 0 ? ["evaluate on (test)"] : []),
  ];
  throw usageError({
    where,
    found: `${shares.join(",")}, which leaves no people to ${nobody.join(", and none to ")}`,
    expected: `${threeShares}, or 1,0,0 to train on all people`,
    todo: "For a model from all data, find the number of iterations with --split .8,.1,.1, then prepare with --split 1,0,0 and give that number to train --iterations",
  });
}

function addUp(shares: Shares): boolean {
  return Math.abs(shares[0] + shares[1] + shares[2] - 1) < 1e-9;
}
