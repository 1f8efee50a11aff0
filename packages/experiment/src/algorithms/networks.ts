import type { NetworkName } from "@kshot/comparison";
import type { AlgorithmName } from "@kshot/contract";
import type { Config } from "@kshot/contract/schemas";
import type { MetaAlgorithmName } from "@kshot/meta-sgd";
import { warmStartOf } from "../config/index.js";
import { fineTune } from "./fine-tune.js";
import type { NetworkTraining, TrainedNetwork } from "./network-training.js";
import { trainFromTuned } from "./train-from-tuned.js";
import { type MetaStart, trainMetaLearner } from "./train-meta-learner.js";
import { trainPlainGru } from "./train-supervised.js";

/** A network that must be trained before another. */
export interface Need {
  readonly algorithm: AlgorithmName;
  /**
   * `required`: by the run itself; `or file`: by the run, otherwise by the start file; `if trained`: only if the run trains it.
   */
  readonly from: "required" | "or file" | "if trained";
  /** The flag that asks for it and the alternatives, for the error if it is missing. */
  readonly flag: string;
  readonly expected: string;
}

/** An algorithm that saves a network. */
export interface NetworkAlgorithm {
  /** The unit of its best iteration. */
  readonly unit: "epoch" | "iteration";
  /** Networks that it starts from. */
  needs(config: Config): readonly Need[];
  train(options: NetworkTraining): Promise<TrainedNetwork>;
}

function supervised(name: "gru" | "gru-context"): NetworkAlgorithm {
  return { unit: "epoch", needs: () => [], train: (options) => trainPlainGru(name, options) };
}

function metaLearner(name: MetaAlgorithmName): NetworkAlgorithm {
  return { unit: "iteration", needs: warmStartNeeds, train: (options) => trainFromWarmStart(name, options) };
}

/**
 * Every algorithm that saves a network; a new one is one row here and one file. `supportRules` defines how it uses the support
 * pairs.
 */
export const networkAlgorithms: Readonly<Record<NetworkName, NetworkAlgorithm>> = {
  "meta-sgd": metaLearner("meta-sgd"),
  maml: metaLearner("maml"),
  fomaml: metaLearner("fomaml"),
  reptile: metaLearner("reptile"),
  anil: metaLearner("anil"),
  "residual-maml": metaLearner("residual-maml"),
  gru: supervised("gru"),
  "gru-context": supervised("gru-context"),
  "gru-finetuned": {
    unit: "iteration",
    needs: () => [
      {
        algorithm: "gru",
        from: "or file",
        flag: "--algorithm gru-finetuned",
        expected: "--algorithm with gru, or --warm-start with the file of a plain GRU",
      },
    ],
    train: fineTune,
  },
};

/** Networks that a configuration's warm start needs. */
export function warmStartNeeds(config: Pick<Config, "metasgd_config">): readonly Need[] {
  const start = warmStartOf(config);
  if (start.kind === "network") {
    const { algorithm } = start;
    const expected = `--algorithm with ${algorithm}, or the file of a trained model`;
    return [{ algorithm, from: "or file", flag: `--warm-start ${algorithm}`, expected }];
  }
  if (start.kind !== "tuned") return [];
  const flag = "--warm-start tuned";
  const expected = "--algorithm with gru, and with gru-context to read the support pairs as well";
  return [
    { algorithm: "gru", from: "required", flag, expected },
    { algorithm: "gru-context", from: "if trained", flag, expected },
  ];
}

async function trainFromWarmStart(name: MetaAlgorithmName, options: NetworkTraining): Promise<TrainedNetwork> {
  if (warmStartOf(options.config).kind === "tuned") return trainFromTuned(name, options);
  return trainMetaLearner(name, options, await metaStart(name, options));
}

async function metaStart(name: MetaAlgorithmName, { config, starts }: NetworkTraining): Promise<MetaStart> {
  const start = warmStartOf(config);
  // The network that the others start from is trained from random parameters.
  if (start.kind === "none" || (start.kind === "network" && start.algorithm === name)) return {};
  const own = start.kind === "network" ? starts.own(start.algorithm) : undefined;
  return { theta: (own ?? (await starts.fromFile())).theta };
}
