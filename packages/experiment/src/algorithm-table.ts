import type { AlgorithmName } from "@kshot/contract";
import type { Results } from "@kshot/contract/schemas";
import { type MetaAlgorithmName, metaAlgorithms } from "@kshot/meta-sgd";

/** What every algorithm is called where people read. */
export const algorithmTitles: Readonly<Record<AlgorithmName, string>> = {
  "meta-sgd": "Meta-SGD",
  maml: "MAML",
  fomaml: "FOMAML",
  reptile: "Reptile",
  anil: "ANIL",
  "residual-maml": "Residual MAML",
  gru: "Plain GRU",
  "gru-finetuned": "Fine-tuned GRU",
  "gru-context": "GRU with context",
  popularity: "Popularity",
  recent: "Recent items",
  markov: "Markov (first order)",
  "item-knn": "Item-kNN",
  "session-knn": "Session-kNN",
  ideal: "Ideal observer (ceiling)",
};

/** The plain GRU, on sessions or on whole histories: trained by minibatches, never adapted. */
export type SupervisedName = "gru" | "gru-context";

/** Algorithms that leave a network behind. */
export type NetworkName = MetaAlgorithmName | SupervisedName | "gru-finetuned";

export function isMetaLearner(name: AlgorithmName): name is MetaAlgorithmName {
  return name in metaAlgorithms;
}

export function isNetwork(name: AlgorithmName): name is NetworkName {
  return isMetaLearner(name) || name === "gru" || name === "gru-context" || name === "gru-finetuned";
}

/** Whether it takes gradient steps on the support pairs. */
export function isAdapting(name: AlgorithmName): name is MetaAlgorithmName | "gru-finetuned" {
  return isMetaLearner(name) || name === "gru-finetuned";
}

/** Inner steps of a result's few-shot evaluation; 0 where nothing adapts. */
export function innerStepsOf({ algorithm, config }: Pick<Results, "algorithm" | "config">): number {
  if (!isAdapting(algorithm)) return 0;
  const settings = config.metasgd_config as { num_inner_steps?: number } | undefined;
  return settings?.num_inner_steps ?? 0;
}

/** Networks of the same run that others may start from, by `warm_start`. */
export const warmStartStages = ["gru", "gru-context", "maml"] as const;

/** Whether a warm start means a network of the run itself, not a file. */
export function isStage(warmStart: string | null): warmStart is (typeof warmStartStages)[number] {
  return (warmStartStages as readonly (string | null)[]).includes(warmStart);
}

/** Whether a warm start needs no file: a network of the run, or the best way to fine-tune one. */
export function isOwnStart(warmStart: string | null): boolean {
  return warmStart === null || warmStart === "tuned" || isStage(warmStart);
}

/** Whether a network's histories begin with what the support pairs tell. */
export function readsContext(name: string, { context }: { readonly context: boolean }): boolean {
  return name === "gru-context" || (context && name !== "gru" && name !== "gru-finetuned");
}
