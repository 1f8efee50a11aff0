import { entryAt, type Logits, type Pairs, type ParameterVector } from "@kshot/contract";
import { type AdaptedScoresOptions, adaptedScores } from "./adapted-scores.js";
import { type CountOffsetsSource, supportOffsets } from "./count-offsets.js";
import { ensembleScores } from "./ensemble-scores.js";

/**
 * The interface of a stack to its counting experts: the probabilities of all items, given the log-probabilities of its networks.
 */
export interface CountingStack {
  /**
   * Probabilities of all items, `[nItems]`.
   *
   * @param query the query's own prefix, oldest item first
   * @param support the person's support pairs, or null
   * @param given log-probabilities of the other experts up to a constant, each `[nItems]`: logits
   * @param into memory that they may be written to, `[nItems]`
   */
  scores(
    query: ArrayLike<number>,
    support: Pairs | null,
    given?: readonly ArrayLike<number>[],
    into?: Float64Array,
  ): Float64Array;
}

/** Support and query pairs of a person. */
export interface AskedPairs {
  readonly support: Pairs;
  readonly query: Pairs;
}

/**
 * A person in the form of the counting experts and in the form of the network, which may read the support pairs before the query.
 */
export interface StackedPerson extends AskedPairs {
  readonly read: AskedPairs;
}

/** A trained network in a stack, and its number of gradient steps on the support pairs. */
export interface StackedNetwork extends AdaptedScoresOptions {
  readonly steps: number;
  /** The mixture whose log-probabilities the loss of the steps adds to the scores; left out: none. */
  readonly offsets?: CountOffsetsSource | undefined;
  /** Networks of other seeds, which are one more expert, after the network: they read the same query; left out: none. */
  readonly ensemble?: readonly ParameterVector[] | undefined;
}

/**
 * Scores of people's queries by a stack of counting experts, a network and perhaps an ensemble: `result[p]`, `[queries of p, nItems]`, probabilities.
 *
 *     p(b) ∝ exp(Σₑ wₑ·log pₑ(b) + w·log softmax(logits)(b) + w·mean logits of the ensemble(b) + w·seen features(b))
 *
 * The logits are without the offsets of the network's steps. Without an ensemble the term is left out.
 *
 * Evaluation, recommending and serving of `hybrid` all use this function.
 *
 * @param people each query sequence has at least one item
 * @throws as the engine and the experts
 */
export async function stackedScores(
  stack: CountingStack,
  { steps, offsets, ensemble = [], ...network }: StackedNetwork,
  people: readonly StackedPerson[],
): Promise<readonly Logits[]> {
  const [logits = []] = await adaptedScores(
    network,
    people.map(({ support, read }) =>
      offsets === undefined || steps === 0 || support.sequences.length === 0
        ? read
        : { ...read, offsets: supportOffsets(offsets, support) },
    ),
    [steps],
  );
  const others =
    ensemble.length === 0
      ? []
      : await ensembleScores(
          network.engine,
          ensemble,
          people.map(({ read }) => read.query),
        );
  return people.map(({ support, query }, p) => {
    const mean = others[p];
    const { rows, columns, values: scores } = entryAt(logits, p);
    const values = new Float64Array(rows * columns);
    const known = support.sequences.length === 0 ? null : support;
    query.sequences.forEach((history, row) => {
      // The normaliser of the network's softmax is the same for all items, and the stack divides by its own.
      const [begin, end] = [row * columns, (row + 1) * columns];
      const into = values.subarray(begin, end);
      const given = [scores, ...(mean === undefined ? [] : [mean])].map((all) => all.subarray(begin, end));
      const found = stack.scores(history, known, given, into);
      if (found !== into) into.set(found);
    });
    return { rows, columns, values };
  });
}
