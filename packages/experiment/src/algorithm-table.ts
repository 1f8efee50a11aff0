export {
  algorithmTitle,
  isAdapting,
  isMetaLearner,
  isNetwork,
  type NetworkName,
  type SupervisedName,
} from "@kshot/comparison";

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
