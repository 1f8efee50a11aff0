import {
  type AdaptingGroup,
  type AlgorithmName,
  type AskedMetric,
  adaptingGroups,
  algorithmNames,
  usageError,
} from "@kshot/contract";
import { type EngineFlags, engineFlags } from "./engine.js";
import {
  anonymousBrief,
  type FlagsOf,
  metricsFlag,
  optional,
  optionalToggle,
  optionalWords,
  standardWords,
  toggle,
} from "./flag.js";
import { commaList, decimal, hostAndPort, oneOf, seed, wholeNumber } from "./parsers.js";

/** Flags of `train`. */
export interface TrainFlags extends EngineFlags {
  readonly preset?: "demo" | "notebook";
  readonly data?: string;
  readonly config?: string;
  readonly recipe?: "best";
  readonly budget?: number;
  readonly seenRule?: boolean;
  readonly hybridJoint?: "auto" | "off";
  readonly hybridNetworks?: number;
  readonly suite?: string;
  readonly resume?: string;
  readonly algorithm?: AlgorithmName[];
  readonly iterations?: number;
  readonly epochs?: number;
  readonly batchPairs?: number;
  readonly patience?: number;
  readonly k?: number;
  readonly q?: number;
  readonly embeddingDim?: number;
  readonly hiddenDim?: number;
  readonly layers?: number;
  readonly innerSteps?: number;
  readonly metaBatch?: number;
  readonly outerLr?: number;
  readonly alphaInit?: number;
  readonly alphaRange?: [number, number];
  readonly alphaLr?: number;
  readonly alphaSharing?: "element" | "row" | "tensor" | "scalar";
  readonly adapts?: AdaptingGroup;
  readonly order?: 1 | 2;
  readonly warmStart?: string;
  readonly seed?: number;
  readonly dataSeed?: number;
  readonly mask?: "carry" | "notebook";
  readonly episodes?: "random" | "first";
  readonly pairs?: "all" | "episodes";
  readonly split?: "val" | "test";
  readonly metrics?: AskedMetric[];
  readonly anonymous?: boolean;
  readonly exportDraws?: string;
  readonly evalInterval?: number;
  readonly evalEpochs?: number;
  readonly checkpointInterval?: number;
  readonly ranks?: number;
  readonly rank?: number;
  readonly rendezvous?: string;
  readonly tokenFile?: string;
  readonly waitForRanks?: number;
  readonly name?: string;
  readonly out?: string;
  readonly open: boolean;
  readonly log: "text" | "json";
}

const alphaRange = (input: string): [number, number] => {
  const values = commaList(decimal(), "two numbers, LO,HI")(input);
  const [low, high] = values;
  if (values.length !== 2 || low === undefined || high === undefined || low > high) {
    throw usageError({ found: `"${input}"`, expected: "two numbers, the lower first, as 0.0001,0.1" });
  }
  return [low, high];
};

const order = (input: string) => Number(oneOf(["1", "2"])(input)) as 1 | 2;

export const trainFlags: FlagsOf<TrainFlags> = {
  preset: optionalWords(["demo", "notebook"], "Settings to start from", "demo without --data, notebook with it"),
  data: optional("DIR", String, "Data folder, as `prepare` writes it", "the demo's own data"),
  config: optional("FILE", String, "Settings in JSON, as a run's config.json; flags override it"),
  recipe: optionalWords(["best"], "The best settings of docs/study.md; flags override them", "none"),
  budget: optional(
    "MINUTES",
    decimal(0, { orEqual: true }),
    "Time for the recipe's search for the network's size and dropout, on two cores; 0: no search",
    "10",
  ),
  suite: optional(
    "FILE|default",
    String,
    "Train several runs with several seeds and compare them; the same command continues a stopped suite. `default`: the built-in suite",
  ),
  resume: {
    ...optional("RUN", String, "Continue a stopped run, named by tag, NAME/TAG or folder; without a value the newest"),
    inferEmpty: true,
  },
  algorithm: {
    ...optional(
      "LIST",
      commaList(oneOf(algorithmNames), `some of ${algorithmNames.join(", ")}`),
      "Algorithms to train and compare, separated by commas",
      "gru,maml,meta-sgd; the demo: also popularity,markov,ideal; with --data and no --preset, --recipe or --config: also popularity,markov,mixture,gru-context,hybrid",
    ),
    values: algorithmNames,
  },
  seenRule: optionalToggle(
    "Stack each counting method with the features of the items that a person has seen, weights fitted on the validation people; `mixture` and `hybrid` always have them",
  ),
  hybridJoint: optionalWords(
    ["auto", "off"],
    "Whether `hybrid` also tries a GRU and Meta-SGD that are trained on the scores of its counts; they are kept only if the gain on the validation people is significant",
    "auto",
  ),
  hybridNetworks: optional(
    "N",
    wholeNumber(1, 16),
    "Networks in `hybrid`: the chosen one, and GRUs of other seeds if the loss of the validation people is smaller with them; time of training and of a recommendation grow with N",
    "10; 5 for more than 20,000 train pairs or 250,000 parameters, 3 for more than 100,000 or 1,000,000, 1 for more than ten times as many",
  ),
  iterations: optional("N", wholeNumber(), "Meta-iterations", "10000"),
  epochs: optional("N", wholeNumber(1), "Largest number of epochs of the plain GRU", "50"),
  batchPairs: optional("N", wholeNumber(1), "Pairs in a minibatch of the plain GRU, in whole sessions", "256"),
  patience: optional(
    "N",
    wholeNumber(),
    "Number of validations without a better MRR after which a meta-learner stops; 0: no early stop",
    "0",
  ),
  k: optional("N", wholeNumber(1), "Support pairs per episode", "that of the data folder, otherwise 5"),
  q: optional("N", wholeNumber(1), "Query pairs per episode", "that of the data folder, otherwise 10"),
  embeddingDim: optional("N", wholeNumber(1), "Size of the item embedding", "64; the demo: 16"),
  hiddenDim: optional("N", wholeNumber(1), "Size of the GRU's state", "128; the demo: 32"),
  layers: optional("N", wholeNumber(1), "Layers of the GRU", "1"),
  innerSteps: optional("N", wholeNumber(), "Inner gradient steps", "5"),
  metaBatch: optional("N", wholeNumber(1), "People per meta-iteration", "32"),
  outerLr: optional(
    "RATE",
    decimal(0, { orEqual: true }),
    "Outer learning rate of θ, and of α without --alpha-lr; 0: θ does not change",
    "0.001",
  ),
  alphaInit: optional("RATE", decimal(0), "Starting value of every inner learning rate α", "0.01"),
  alphaRange: optional("LO,HI", alphaRange, "Range that α is clamped to", "0.0001,0.1"),
  alphaLr: optional("RATE", decimal(0), "Outer learning rate of α", "that of θ"),
  alphaSharing: optionalWords(
    ["element", "row", "tensor", "scalar"],
    "Parameters that share one learned rate: none, a matrix row, a tensor, all",
    "element",
  ),
  adapts: optionalWords(adaptingGroups, "The tensors that adapt", "all"),
  order: optional("1|2", order, "2: exact meta-gradient; 1: without second derivatives", "2"),
  warmStart: optional(
    "START",
    String,
    "Initial model of the meta-learners: a FILE; gru, gru-context or maml of this run; or tuned, the best fine-tuning of the run's GRUs",
    "random weights",
  ),
  ...engineFlags,
  seed: optional("N", seed, "Seed of the training", "42"),
  dataSeed: optional("N", seed, "Seed of the demo's campus and split", "42"),
  mask: optionalWords(
    ["carry", "notebook"],
    "carry: padding does not change the state; notebook: padding sets the state of short sequences to zero (docs/notebook.md)",
    "carry",
  ),
  episodes: optionalWords(
    ["random", "first"],
    "Episode of a person in a meta-iteration: a random episode, or always the first (docs/notebook.md)",
    "random",
  ),
  pairs: optionalWords(
    ["all", "episodes"],
    "Pairs that the plain GRU trains on: all, or those of people with an episode",
    "all",
  ),
  split: optionalWords(["val", "test"], "Evaluated people; with val the test people are not evaluated", "test"),
  metrics: metricsFlag("More metrics to evaluate and print", "none"),
  anonymous: optionalToggle(anonymousBrief),
  exportDraws: optional(
    "FILE",
    String,
    "The episodes that each meta-learner drew, iteration by iteration: .csv, .jsonl or .parquet",
    "none is written",
  ),
  evalInterval: optional("N", wholeNumber(1), "Iterations between validations", "500"),
  evalEpochs: optional(
    "X",
    decimal(0),
    "Validate after this many passes over the train people, if these are fewer iterations; the number of iterations is reduced in proportion",
    "none; with --recipe best 3",
  ),
  checkpointInterval: optional("N", wholeNumber(1), "Iterations between checkpoints that are kept", "1000"),
  ranks: optional(
    "R",
    wholeNumber(1, 1024),
    "Number of processes, on one or several machines, that share each meta-gradient; results do not depend on it (docs/scale.md)",
    "this one alone",
  ),
  rank: optional("N", wholeNumber(), "Number of this process, from 0; rank 0 validates and writes the run"),
  rendezvous: optional("HOST:PORT", hostAndPort, "Where rank 0 listens and the other ranks connect"),
  tokenFile: optional("FILE", String, "One line, a secret of 16 characters or more: the same file for all ranks"),
  waitForRanks: optional("SECONDS", decimal(0), "Time to wait until all ranks are there", "120"),
  name: optional("NAME", String, "Folder under reports/", "kshot; with --suite suite"),
  out: optional("DIR", String, "Project folder", "the nearest that holds meta.json, otherwise ./kshot-runs"),
  open: toggle("Open the run's page in the browser, from its first validation on"),
  log: standardWords(["text", "json"], "text", "Progress as text or as JSON lines"),
};
