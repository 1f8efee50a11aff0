import type { Engine, Logits, Pairs, ParameterVector } from "@kshot/contract";
import { withEarlierContext, withSupportContext } from "@kshot/episodes";
import { adaptAtSteps } from "@kshot/meta-sgd";
import type { Person, PersonScorer } from "./person-scorer.js";
import type { SupportRules } from "./support-rules.js";

/** A network and how it uses the support pairs. */
export interface NetworkInUse {
  readonly engine: Engine;
  readonly theta: ParameterVector;
  /** Inner learning rates; null for a network that takes no steps. */
  readonly alpha: ParameterVector | null;
  readonly rules: Pick<SupportRules, "context" | "innerClip">;
}

/**
 * A network that is adapted to each person as training adapts it: θ_{k+1} = θ_k − α∘∇L_support(θ_k), then scores (cells 07c-10 and
 * 07c-11). Without adaptation (0 steps) the carried state is read, as the notebook's packed GRU did.
 */
export function networkScorer(network: NetworkInUse): PersonScorer {
  const { engine } = network;
  return {
    nItems: engine.layout.tensors.at(-1)?.size ?? 0,
    // Without a fused evaluation each person's θ comes out of the engine.
    peopleAtOnce: engine.adaptedLogits ? 256 : 32,
    seenIn: "given",
    scores: (people, steps) => adaptedScores(network, people, steps),
  };
}

/** The support pairs as a network takes them: with context each history begins with the earlier pairs. */
export function supportExamples(support: Pairs, { context }: Pick<SupportRules, "context">): Pairs {
  return context ? withEarlierContext(support) : support;
}

/** The query pairs as a network takes them: with context each history begins with the support pairs. */
export function queryExamples(person: Person, { context }: Pick<SupportRules, "context">): Pairs {
  if (!context) return person.query;
  return person.queryInContext ?? withSupportContext(person.support, person.query);
}

async function adaptedScores(
  { engine, theta, alpha, rules }: NetworkInUse,
  people: readonly Person[],
  steps: readonly number[],
): Promise<readonly (readonly Logits[])[]> {
  const queries = people.map((person) => queryExamples(person, rules));
  const carried = () => queries.map((query) => engine.batch(query, { readout: "carry" }));
  if (alpha === null || steps.every((count) => count === 0)) {
    // Nothing adapts, and there may be no pair to adapt to.
    const thetas = people.map(() => theta);
    const scores = await engine.logits(thetas, carried());
    return steps.map(() => scores);
  }
  const supports = people.map(({ support }) => engine.batch(supportExamples(support, rules)));
  const asked = queries.map((query) => engine.batch(query));
  const zeroShot = steps.includes(0) ? carried() : [];
  const queriesAfter = (count: number) => (count === 0 ? zeroShot : asked);
  const clip = rules.innerClip === null ? {} : { innerClip: rules.innerClip };
  if (engine.adaptedLogits && (rules.innerClip === null || engine.clipsInnerGradients === true)) {
    const ascending = [...new Set(steps)].sort((a, b) => a - b);
    const found = await engine.adaptedLogits(theta, alpha, supports, ascending.map(queriesAfter), ascending, clip);
    return steps.map((count) => found[ascending.indexOf(count)]!);
  }
  const adapted = await adaptAtSteps(engine, theta, alpha, supports, steps, clip);
  const scores: (readonly Logits[])[] = [];
  for (const [i, thetas] of adapted.entries()) scores.push(await engine.logits(thetas, queriesAfter(steps[i]!)));
  return scores;
}
