import { buildCommand } from "@stricli/core";
import { type SuitePlanFlags, suitePlanFlags } from "../flags/fleet.js";
import { withExamples } from "./command.js";
import { finishCommand, groupCommand, planCommands } from "./fleet.js";

const plan = withExamples(
  buildCommand<SuitePlanFlags, []>({
    loader: async () => (await import("../run/suite.js")).runSuitePlan,
    parameters: { flags: suitePlanFlags },
    docs: {
      brief: "Cut a suite into cells, one for each run and seed",
      fullDescription:
        "Checks a suite and its data and writes plan.json: one cell for each run and seed, with its dependencies. The plan fixes the build of the engine, so that all machines compute the same numbers.",
    },
  }),
  [
    ["kshot suite plan --suite default --data data --out suite"],
    ["kshot suite plan --suite sweep.json --data data --out sweep", "with a sweep: draws, halving"],
  ],
);

export const suiteCommand = groupCommand(
  "suite",
  {
    plan,
    ...planCommands("suite"),
    finish: finishCommand("suite", async () => (await import("../run/suite.js")).runSuiteFinish, {
      brief: "Compare all results of a suite whose cells are done, and write its page",
      fullDescription: "Prints the comparison of all runs and writes report.html into the folder of the plan.",
    }),
  },
  {
    brief: "A suite on many machines: plan, work, status, finish",
    fullDescription:
      "Cuts a suite (many runs, several seeds, one comparison) or a sweep into cells. Any number of machines compute them: with a shared folder, BullMQ on Redis or PostgreSQL, a Slurm array or a Kubernetes Indexed Job (docs/scale.md). train --suite does all of it in one command on one machine.",
    examples: [
      ["kshot suite plan --suite default --data data --out suite"],
      ["kshot suite work suite", "on every machine"],
      ["kshot suite status suite --watch"],
      ["kshot suite finish suite"],
    ],
  },
);
