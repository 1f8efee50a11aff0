import type { AlgorithmName } from "@kshot/contract";
import { expect, it } from "vitest";
import { methodsOf } from "./methods.js";
import type { ComparableResults, NamedResults } from "./results.js";

type Groups = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

function file(
  algorithm: AlgorithmName | "of-a-later-version",
  seed: number,
  config: Groups = {},
  more = {},
): NamedResults {
  const results = {
    ...{ algorithm, k: 5, q: 10, config: { seed, ...config }, evaluations: [], alpha: {}, test: { opened: 1 } },
    data: { fingerprint: "a".repeat(64), items: ["a"], people: { train: 1, val: 1, test: 1 } },
    history: { iteration: [], metaLoss: [], validation: [], alpha: {} },
    ...more,
  } as unknown as ComparableResults;
  return { name: `${algorithm} ${seed}`, results };
}

const titles = (files: readonly NamedResults[]) =>
  methodsOf(files).map(({ title, files: own }) => `${title}: ${own.length}`);

it.each<[string, NamedResults[], string[]]>([
  [
    "a setting that the plain GRU does not read makes no difference",
    [file("gru", 1, { metasgd_config: { outer_lr: 0.1 } }), file("gru", 2, { metasgd_config: { outer_lr: 0.2 } })],
    ["Plain GRU: 2"],
  ],
  [
    "a setting that it reads makes a difference",
    [file("gru", 1, { gru_config: { hidden_dim: 32 } }), file("gru", 1, { gru_config: { hidden_dim: 64 } })],
    ["Plain GRU (hidden dim 32): 1", "Plain GRU (hidden dim 64): 1"],
  ],
  [
    "a baseline reads no setting at all",
    [file("markov", 1, { gru_config: { hidden_dim: 32 } }), file("markov", 2, { gru_config: { hidden_dim: 64 } })],
    ["Markov (first order): 2"],
  ],
  [
    "the seen rule makes a counting method another one, and changes neither mixture nor ceiling",
    [
      file("markov", 1),
      file("markov", 1, { seen_rule: true } as never),
      file("mixture", 1),
      file("mixture", 2, { seen_rule: true } as never),
      file("recent", 1, { seen_rule: true } as never),
    ],
    [
      "Markov (first order) (plain): 1",
      "Markov (first order) (with the seen rule): 1",
      "Mixture of counts: 2",
      "Recent items (with the seen rule): 1",
    ],
  ],
  [
    "the choice of fine-tuning is a result, not a setting",
    [
      file("gru-finetuned", 1, { metasgd_config: { num_inner_steps: 3 } }),
      file("gru-finetuned", 2, { metasgd_config: { num_inner_steps: 5 } }),
    ],
    ["Fine-tuned GRU: 2"],
  ],
  [
    "the range of α is one setting under its old and its new name",
    [
      file("meta-sgd", 1, { metasgd_config: { lr_clipping: [0, 1] } }),
      file("meta-sgd", 2, { metasgd_config: { alpha_range: [0, 1] } }),
    ],
    ["Meta-SGD: 2"],
  ],
  [
    "the path of a file to start from is not a setting",
    [
      file("maml", 1, { metasgd_config: { warm_start: "a/one.safetensors" } }),
      file("maml", 2, { metasgd_config: { warm_start: "file" } }),
    ],
    ["MAML: 2"],
  ],
  [
    "of an algorithm of a later version every setting counts",
    [file("of-a-later-version", 1, { new_group: { a: 1 } }), file("of-a-later-version", 1, { new_group: { a: 2 } })],
    ["of-a-later-version (a 1): 1", "of-a-later-version (a 2): 1"],
  ],
  [
    "other data are another method",
    [file("gru", 1), file("gru", 1, {}, { data: { fingerprint: "b".repeat(64), items: [], people: {} } })],
    ["Plain GRU (data aaaaaa): 1", "Plain GRU (data bbbbbb): 1"],
  ],
])("%s", (_, files, expected) => expect(titles(files)).toEqual(expected));

it("a run's name has priority over its settings", () => {
  const [a, b] = [file("maml", 1, { gru_config: { x: 1 } }), file("maml", 1, { gru_config: { x: 2 } })];
  expect(
    titles([
      { ...a, label: "small" },
      { ...b, label: "large" },
    ] as NamedResults[]),
  ).toEqual(["MAML (small): 1", "MAML (large): 1"]);
});

it("seeds are in ascending order, and an id names a method", () => {
  const [method] = methodsOf([file("maml", 10), file("maml", 9)]);
  expect(method?.files.map(({ name }) => name)).toEqual(["maml 9", "maml 10"]);
  expect(method?.id).toBe("maml");
});
