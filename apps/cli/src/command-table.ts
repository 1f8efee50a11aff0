import type { buildRouteMap, Command, CommandContext } from "@stricli/core";

/** A command, or a group of commands. */
export type Route = Command<CommandContext> | ReturnType<typeof buildRouteMap>;

/** A command that is not loaded yet. */
interface CommandEntry {
  /** The command's line in the help of the program; equal to the brief of the command itself. */
  readonly brief: string;
  /** Loads the command with its flags. */
  readonly load: () => Promise<Route>;
}

/** All commands by name, in the order of the help. A command's module is loaded only when the command runs or shows its help. */
export const commandTable: Readonly<Record<string, CommandEntry>> = {
  train: {
    brief: "Train, evaluate and compare algorithms",
    load: async () => (await import("./commands/train.js")).trainCommand,
  },
  prepare: {
    brief: "Turn files of events into a data folder",
    load: async () => (await import("./commands/prepare.js")).prepareCommand,
  },
  synth: {
    brief: "Write the events of the synthetic campus",
    load: async () => (await import("./commands/synth.js")).synthCommand,
  },
  evaluate: {
    brief: "Evaluate a saved model: steps curve, K curve, both windows",
    load: async () => (await import("./commands/evaluate.js")).evaluateCommand,
  },
  compare: {
    brief: "Compare results: intervals, paired differences, tests",
    load: async () => (await import("./commands/compare.js")).compareCommand,
  },
  suite: {
    brief: "A suite on many machines: plan, work, status, finish",
    load: async () => (await import("./commands/suite.js")).suiteCommand,
  },
  population: {
    brief: "Lists for very many people on many machines: plan, work, status, finish",
    load: async () => (await import("./commands/population.js")).populationCommand,
  },
  report: {
    brief: "Put results into one HTML page",
    load: async () => (await import("./commands/report.js")).reportCommand,
  },
  recommend: {
    brief: "Rank all items for one person or for many, after fitting the model to their clicks",
    load: async () => (await import("./commands/recommend.js")).recommendCommand,
  },
  serve: {
    brief: "Serve recommendations over HTTP",
    load: async () => (await import("./commands/serve.js")).serveCommand,
  },
  export: {
    brief: "Write a model as ONNX, as trained or fitted to one person",
    load: async () => (await import("./commands/export.js")).exportCommand,
  },
  import: {
    brief: "Import the weights of a PyTorch GRU",
    load: async () => (await import("./commands/import.js")).importCommand,
  },
  inspect: {
    brief: "Show the content of a folder or file, and whether it is valid",
    load: async () => (await import("./commands/inspect.js")).inspectCommand,
  },
  bench: {
    brief: "Time meta-training and one person's adaptation on this machine",
    load: async () => (await import("./commands/bench.js")).benchCommand,
  },
  doctor: {
    brief: "Compare this machine's engines with golden values",
    load: async () => (await import("./commands/doctor.js")).doctorCommand,
  },
};

/** The names of the commands, in the order of the help. */
export const commandNames: readonly string[] = Object.keys(commandTable);
