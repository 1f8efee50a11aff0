import { buildCommand } from "@stricli/core";
import { type PopulationPlanFlags, populationPlanFlags } from "../flags/population.js";
import { withExamples } from "./command.js";
import { finishCommand, groupCommand, planCommands } from "./fleet.js";

const plan = withExamples(
  buildCommand<PopulationPlanFlags, []>({
    loader: async () => (await import("../run/population.js")).runPopulationPlan,
    parameters: { flags: populationPlanFlags },
    docs: {
      brief: "Cut the people of files of events into shards",
      fullDescription:
        "Reads events of many people and writes one file of events for each shard, by a hash of the person, and plan.json. The plan fixes the model and the build of the engine.",
    },
  }),
  [["kshot population plan --events 'in/*.parquet' --model RUN --shards 1024 --out lists"]],
);

export const populationCommand = groupCommand(
  "population",
  {
    plan,
    ...planCommands("population"),
    finish: finishCommand("population", async () => (await import("../run/population.js")).runPopulationFinish, {
      brief: "Write _MANIFEST.json once all shards are done",
      fullDescription: "Writes _MANIFEST.json with people, rows, bytes and SHA-256 of every file.",
    }),
  },
  {
    brief: "Lists for very many people on many machines: plan, work, status, finish",
    fullDescription:
      "Ranks items for each person in files of events. The people are cut into shards, and any number of machines compute them. Writes recs/shard=N/part-0.parquet, sorted by person and rank, and _MANIFEST.json (docs/scale.md).",
    examples: [
      ["kshot population plan --events 'in/*.parquet' --model RUN --shards 1024 --out lists"],
      ["kshot population work lists", "on every machine"],
      ["kshot population finish lists"],
    ],
  },
);
