import type { Engine, Pairs, ParameterVector } from "@kshot/contract";
import { withEarlierContext, withSupportContext } from "@kshot/episodes";
import { adaptedScores, type CountOffsetsSource, supportOffsets } from "@kshot/recommend";
import type { Person, PersonScorer } from "./person-scorer.js";
import type { SupportRules } from "./support-rules.js";

/** A network and how it uses the support pairs. */
export interface NetworkInUse {
  readonly engine: Engine;
  readonly theta: ParameterVector;
  /** Inner learning rates; null for a network that takes no steps. */
  readonly alpha: ParameterVector | null;
  readonly rules: Pick<SupportRules, "context" | "innerClip">;
  /** The mixture whose log-probabilities the loss of the steps adds to the scores; left out: none. */
  readonly offsets?: CountOffsetsSource | undefined;
}

/**
 * A network that is adapted to each person as training adapts it: θ_{k+1} = θ_k − α∘∇L_support(θ_k), then scores (cells 07c-10 and
 * 07c-11), by the same rule as recommendation (`adaptedScores`). Without adaptation (0 steps) the carried state is read, as by
 * `nn.GRU` on packed sequences.
 */
export function networkScorer({ engine, theta, alpha, rules, offsets }: NetworkInUse): PersonScorer {
  const network = { engine, theta, alpha, ...(rules.innerClip === null ? {} : { innerClip: rules.innerClip }) };
  return {
    nItems: engine.layout.tensors.at(-1)?.size ?? 0,
    // Without a fused evaluation each person's θ is copied out of the engine.
    peopleAtOnce: engine.adaptedLogits ? 256 : 32,
    scores: (people, steps) =>
      adaptedScores(
        network,
        people.map((person) => ({
          support: supportExamples(person.support, rules),
          query: queryExamples(person, rules),
          ...(offsets === undefined || alpha === null || person.support.labels.length === 0
            ? {}
            : { offsets: supportOffsets(offsets, person.support) }),
        })),
        steps,
      ),
  };
}

/** The support pairs as input of a network: with context each history begins with the earlier pairs. */
export function supportExamples(support: Pairs, { context }: Pick<SupportRules, "context">): Pairs {
  return context ? withEarlierContext(support) : support;
}

/** The query pairs as input of a network: with context each history begins with the support pairs. */
export function queryExamples(person: Person, { context }: Pick<SupportRules, "context">): Pairs {
  if (!context) return person.query;
  return person.queryInContext ?? withSupportContext(person.support, person.query);
}
