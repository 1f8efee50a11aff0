/** Algorithms of the command line's `--algorithm`. */
export const algorithmNames = [
  "meta-sgd",
  "maml",
  "fomaml",
  "reptile",
  "anil",
  "residual-maml",
  "gru",
  "gru-finetuned",
  "gru-context",
  "popularity",
  "recent",
  "markov",
  "item-knn",
  "session-knn",
  "variable-markov",
  "sequential-rules",
  "sequence-knn",
  "v-sknn",
  "stan",
  "ease",
  "mixture",
  "hybrid",
  "ideal",
] as const;
/** An algorithm of the command line, by its name there. */
export type AlgorithmName = (typeof algorithmNames)[number];

/** An algorithm's id in file names and report keys: its name without hyphens (`meta-sgd` → `metasgd`). */
export function algorithmId(name: AlgorithmName): string {
  return name.replaceAll("-", "");
}

/** Groups of the GRU's tensors. The inner steps can be limited to one of them. */
export const adaptingGroups = ["all", "embedding", "gru", "head", "biases", "gru-biases", "output-bias"] as const;
/** A group of the GRU's tensors. */
export type AdaptingGroup = (typeof adaptingGroups)[number];
