import { KshotError, messageOf } from "@kshot/contract/errors";
import { ArgumentScannerError, formatMessageForArgumentScannerError } from "@stricli/core";
import { inKebab } from "./as-typed.js";

/** An error in the arguments, in the form of all other errors: where, found, expected. Null for any other error. */
export function argumentError(error: unknown): string | null {
  if (!(error instanceof ArgumentScannerError)) return null;
  const message = formatMessageForArgumentScannerError(error, {
    ArgumentParseError: ({ externalFlagNameOrPlaceholder: name, exception, input }) => {
      const where = name === name.toUpperCase() ? name : `--${inKebab(name)}`;
      if (!KshotError.isInstance(exception)) return `${where}: "${input}". ${messageOf(exception)}.`;
      return new KshotError(exception.code, { ...exception.parts, where }).message;
    },
    FlagNotFoundError: ({ input, corrections }) => {
      const [nearest] = corrections;
      const typed = (name: string) => `--${inKebab(name.replace(/^-+/, ""))}`;
      return `${typed(input)}: no such flag.${nearest === undefined ? "" : ` Did you mean ${typed(nearest)}?`}`;
    },
    UnsatisfiedFlagError: ({ externalFlagName, nextFlagName }) =>
      `--${inKebab(externalFlagName)}: nothing${nextFlagName === undefined ? "" : ` before --${inKebab(nextFlagName)}`}. Expected a value.`,
    UnsatisfiedPositionalError: ({ placeholder }) => `${placeholder}: nothing. Expected a value.`,
  });
  const typed = message.replace(/ for --\w+/, inKebab);
  return /[.?]$/.test(typed) ? typed : `${typed}.`;
}
