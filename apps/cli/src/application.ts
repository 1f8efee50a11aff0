import { exitCodeOf, KshotError } from "@kshot/contract/errors";
import { printable } from "@kshot/contract/printable";
import {
  buildApplication,
  buildCommand,
  buildRouteMap,
  type Command,
  type CommandContext,
  text_en,
} from "@stricli/core";
import { cannotStart } from "./cannot-start.js";
import { commandNames, commandTable, type Route } from "./command-table.js";
import { argumentError } from "./flags/argument-errors.js";
import { type HelpText, programHelp } from "./terminal/help.js";

const docs: HelpText = {
  fullDescription:
    "Learns to recommend from a person's first five clicks: a GRU predicts the next item, and Meta-SGD learns its initial weights and one inner learning rate per weight.",
  examples: [
    ["kshot train", "the built-in demo: trains, evaluates, compares"],
    ["kshot prepare --input events.csv --user user_id --item course_id --time timestamp --out data"],
    ["kshot train --data data", "the default settings on your data"],
    ["kshot doctor", "checks this machine's numbers"],
  ],
};

const exitCodes = "Exit codes: 0 done, 1 failed, 2 wrong usage, 3 bad data or file, 130 interrupted.";

/**
 * The command line: routes, wording of errors, exit codes (docs/errors.md).
 *
 * @param options.command the name of the command to run; undefined, or a name that is not a command: none is loaded
 */
export async function application({ debug, command }: { debug: boolean; command?: string | undefined }) {
  const commands = commandNames.map((name) => ({ name, brief: commandTable[name]?.brief ?? "" }));
  const routes: Record<string, Route> = Object.fromEntries(commands.map(({ name, brief }) => [name, notLoaded(brief)]));
  const entry = command !== undefined && Object.hasOwn(commandTable, command) ? commandTable[command] : undefined;
  if (command !== undefined && entry !== undefined) routes[command] = await entry.load();
  const root = {
    ...buildRouteMap({ routes, docs: { brief: "Learns to recommend from a person's first five clicks" } }),
    formatHelp: () => programHelp("kshot", docs, commands, exitCodes),
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

/** A command in the list of the program's help. It does nothing. */
function notLoaded(brief: string): Command<CommandContext> {
  return buildCommand({ func: () => {}, parameters: {}, docs: { brief } });
}

/** A message with names of files and values in it, without characters that a terminal executes. */
const shown = (message: string) => printable(message, { lines: true });

/** One paragraph; with `--debug` also the stack and the causes. */
function wordingOf(error: unknown, debug: boolean): string {
  if (!(error instanceof Error)) return String(error);
  if (debug)
    return `${error.stack ?? error.message}${error.cause instanceof Error ? `\nCaused by: ${error.cause.stack}` : ""}`;
  if (KshotError.isInstance(error)) return error.message;
  return /[.!?]$/.test(error.message) ? error.message : `${error.message}.`;
}
