import type { Evaluation } from "@kshot/contract/schemas";
import { isAdapting, isAlgorithm, isNetwork } from "./algorithms.js";
import { type ComparableResults, configOf, type Place } from "./results.js";

/**
 * Inner steps of a few-shot evaluation: the run's setting, or the number chosen on the validation people.
 *
 * @returns 0 if nothing adapts.
 */
export function innerStepsOf(results: Pick<ComparableResults, "algorithm" | "config">): number {
  if (isAlgorithm(results.algorithm) && !isAdapting(results.algorithm)) return 0;
  return configOf(results).metasgd_config?.num_inner_steps ?? 0;
}

/**
 * All evaluations of a split and window, except those on a person's first k support pairs: a curve over the last k has other
 * pairs.
 */
export function evaluationsAt({ evaluations }: Pick<ComparableResults, "evaluations">, place: Place): Evaluation[] {
  return evaluations.filter(
    ({ split, window, support }) => split === place.split && window === place.window && support !== "first",
  );
}

/**
 * The evaluation with the support pairs: all K of them, after the method's number of inner steps. An algorithm without inner
 * steps is evaluated without them. Undefined for an adapting algorithm without that evaluation: its zero-shot figure is not shown
 * as few-shot.
 */
export function fewShotOf(results: ComparableResults, place: Place): Evaluation | undefined {
  const { algorithm } = results;
  const own = evaluationsAt(results, place).filter(({ k }) => k === results.k);
  const after = (wanted: number | undefined) => own.find(({ steps }) => steps === wanted);
  if (isAdapting(algorithm)) return after(innerStepsOf(results));
  if (isNetwork(algorithm)) return after(0);
  return after(configOf(results).metasgd_config?.num_inner_steps) ?? after(0);
}

/** The evaluation without the support pairs: no steps and, for a method that reads the pairs, none of them (k = 0). */
export function zeroShotOf(results: ComparableResults, place: Place): Evaluation | undefined {
  const own = evaluationsAt(results, place).filter(({ steps }) => steps === 0);
  return own.find(({ k }) => k === 0) ?? own.find(({ k }) => k === results.k);
}

/** Whether the support pairs change a method's recommendations, so that zero-shot and few-shot are two evaluations. */
export function usesSupport(results: ComparableResults, place: Place): boolean {
  return fewShotOf(results, place) !== zeroShotOf(results, place);
}

/**
 * Whether both windows contain the same queries of the same people, for every result. This is the case if people have exactly K +
 * Q pairs. The windows are then shown once.
 */
export function windowsAreTheSame(all: readonly ComparableResults[], split: Place["split"]): boolean {
  return (
    all.length > 0 &&
    all.every((results) =>
      [fewShotOf, zeroShotOf].every((shot) => {
        const [first, last] = [shot(results, { split, window: "first" }), shot(results, { split, window: "last" })];
        return (
          first !== undefined &&
          last !== undefined &&
          samePeople(first, last) &&
          sameHistories(first, last) &&
          sameQueries(first, last)
        );
      }),
    )
  );
}

/** Whether two evaluations are of the same people in the same order. */
export function samePeople({ people: a }: Evaluation, { people: b }: Evaluation): boolean {
  return sameUsers(a.user, b.user);
}

/** Whether two lists name the same people in the same order. */
export function sameUsers(a: readonly string[], b: readonly string[]): boolean {
  return a === b || (a.length === b.length && a.every((user, p) => user === b[p]));
}

function sameHistories({ people: a }: Evaluation, { people: b }: Evaluation): boolean {
  return a.historyLength.every((length, p) => length === b.historyLength[p]);
}

/** Whether two evaluations of the same people have the same rank for every query's label. */
export function sameQueries({ people: a }: Evaluation, { people: b }: Evaluation): boolean {
  return a.queries.every((own, p) => {
    const other = b.queries[p] ?? [];
    return (
      own.length === other.length &&
      own.every((query, q) => {
        const twin = other[q];
        return (
          twin !== undefined &&
          query.label === twin.label &&
          query.seen === twin.seen &&
          query.higher === twin.higher &&
          query.tied === twin.tied
        );
      })
    );
  });
}
