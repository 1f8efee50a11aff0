import { buildCommand } from "@stricli/core";
import { type TrainFlags, trainFlags } from "../flags/train.js";
import { withExamples } from "./command.js";

export const trainCommand = withExamples(
  buildCommand<TrainFlags, []>({
    loader: async () => (await import("../run/train.js")).runTrain,
    parameters: { aliases: { k: "k", q: "q" }, flags: trainFlags },
    docs: {
      brief: "Train, evaluate and compare algorithms",
      fullDescription:
        "Trains each algorithm, keeps its best iteration by validation MRR, evaluates it on the test people and prints the comparison.",
    },
  }),
  [
    ["kshot train", "the demo on the built-in campus, a few minutes"],
    ["kshot train --data data", "learners, counting methods and their hybrid"],
    ["kshot train --data data --algorithm gru,markov,popularity"],
    ["kshot train --data data --iterations 2000 --patience 5 --name trial --out runs"],
    ["kshot train --data data --warm-start gru", "start the meta-learners from the plain GRU"],
    ["kshot train --recipe best --data data", "the best settings of the study"],
    ["kshot train --suite default --data data", "every algorithm, three seeds, one comparison"],
    ["kshot train --resume", "continue the run that was stopped last"],
    ["kshot train --data data --device gpu", "on a graphics card, through WebGPU"],
    ["kshot train --data data --ranks 2 --rank 0 --rendezvous node1:29400 --token-file token"],
    ["kshot train --data data --ranks 2 --rank 1 --rendezvous node1:29400 --token-file token"],
  ],
);
