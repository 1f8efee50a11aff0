import {
  type Batch,
  type Engine,
  entryAt,
  fusedStepsFit,
  type Logits,
  type Pairs,
  type ParameterVector,
} from "@kshot/contract";
import { adaptAtSteps } from "@kshot/meta-sgd/adapt";

/** A trained network and how it is fitted to people. */
export interface AdaptedScoresOptions {
  readonly engine: Engine;
  /** θ, `[layout.size]`. */
  readonly theta: ParameterVector;
  /** α, `[layout.size]`; null for a network that takes no steps. */
  readonly alpha: ParameterVector | null;
  /** Inner gradients are scaled to at most this norm; if omitted, they are not clipped. */
  readonly innerClip?: number;
}

/**
 * Scores of people's queries after `steps[i]` gradient steps on their support pairs: `result[i][p]`, `[queries of p, nItems]`.
 *
 * θ_{k+1} = θ_k − α∘∇L_support(θ_k). All callers use this rule for steps, clipping and mask: after 0 steps the carried state
 * is read for every mask of the engine; a person without support pairs takes no step.
 *
 * @param people support and query pairs; each query sequence has at least one item. `offsets` `[support pairs, nItems]`: fixed numbers
 * that the loss of the steps adds to the scores
 * @param steps numbers of steps, in any order
 * @throws as the engine
 */
export async function adaptedScores(
  { engine, theta, alpha, innerClip }: AdaptedScoresOptions,
  people: readonly { readonly support: Pairs; readonly query: Pairs; readonly offsets?: Float32Array }[],
  steps: readonly number[],
): Promise<readonly (readonly Logits[])[]> {
  const carried = people.map(() => undefined as Batch | undefined);
  const zeroShot = async (indices: readonly number[]): Promise<readonly Logits[]> =>
    engine.logits(
      indices.map(() => theta),
      indices.map((p) => (carried[p] ??= engine.batch(queryOf(people, p), { mask: "carry" }))),
    );
  const everybody = people.map((_, p) => p);
  if (alpha === null || steps.every((count) => count === 0)) {
    const scores = await zeroShot(everybody);
    return steps.map(() => scores);
  }
  const fitted = everybody.filter((p) => (people[p]?.support.labels.length ?? 0) > 0);
  const unfitted = everybody.filter((p) => people[p]?.support.labels.length === 0);
  const unfittedScores = unfitted.length === 0 ? [] : await zeroShot(unfitted);
  const supports = fitted.map((p) => {
    const { support, offsets } = entryAt(people, p);
    return engine.batch(support, offsets && { offsets });
  });
  const asked = fitted.map((p) => engine.batch(queryOf(people, p)));
  const afterZero = steps.includes(0)
    ? fitted.map((p) => engine.batch(queryOf(people, p), { mask: "carry" }))
    : ([] as Batch[]);
  const queriesAfter = (count: number) => (count === 0 ? afterZero : asked);
  const clip = innerClip === undefined ? {} : { innerClip };
  const fittedScores: (readonly Logits[])[] = [];
  if (fitted.length === 0) {
    for (const _ of steps) fittedScores.push([]);
  } else if (engine.adaptedLogits && fusedStepsFit(engine, innerClip)) {
    const ascending = [...new Set(steps)].sort((a, b) => a - b);
    const found = await engine.adaptedLogits(theta, alpha, supports, ascending.map(queriesAfter), ascending, clip);
    for (const count of steps) fittedScores.push(found[ascending.indexOf(count)] ?? []);
  } else {
    const adapted = await adaptAtSteps(engine, theta, alpha, supports, steps, clip);
    for (const [i, count] of steps.entries()) {
      fittedScores.push(await engine.logits(adapted[i] ?? [], queriesAfter(count)));
    }
  }
  return steps.map((_, i) => {
    const scores = new Array<Logits>(people.length);
    fitted.forEach((p, at) => {
      scores[p] = fittedScores[i]?.[at] as Logits;
    });
    unfitted.forEach((p, at) => {
      scores[p] = entryAt(unfittedScores, at);
    });
    return scores;
  });
}

function queryOf(people: readonly { readonly query: Pairs }[], person: number): Pairs {
  return (people[person] as { readonly query: Pairs }).query;
}
