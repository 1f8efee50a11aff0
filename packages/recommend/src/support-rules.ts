import type { Mask } from "@kshot/contract";

/** How a trained network uses a person's support pairs. Training, evaluation and recommending use the same rules. */
export interface SupportRules {
  /** Each history starts with the items of the support pairs: the network reads them. */
  readonly context: boolean;
  /** Gradient steps on the support pairs, S ≥ 0. */
  readonly innerSteps: number;
  /** Each inner gradient is scaled to at most this norm; null: no clipping. */
  readonly innerClip: number | null;
  /** The state that the output layer reads after adaptation. Without adaptation it always reads the carried state. */
  readonly mask: Mask;
}

/** Networks that are trained by minibatches of pairs, for all settings of the meta-learners. */
const fixedRules: ReadonlyMap<string, { readonly context: boolean; readonly steps: boolean }> = new Map([
  ["gru", { context: false, steps: false }],
  ["gru-context", { context: true, steps: false }],
  ["gru-finetuned", { context: false, steps: true }],
]);

/**
 * The rules of a network: from its algorithm, and for a meta-learner from its settings.
 *
 * @param algorithm the algorithm that trained the network, by its name on the command line
 * @param settings the network's settings; fine-tuning writes its chosen values into them
 */
export function supportRules(algorithm: string, settings: SupportRules): SupportRules {
  const { context, innerSteps, innerClip, mask } = settings;
  const fixed = fixedRules.get(algorithm);
  if (fixed === undefined) return { context, innerSteps, innerClip, mask };
  return { context: fixed.context, innerSteps: fixed.steps ? innerSteps : 0, innerClip, mask: "carry" };
}
