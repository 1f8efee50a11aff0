import { type AlgorithmName, algorithmNames, usageError } from "@kshot/contract";
import { type AdaptingGroup, adaptingGroups } from "@kshot/contract/schemas";
import { buildCommand } from "@stricli/core";
import { engineFlags } from "../engine-flags.js";
import { commaList, decimal, oneOf, seed, wholeNumber, words } from "../parsers.js";

/** Flags of `train`, as they arrive in `run/train.ts`. */
export interface TrainFlags {
  readonly preset?: "demo" | "notebook";
  readonly data?: string;
  readonly config?: string;
  readonly algorithm?: AlgorithmName[];
  readonly iterations?: number;
  readonly epochs?: number;
  readonly k?: number;
  readonly q?: number;
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
  readonly device?: "cpu" | "gpu";
  readonly engine?: "auto" | "simd" | "tensor";
  readonly backend?: "cpu" | "wasm";
  readonly build?: "simd" | "relaxed-simd";
  readonly workers?: number;
  readonly seed?: number;
  readonly dataSeed?: number;
  readonly mask?: "carry" | "notebook";
  readonly episodes?: "random" | "first";
  readonly pairs?: "all" | "episodes";
  readonly split?: "val" | "test";
  readonly evalInterval?: number;
  readonly patience?: number;
  readonly checkpointInterval?: number;
  readonly resume?: string;
  readonly suite?: string;
  readonly recipe?: "best";
  readonly name?: string;
  readonly out?: string;
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

export const trainCommand = buildCommand<TrainFlags, []>({
  loader: async () => (await import("../run/train.js")).runTrain,
  parameters: {
    aliases: { k: "k", q: "q" },
    flags: {
      preset: {
        ...words(["demo", "notebook"]),
        optional: true,
        brief: "Settings to start from [default: demo without --data, notebook with]",
      },
      data: {
        kind: "parsed",
        parse: String,
        optional: true,
        placeholder: "DIR",
        brief: "Data folder, as `prepare` writes it or as the notebook had it",
      },
      config: {
        kind: "parsed",
        parse: String,
        optional: true,
        placeholder: "FILE",
        brief: "Settings in JSON, as a run's config.json; flags win over it",
      },
      algorithm: {
        kind: "parsed",
        parse: commaList(oneOf(algorithmNames), `some of ${algorithmNames.join(", ")}`),
        optional: true,
        placeholder: "LIST",
        brief: `Comma list of ${algorithmNames.join(", ")} [default: gru,maml,meta-sgd; demo: also popularity,markov,ideal]`,
      },
      iterations: {
        kind: "parsed",
        parse: wholeNumber(),
        optional: true,
        placeholder: "N",
        brief: "Meta-iterations [10000]",
      },
      epochs: {
        kind: "parsed",
        parse: wholeNumber(1),
        optional: true,
        placeholder: "N",
        brief: "Most epochs of the plain GRU [50]",
      },
      k: {
        kind: "parsed",
        parse: wholeNumber(1),
        optional: true,
        placeholder: "N",
        brief: "Support pairs per episode [5]",
      },
      q: {
        kind: "parsed",
        parse: wholeNumber(1),
        optional: true,
        placeholder: "N",
        brief: "Query pairs per episode [10]",
      },
      innerSteps: {
        kind: "parsed",
        parse: wholeNumber(),
        optional: true,
        placeholder: "N",
        brief: "Inner gradient steps [5]",
      },
      metaBatch: {
        kind: "parsed",
        parse: wholeNumber(1),
        optional: true,
        placeholder: "N",
        brief: "People per meta-iteration [32]",
      },
      outerLr: {
        kind: "parsed",
        parse: decimal(0, { orEqual: true }),
        optional: true,
        placeholder: "RATE",
        brief: "Outer learning rate of θ and α; 0 keeps θ, with --alpha-lr for α [0.001]",
      },
      alphaInit: {
        kind: "parsed",
        parse: decimal(0),
        optional: true,
        placeholder: "RATE",
        brief: "Starting value of every inner rate α [0.01]",
      },
      alphaRange: {
        kind: "parsed",
        parse: alphaRange,
        optional: true,
        placeholder: "LO,HI",
        brief: "α is kept inside [0.0001,0.1]",
      },
      alphaLr: {
        kind: "parsed",
        parse: decimal(0),
        optional: true,
        placeholder: "RATE",
        brief: "Outer learning rate of α [that of θ]",
      },
      alphaSharing: {
        ...words(["element", "row", "tensor", "scalar"]),
        optional: true,
        brief: "How many parameters share one learned rate [element]",
      },
      adapts: { ...words(adaptingGroups), optional: true, brief: "The tensors that adapt [all]" },
      order: {
        kind: "parsed",
        parse: (input) => Number(oneOf(["1", "2"])(input)) as 1 | 2,
        optional: true,
        placeholder: "1|2",
        brief: "2: exact meta-gradient; 1: without second derivatives [2]",
      },
      warmStart: {
        kind: "parsed",
        parse: String,
        optional: true,
        placeholder: "FILE|gru|gru-context|maml|tuned",
        brief: "Start the meta-learners from this model; tuned: from the best fine-tuning of the run's GRUs",
      },
      ...engineFlags,
      seed: { kind: "parsed", parse: seed, optional: true, placeholder: "N", brief: "Seed of the training [42]" },
      dataSeed: {
        kind: "parsed",
        parse: seed,
        optional: true,
        placeholder: "N",
        brief: "Seed of the demo's campus and split [42]",
      },
      mask: {
        ...words(["carry", "notebook"]),
        optional: true,
        brief: "`notebook` zeroes the state of short sequences, as the notebook did by mistake [carry]",
      },
      episodes: {
        ...words(["random", "first"]),
        optional: true,
        brief: "Which episode of a drawn person: any, or always the first as in the notebook [random]",
      },
      pairs: {
        ...words(["all", "episodes"]),
        optional: true,
        brief: "Plain GRU: all train pairs, or only those of people with an episode [all]",
      },
      split: {
        ...words(["val", "test"]),
        optional: true,
        brief: "People that the results are about; val leaves the test people unopened [test]",
      },
      evalInterval: {
        kind: "parsed",
        parse: wholeNumber(1),
        optional: true,
        placeholder: "N",
        brief: "Iterations between validations [500]",
      },
      checkpointInterval: {
        kind: "parsed",
        parse: wholeNumber(1),
        optional: true,
        placeholder: "N",
        brief: "Iterations between checkpoints that stay [1000]",
      },
      resume: {
        kind: "parsed",
        parse: String,
        inferEmpty: true,
        optional: true,
        placeholder: "RUN",
        brief: "Go on with a stopped run, by tag, NAME/TAG or folder [the newest]",
      },
      recipe: {
        ...words(["best"]),
        optional: true,
        brief: "Settings that won elsewhere (docs/study.md); flags win over them",
      },
      suite: {
        kind: "parsed",
        parse: String,
        optional: true,
        placeholder: "FILE|default",
        brief: "Train runs × seeds and compare them; the same again goes on. `default` is the suite that ships",
      },
      patience: {
        kind: "parsed",
        parse: wholeNumber(),
        optional: true,
        placeholder: "N",
        brief: "Validations without a better MRR before a meta-learner stops; 0: never [0]",
      },
      name: {
        kind: "parsed",
        parse: String,
        optional: true,
        placeholder: "NAME",
        brief: "Folder under reports/ [kshot]",
      },
      out: {
        kind: "parsed",
        parse: String,
        optional: true,
        placeholder: "DIR",
        brief: "Project folder [the nearest that holds meta.json, else ./kshot-runs]",
      },
      log: { ...words(["text", "json"]), default: "text", brief: "Progress as text or as JSON lines" },
    },
  },
  docs: {
    brief: "Train, evaluate and compare algorithms",
    fullDescription: `Trains each algorithm, keeps its best iteration by validation MRR, evaluates it on the test people and prints the comparison.

Examples
  kshot train                                        the demo on the built-in campus, a few minutes
  kshot train --data data                            plain GRU, MAML and Meta-SGD with the notebook's settings
  kshot train --data data --algorithm gru,markov,popularity
  kshot train --data data --iterations 2000 --patience 5 --name trial --out runs
  kshot train --data data --warm-start gru           start the meta-learners from the plain GRU
  kshot train --recipe best --data data              the settings that won, with the rivals beside them
  kshot train --suite default --data data            everything, three seeds, one comparison
  kshot train --resume                               go on with the run that was stopped last
  kshot train --data data --device gpu               on an NVIDIA card, once \`pnpm gpu:setup\` has found it usable`,
  },
});
