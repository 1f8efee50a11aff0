import type { Readout } from "@kshot/contract";

/** How a trained network uses a person's support pairs. Training, evaluation and recommending follow the same rules. */
export interface SupportRules {
  /** Each history begins with the items that the support pairs tell: the network reads them. */
  readonly context: boolean;
  /** Gradient steps on the support pairs, S ≥ 0. */
  readonly innerSteps: number;
  /** Each inner gradient is scaled to at most this norm; null: none is. */
  readonly innerClip: number | null;
  /** What the output layer reads after adaptation. Without adaptation it always reads the carried state. */
  readonly readout: Readout;
}

/** Networks that are trained by minibatches of pairs, whatever the meta-learners' settings are. */
const fixedRules: ReadonlyMap<string, { readonly context: boolean; readonly steps: boolean }> = new Map([
  ["gru", { context: false, steps: false }],
  ["gru-context", { context: true, steps: false }],
  ["gru-finetuned", { context: false, steps: true }],
]);

/**
 * The rules of a network: those of its algorithm, and for a meta-learner those of its settings.
 *
 * @param algorithm what trained the network, as on the command line
 * @param settings the network's own settings; fine-tuning writes what it chose into them
 */
export function supportRules(algorithm: string, settings: SupportRules): SupportRules {
  const { context, innerSteps, innerClip, readout } = settings;
  const fixed = fixedRules.get(algorithm);
  if (fixed === undefined) return { context, innerSteps, innerClip, readout };
  return { context: fixed.context, innerSteps: fixed.steps ? innerSteps : 0, innerClip, readout: "carry" };
}
