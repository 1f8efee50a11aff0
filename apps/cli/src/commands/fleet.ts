import type { PlanKind } from "@kshot/fleet";
import { buildCommand, buildRouteMap, type Command, type CommandContext } from "@stricli/core";
import {
  type CellFlags,
  cellFlags,
  type FinishFlags,
  finishFlags,
  type StatusFlags,
  statusFlags,
  type WorkFlags,
  workFlags,
} from "../flags/fleet.js";
import { type Example, type HelpText, programHelp } from "../terminal/help.js";
import { withExamples } from "./command.js";

const planFolder = {
  kind: "tuple",
  parameters: [{ parse: String, placeholder: "DIR", brief: "Folder of the plan" }],
} as const;

/** `work`, `cell` and `status` of any kind of plan. */
export function planCommands(kind: PlanKind) {
  const examples = (...lines: readonly (readonly [string, string?])[]): Example[] =>
    lines.map(([typed, does]) => (does === undefined ? [`kshot ${kind} ${typed}`] : [`kshot ${kind} ${typed}`, does]));
  return {
    work: withExamples(
      buildCommand<WorkFlags, [string]>({
        loader: async () => (await import("../run/fleet.js")).runWork(kind),
        parameters: { flags: workFlags, positional: planFolder },
        docs: {
          brief: "Work on a plan until all its cells are done, on any machine",
          fullDescription:
            "Claims cells and computes them, each in a separate process. Run it on any number of machines. If a machine does not respond, another one takes over its cell and continues from the checkpoint. Ctrl-C writes checkpoints and returns the current cells.",
        },
      }),
      examples(
        ["work DIR", "all cores of this machine"],
        ["work DIR --workers 2 --threads 4"],
        ["work DIR --queue redis://queue.example:6379"],
      ),
    ),
    cell: withExamples(
      buildCommand<CellFlags, [string]>({
        loader: async () => (await import("../run/fleet.js")).runCell(kind),
        parameters: { flags: cellFlags, positional: planFolder },
        docs: {
          brief: "Compute one cell by its number: for Slurm arrays and Kubernetes Indexed Jobs",
          fullDescription:
            "Computes one cell, after the cells that it needs; those that no worker computes are computed here. A cell that is done is not computed again; the exit code is 0. A cell that was stopped continues from its checkpoint.",
        },
      }),
      examples(["cell DIR --index 7"], ["cell DIR", "the index of the Slurm or Kubernetes task"]),
    ),
    status: withExamples(
      buildCommand<StatusFlags, [string]>({
        loader: async () => (await import("../run/fleet.js")).runStatus(kind),
        parameters: { flags: statusFlags, positional: planFolder },
        docs: {
          brief: "Show which cells wait, run (where, since when), are done or failed (why)",
          fullDescription: "Shows the state of each cell of a plan, and the estimated time left.",
        },
      }),
      examples(["status DIR"], ["status DIR --watch"], ["status DIR --json"]),
    ),
  };
}

/** `finish` of a kind of plan. */
export function finishCommand(
  kind: PlanKind,
  load: () => Promise<(flags: FinishFlags, directory: string) => Promise<void>>,
  help: { readonly brief: string; readonly fullDescription: string },
) {
  return withExamples(
    buildCommand<FinishFlags, [string]>({
      loader: async () => {
        const run = await load();
        return async (flags, directory) => {
          await run(flags, directory);
        };
      },
      parameters: { flags: finishFlags, positional: planFolder },
      docs: help,
    }),
    [[`kshot ${kind} finish DIR`]],
  );
}

/** A command made of commands, whose `--help` lists them. */
export function groupCommand(
  kind: PlanKind,
  routes: Readonly<Record<string, Command<CommandContext>>>,
  help: HelpText & { readonly brief: string },
): ReturnType<typeof buildRouteMap> {
  const lines = Object.entries(routes).map(([name, { brief }]) => ({ name, brief }));
  return {
    ...buildRouteMap({ routes, docs: { brief: help.brief } }),
    formatHelp: () =>
      programHelp(`kshot ${kind}`, help, lines, "Every command has --help. DIR is the folder that plan created."),
  };
}
