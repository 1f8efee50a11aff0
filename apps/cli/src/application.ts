import { exitCodeOf, KshotError } from "@kshot/contract";
import { buildApplication, buildRouteMap, text_en } from "@stricli/core";
import { benchCommand } from "./commands/bench.js";
import { compareCommand } from "./commands/compare.js";
import { doctorCommand } from "./commands/doctor.js";
import { evaluateCommand } from "./commands/evaluate.js";
import { exportCommand } from "./commands/export.js";
import { importCommand } from "./commands/import.js";
import { inspectCommand } from "./commands/inspect.js";
import { prepareCommand } from "./commands/prepare.js";
import { recommendCommand } from "./commands/recommend.js";
import { reportCommand } from "./commands/report.js";
import { serveCommand } from "./commands/serve.js";
import { synthCommand } from "./commands/synth.js";
import { trainCommand } from "./commands/train.js";
import { argumentError } from "./flags/argument-errors.js";
import { type HelpText, programHelp } from "./terminal/help.js";
import { version } from "./version.js";

const routes = {
  train: trainCommand,
  prepare: prepareCommand,
  synth: synthCommand,
  evaluate: evaluateCommand,
  compare: compareCommand,
  report: reportCommand,
  recommend: recommendCommand,
  serve: serveCommand,
  export: exportCommand,
  import: importCommand,
  inspect: inspectCommand,
  bench: benchCommand,
  doctor: doctorCommand,
};

/** Names of the commands. */
export const commandNames = Object.keys(routes);

const docs: HelpText = {
  fullDescription:
    "Learns to recommend from a person's first five clicks: a GRU predicts the next item, Meta-SGD learns its starting weights and one inner learning rate per weight.",
  examples: [
    ["kshot train", "the built-in demo: trains, evaluates, compares"],
    ["kshot prepare --input events.csv --user user_id --item course_id --time timestamp --out data"],
    ["kshot train --data data", "the default settings on your data"],
    ["kshot doctor", "checks this machine's numbers"],
  ],
};

const exitCodes = "Exit codes: 0 done, 1 failed, 2 wrong usage, 3 bad data or file, 130 interrupted.";

/** The command line: routes, wording of errors, exit codes (docs/errors.md). */
export function application({ debug }: { debug: boolean }) {
  const commands = Object.entries(routes).map(([name, { brief }]) => ({ name, brief }));
  const root = {
    ...buildRouteMap({ routes, docs: { brief: "Learns to recommend from a person's first five clicks" } }),
    formatHelp: () => programHelp("kshot", docs, commands, exitCodes),
  };
  return buildApplication(root, {
    name: "kshot",
    versionInfo: { currentVersion: version },
    scanner: {
      caseStyle: "allow-kebab-for-camel",
      allowArgumentEscapeSequence: true,
      // Words that differ in more than two letters are not suggested.
      distanceOptions: { threshold: 2, weights: { insertion: 1, deletion: 1, substitution: 1, transposition: 1 } },
    },
    documentation: { caseStyle: "convert-camel-to-kebab", onlyRequiredInUsageLine: true },
    determineExitCode: exitCodeOf,
    localization: {
      text: {
        ...text_en,
        exceptionWhileParsingArguments: (error) =>
          `kshot: ${argumentError(error) ?? wordingOf(error, debug)} See kshot <command> --help.`,
        noCommandRegisteredForInput: ({ input, corrections: [nearest] }) =>
          `kshot: ${input}: no such command.${nearest === undefined ? "" : ` Did you mean ${nearest.replaceAll("`", "")}?`} See kshot --help.`,
        exceptionWhileRunningCommand: (error) => `kshot: ${wordingOf(error, debug)}`,
        exceptionWhileLoadingCommandFunction: (error) =>
          `kshot: the command could not be loaded. ${wordingOf(error, debug)}`,
        commandErrorResult: (error) => `kshot: ${wordingOf(error, debug)}`,
      },
    },
  });
}

/** One paragraph; with `--debug` also the stack and the causes. */
function wordingOf(error: unknown, debug: boolean): string {
  if (!(error instanceof Error)) return String(error);
  if (debug)
    return `${error.stack ?? error.message}${error.cause instanceof Error ? `\nCaused by: ${error.cause.stack}` : ""}`;
  if (KshotError.isInstance(error)) return error.message;
  return /[.!?]$/.test(error.message) ? error.message : `${error.message}.`;
}
