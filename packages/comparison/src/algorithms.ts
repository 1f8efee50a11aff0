import { type AlgorithmName, algorithmNames } from "@kshot/contract";

/** Kinds of algorithm, by their training and their use of the support pairs. */
export type AlgorithmKind =
  /** Trained by episodes; takes gradient steps on the support pairs. */
  | "meta-learner"
  /** A network trained by minibatches of pairs; takes no gradient step afterwards. */
  | "supervised"
  /** A supervised network that takes gradient steps on the support pairs. */
  | "fine-tuned"
  /** Counts and neighbours; without network and seed. */
  | "baseline"
  /** Counting methods stacked with a trained network, so it depends on the seed. */
  | "hybrid"
  /** Knows how synthetic data were drawn: an upper bound, not a competitor. */
  | "bound";

/** The properties of an algorithm that every comparison needs. */
export interface AlgorithmTraits {
  /** The name that users see. */
  readonly title: string;
  readonly kind: AlgorithmKind;
}

/** Titles and kinds of all algorithms; a new algorithm is a new row. */
export const algorithmTraits = {
  "meta-sgd": { title: "Meta-SGD", kind: "meta-learner" },
  maml: { title: "MAML", kind: "meta-learner" },
  fomaml: { title: "FOMAML", kind: "meta-learner" },
  reptile: { title: "Reptile", kind: "meta-learner" },
  anil: { title: "ANIL", kind: "meta-learner" },
  "residual-maml": { title: "Residual MAML", kind: "meta-learner" },
  gru: { title: "Plain GRU", kind: "supervised" },
  "gru-finetuned": { title: "Fine-tuned GRU", kind: "fine-tuned" },
  "gru-context": { title: "GRU with context", kind: "supervised" },
  popularity: { title: "Popularity", kind: "baseline" },
  recent: { title: "Recent items", kind: "baseline" },
  markov: { title: "Markov (first order)", kind: "baseline" },
  "item-knn": { title: "Item-kNN", kind: "baseline" },
  "session-knn": { title: "Session-kNN", kind: "baseline" },
  "variable-markov": { title: "Markov (variable order)", kind: "baseline" },
  "sequential-rules": { title: "Sequential rules", kind: "baseline" },
  "sequence-knn": { title: "Sequence-kNN", kind: "baseline" },
  "v-sknn": { title: "V-SKNN", kind: "baseline" },
  stan: { title: "STAN", kind: "baseline" },
  ease: { title: "EASE", kind: "baseline" },
  mixture: { title: "Mixture of counts", kind: "baseline" },
  hybrid: { title: "Hybrid of counts and network", kind: "hybrid" },
  ideal: { title: "Ideal observer (ceiling)", kind: "bound" },
} as const satisfies Readonly<Record<AlgorithmName, AlgorithmTraits>>;

/** Names of the algorithms of some kinds. */
export type NameOf<Kind extends AlgorithmKind> = {
  [Name in AlgorithmName]: (typeof algorithmTraits)[Name]["kind"] extends Kind ? Name : never;
}[AlgorithmName];

/** Algorithms that are meta-trained by episodes. */
export type MetaLearnerName = NameOf<"meta-learner">;
/** Networks trained by minibatches and never adapted. */
export type SupervisedName = NameOf<"supervised">;
/** Algorithms that take gradient steps on the support pairs. */
export type AdaptingName = NameOf<"meta-learner" | "fine-tuned">;
/** Algorithms that save a trained network. */
export type NetworkName = NameOf<"meta-learner" | "supervised" | "fine-tuned">;

/**
 * An algorithm's title.
 *
 * @param name - name as in a results file; the name of a later version's algorithm may be unknown here.
 * @returns the title, or the name itself if it is unknown.
 */
export function algorithmTitle(name: string): string {
  return isAlgorithm(name) ? algorithmTraits[name].title : name;
}

/** Whether this version knows the algorithm. */
export function isAlgorithm(name: string): name is AlgorithmName {
  return (algorithmNames as readonly string[]).includes(name);
}

/** Whether the algorithm is meta-trained by episodes. */
export function isMetaLearner(name: string): name is MetaLearnerName {
  return kindOf(name) === "meta-learner";
}

/** Whether the algorithm is a trained network. */
export function isNetwork(name: string): name is NetworkName {
  const kind = kindOf(name);
  return kind === "meta-learner" || kind === "supervised" || kind === "fine-tuned";
}

/** Whether the seed changes the algorithm's results: a network, or a stack with one. */
export function isSeeded(name: string): boolean {
  return isNetwork(name) || kindOf(name) === "hybrid";
}

/** Whether the algorithm takes gradient steps on the support pairs. */
export function isAdapting(name: string): name is AdaptingName {
  const kind = kindOf(name);
  return kind === "meta-learner" || kind === "fine-tuned";
}

/** Whether the algorithm is an upper bound that knows how the data were drawn; a bound is never called best. */
export function isBound(name: string): boolean {
  return kindOf(name) === "bound";
}

/** Whether the setting `seen_rule` changes the algorithm: the plain counting methods; `mixture` always has the rule. */
export function takesSeenRule(name: string): boolean {
  return kindOf(name) === "baseline" && name !== "mixture";
}

function kindOf(name: string): AlgorithmKind | undefined {
  return isAlgorithm(name) ? algorithmTraits[name].kind : undefined;
}
