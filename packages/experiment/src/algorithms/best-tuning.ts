import { type Engine, entryAt, type ParameterVector } from "@kshot/contract";
import type { AdaptingGroup } from "@kshot/contract/schemas";
import { maxZ, overallMetrics, randomStream } from "@kshot/metrics";
import { gainsOf, networkScorer, personalMrr, rankValidationPeople, stepTestLevel } from "../evaluation/index.js";
import { adaptingGroup } from "./adapting-groups.js";
import type { FinishedNetwork, NetworkTraining } from "./network-training.js";
import type { ValidationMetrics } from "./training-state.js";

/** A network that may be tuned, and how it uses the support pairs. */
export interface TunableNetwork {
  readonly network: FinishedNetwork;
  /** Whether histories start with the items of the support pairs. */
  readonly context: boolean;
}

/** One way to fine-tune a network. */
export interface Tuning extends TunableNetwork {
  readonly adapts: AdaptingGroup;
  readonly rate: number;
  readonly steps: number;
  readonly metrics: ValidationMetrics;
}

/** The parts of a training that tuning needs. */
export type TuningOptions = Pick<NetworkTraining, "engine" | "config" | "data" | "progress" | "signal">;

/**
 * The best way to fine-tune one of these networks on a person's support pairs by gradient descent with one rate: the network,
 * rate, number of steps and adapting tensors with the highest few-shot MRR on the validation people's first windows (among
 * equals, the earlier in the order of the settings, fewer steps first). 0 steps is one of the choices: if fine-tuning does not
 * help, nothing is fine-tuned.
 *
 * @param choice.stage - name of the stage, for progress
 * @param choice.guarded - steps are taken only if their gain is significant for the number of settings tried: among hundreds of
 * settings, one looks good on few people by chance. Default false
 * @param choice.innerClip - the value of the training: gradients are scaled to at most this norm. Default null: no clipping
 * @returns null if stopped
 */
export async function bestTuning(
  { engine, config, data, progress, signal }: TuningOptions,
  networks: readonly TunableNetwork[],
  choice: { readonly stage: string; readonly guarded?: boolean; readonly innerClip?: number | null },
): Promise<Tuning | null> {
  const { rates, max_steps, adapts } = config.finetune_config;
  const { stage, guarded = false, innerClip = null } = choice;
  progress({ type: "stage", stage, total: networks.length * rates.length * adapts.length, unit: "setting" });
  const steps = Array.from({ length: max_steps + 1 }, (_, step) => step);
  const found: Tried[] = [];
  let highest = 0;
  for (const { network, context } of networks) {
    for (const group of adapts) {
      for (const rate of rates) {
        if (signal?.aborted) return null;
        const alpha = oneRate(engine, group, rate);
        const scorer = networkScorer({ engine, theta: network.theta, alpha, rules: { context, innerClip } });
        const ranked = await rankValidationPeople(scorer, data, steps);
        const unchanged = personalMrr(entryAt(ranked, 0), data.items.length);
        for (const [count, people] of ranked.entries()) {
          const metrics = overallMetrics(people.queries, data.items.length);
          const after = count === 0 ? unchanged : personalMrr(people, data.items.length);
          const gain = Float64Array.from(gainsOf(after, unchanged));
          found.push({ tuning: { network, context, adapts: group, rate, steps: count, metrics }, gain });
          highest = Math.max(highest, metrics.mrr);
        }
        progress({ type: "step", stage, done: found.length / steps.length, figures: { "val MRR": highest } });
      }
    }
  }
  const { kept, note } = guarded ? convincing(found, config.seed) : { kept: found, note: null };
  if (note !== null) progress({ type: "note", text: `${stage}: ${note}` });
  const [best = null] = kept.toSorted((a, b) => b.tuning.metrics.mrr - a.tuning.metrics.mrr);
  return best?.tuning ?? null;
}

/** A tuning, and each validation person's gain in MRR over no step. */
interface Tried {
  readonly tuning: Tuning;
  readonly gain: Float64Array;
}

/**
 * No steps, and the tunings whose gain is significant for the number of all tunings (`maxZ`, p ≤ `stepTestLevel`): if no tuning has
 * an effect, a step is taken in at most one of forty runs.
 */
function convincing(
  found: readonly Tried[],
  seed: number,
): { readonly kept: readonly Tried[]; readonly note: string | null } {
  const stepping = found.filter(({ tuning }) => tuning.steps > 0);
  if (stepping.length === 0) return { kept: found, note: null };
  const { p, byChance } = maxZ(
    stepping.map(({ gain }) => gain),
    randomStream(seed, "tuning/sign flips"),
  );
  const kept = new Set(stepping.filter((_, i) => entryAt(p, i) <= stepTestLevel));
  const least = Math.min(...p);
  const note = [
    `${stepping.length} settings with steps were tried`,
    `the best one has p = ${least < 0.001 ? least.toFixed(4) : least.toFixed(3)} for this number of settings (max-z under sign flips)`,
    `the expected gain of the best one by chance is ${byChance.gain.toFixed(4)} MRR`,
    kept.size > 0 ? "steps are taken" : "no step is taken",
  ].join("; ");
  return { kept: found.filter((one) => one.tuning.steps === 0 || kept.has(one)), note: `${note}.` };
}

/** A tuning in words. */
export function tuningInWords({ steps, rate, adapts, context }: Tuning): string {
  return `${steps} ${steps === 1 ? "step" : "steps"}, rate ${rate}, adapts ${adapts}${context ? ", reads the support pairs" : ""}`;
}

/** One rate for the tensors of a group, 0 for all others. */
export function oneRate(engine: Engine, group: AdaptingGroup, rate: number): ParameterVector {
  const alpha = engine.vector();
  const names = adaptingGroup(engine.layout, group);
  for (const { name, offset, size } of engine.layout.tensors)
    if (names.includes(name)) alpha.fill(rate, offset, offset + size);
  return alpha;
}
