import { usageError } from "@kshot/contract";
import type { PrepareOptions, Shares } from "./options.js";
import { textDecoderOf } from "./readers/text-encoding.js";

/** @throws `USAGE` for the first invalid option. */
export function checkPrepareOptions(options: PrepareOptions): void {
  const { inputs, columns, split, splitTime, k, q, sessionGap, maxPrefix, dataSeed } = options;
  if (inputs.length === 0)
    throw usageError({ where: "--input", found: "no file", expected: "one or more files of events" });
  checkShares("--split", split, { zeros: true });
  if (splitTime) checkShares("--split-time", splitTime, { zeros: false });
  if (splitTime && columns.split !== undefined) {
    throw usageError({ where: "--split-time", found: "--split-by as well", expected: "one way to split" });
  }
  for (const [where, value, least] of [
    ["--k", k, 1],
    ["--q", q, 1],
    ["--max-prefix", maxPrefix, 0],
    ["--skip-bad", options.skipBad ?? 0, 0],
    ["--min-events-per-user", options.minEventsPerUser ?? 1, 1],
    ["--min-events-per-item", options.minEventsPerItem ?? 1, 1],
    ["--top-items", options.topItems ?? 1, 1],
  ] as const) {
    if (!Number.isInteger(value) || value < least) {
      throw usageError({ where, found: `${value}`, expected: `a whole number, ${least} or more` });
    }
  }
  if (sessionGap !== null && !(sessionGap >= 0)) {
    throw usageError({ where: "--session-gap", found: `${sessionGap}`, expected: "seconds, 0 or more, or none" });
  }
  if (!Number.isSafeInteger(dataSeed)) {
    throw usageError({ where: "--data-seed", found: `${dataSeed}`, expected: "a whole number" });
  }
  if (options.timeUnit !== undefined && options.timeFormat !== undefined) {
    throw usageError({
      where: "--time-format",
      found: `--time-unit ${options.timeUnit} as well`,
      expected: "one of the two: numbers have a unit, text has a form",
    });
  }
  if (options.separator !== undefined) checkSeparator(options.separator);
  if (options.encoding !== undefined) textDecoderOf(options.encoding);
}

function checkShares(where: string, shares: Shares, { zeros }: { zeros: boolean }): void {
  const sum = shares[0] + shares[1] + shares[2];
  const everyone = zeros && shares[0] === 1 && shares[1] === 0 && shares[2] === 0;
  if (everyone || (shares.every((share) => share > 0) && Math.abs(sum - 1) < 1e-9)) return;
  throw usageError({
    where,
    found: shares.join(", "),
    expected: `three positive shares that add up to 1${zeros ? ", or 1,0,0 to train on everyone" : ""}`,
  });
}

function checkSeparator(separator: string): void {
  const bytes = new TextEncoder().encode(separator).length;
  if (bytes >= 1 && bytes <= 4 && !/["\r\n]/.test(separator)) return;
  throw usageError({
    where: "--sep",
    found: JSON.stringify(separator),
    expected: "1 to 4 bytes of text without quotes and line ends, as ; or :: or \\t",
  });
}
