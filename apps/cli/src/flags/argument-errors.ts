import { KshotError } from "@kshot/contract/errors";
import { ArgumentScannerError, formatMessageForArgumentScannerError } from "@stricli/core";

/** An error in the arguments, in the form of all other errors: where, found, expected. Null for any other error. */
export function argumentError(error: unknown): string | null {
  if (!(error instanceof ArgumentScannerError)) return null;
  const message = formatMessageForArgumentScannerError(error, {
    ArgumentParseError: ({ externalFlagNameOrPlaceholder: name, exception, input }) => {
      const where = name === name.toUpperCase() ? name : `--${name}`;
      if (!KshotError.isInstance(exception)) return `${where}: "${input}". ${(exception as Error).message}.`;
      return new KshotError(exception.code, { ...exception.parts, where }).message;
    },
    FlagNotFoundError: ({ input, corrections }) => {
      const [nearest] = corrections;
      return `--${input.replace(/^-+/, "")}: no such flag.${nearest === undefined ? "" : ` Did you mean --${nearest.replace(/^-+/, "")}?`}`;
    },
    UnsatisfiedFlagError: ({ externalFlagName, nextFlagName }) =>
      `--${externalFlagName}: nothing${nextFlagName === undefined ? "" : ` before --${nextFlagName}`}. Expected a value.`,
  });
  return /[.?]$/.test(message) ? message : `${message}.`;
}
