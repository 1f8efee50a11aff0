import { usageError } from "@kshot/contract";
import { checkDataSetOptions } from "../../core/check-data-set-options.js";
import type { PrepareOptions } from "./options.js";
import { textDecoderOf } from "./readers/text-encoding.js";

/** @throws `USAGE` for the first invalid option. */
export function checkPrepareOptions(options: PrepareOptions): void {
  const { inputs, columns, skipBad = 0 } = options;
  if (inputs.length === 0)
    throw usageError({ where: "--input", found: "no file", expected: "one or more files of events" });
  checkDataSetOptions(options, columns.split !== undefined, (option) => `--${option}`);
  if (!Number.isInteger(skipBad) || skipBad < 0) {
    throw usageError({ where: "--skip-bad", found: `${skipBad}`, expected: "a whole number, 0 or more" });
  }
  if (options.timeUnit !== undefined && options.timeFormat !== undefined) {
    throw usageError({
      where: "--time-format",
      found: `--time-unit ${options.timeUnit} as well`,
      expected: "one of the two: numbers have a unit, text has a form",
    });
  }
  if (options.separator !== undefined) checkSeparator(options.separator, "--sep");
  if (options.titles?.separator !== undefined) checkSeparator(options.titles.separator, "--titles-sep");
  if (options.encoding !== undefined) textDecoderOf(options.encoding);
  if (options.titles?.encoding !== undefined) textDecoderOf(options.titles.encoding, "--titles-encoding");
}

function checkSeparator(separator: string, flag: string): void {
  const bytes = new TextEncoder().encode(separator).length;
  if (bytes >= 1 && bytes <= 4 && !/["\r\n]/.test(separator)) return;
  throw usageError({
    where: flag,
    found: JSON.stringify(separator),
    expected: "1 to 4 bytes of text without quotes and line ends, as ; or :: or \\t",
  });
}
