import { exitCodeOf, KshotError } from "@kshot/contract/errors";
import { printable } from "@kshot/contract/printable";
import {
  buildApplication,
  buildCommand,
  buildRouteMap,
  type Command,
  type CommandContext,
  run,
  type StricliDynamicCommandContext,
  text_en,
} from "@stricli/core";
import { cannotStart, unexpected } from "./cannot-start.js";
import { commandTable, type Route } from "./command-table.js";
import { argumentError } from "./flags/argument-errors.js";
import { commandBriefs, helpOfProgram } from "./program-help.js";

/**
 * The command line: routes, wording of errors, exit codes (docs/errors.md).
 *
 * @param options.command the name of the command to run; undefined, or a name that is not a command: none is loaded
 */
export async function application({ debug, command }: { debug: boolean; command?: string | undefined }) {
  const routes: Record<string, Route> = Object.fromEntries(
    commandBriefs.map(({ name, brief }) => [name, notLoaded(brief)]),
  );
  const entry = command !== undefined && Object.hasOwn(commandTable, command) ? commandTable[command] : undefined;
  if (command !== undefined && entry !== undefined) routes[command] = await entry.load();
  const root = {
    ...buildRouteMap({ routes, docs: { brief: "Learns to recommend from a person's first five clicks" } }),
    formatHelp: helpOfProgram,
  };
  return buildApplication(root, {
    name: "kshot",
    versionInfo: { getCurrentVersion: async () => (await import("./program.js")).version },
    scanner: {
      caseStyle: "allow-kebab-for-camel",
      allowArgumentEscapeSequence: true,
      // A command that differs in more than two letters is not suggested.
      distanceOptions: { threshold: 2, weights: { insertion: 1, deletion: 1, substitution: 1, transposition: 1 } },
    },
    documentation: { caseStyle: "convert-camel-to-kebab", onlyRequiredInUsageLine: true },
    determineExitCode: exitCodeOf,
    localization: {
      text: {
        ...text_en,
        exceptionWhileParsingArguments: (error) =>
          `kshot: ${shown(argumentError(error) ?? wordingOf(error, debug))} See kshot <command> --help.`,
        noCommandRegisteredForInput: ({ input, corrections: [nearest] }) =>
          `kshot: ${printable(input)}: no such command.${nearest === undefined ? "" : ` Did you mean ${nearest.replaceAll("`", "")}?`} See kshot --help.`,
        exceptionWhileRunningCommand: (error) => `kshot: ${shown(wordingOf(error, debug))}`,
        exceptionWhileLoadingCommandFunction: (error) => shown(cannotStart(error)).trimEnd(),
        commandErrorResult: (error) => `kshot: ${shown(wordingOf(error, debug))}`,
      },
    },
  });
}

/** Runs the command that the words name. It sets `process.exitCode`, to the library's codes. */
export async function runApplication(inputs: readonly string[], debug: boolean): Promise<void> {
  // Node types an unset exit code as undefined, the library as null. Both mean "none yet".
  const context = { process } as unknown as StricliDynamicCommandContext<CommandContext>;
  await run(await application({ debug, command: inputs[0] }), inputs, context);
}

/** A command in the list of the program's help. It does nothing. */
function notLoaded(brief: string): Command<CommandContext> {
  return buildCommand({ func: () => {}, parameters: {}, docs: { brief } });
}

/** A message with names of files and values in it, without characters that a terminal executes. */
const shown = (message: string) => printable(message, { lines: true });

/** One paragraph; with `--debug` also the stack and the causes. */
function wordingOf(error: unknown, debug: boolean): string {
  if (debug && error instanceof Error)
    return `${error.stack ?? error.message}${error.cause instanceof Error ? `\nCaused by: ${error.cause.stack}` : ""}`;
  return KshotError.isInstance(error) ? error.message : unexpected(error);
}
