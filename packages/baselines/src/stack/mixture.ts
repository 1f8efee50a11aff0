import type { Pairs, PairTable } from "@kshot/contract";
import { dataError, usageError } from "@kshot/contract";
import type { RandomGenerator } from "pure-rand/types/RandomGenerator";
import type { CountModel, EncodedCountModel } from "../count-models/count-model.js";
import { type CountModelName, countModelKind, decodeCountModel } from "../count-models/table.js";
import type { Scorer } from "../scorer.js";
import { type FittedStack, fitStack, type StackOptions } from "./fit-stack.js";
import { seenFeatures } from "./seen-features.js";
import { logSoftmax, type StackWeights, stackLogProbabilities } from "./stack.js";

/** Any source of a log-probability of every item: a count model, or a network by `expertOfLogits`. */
export interface Expert {
  readonly name: string;
  /**
   * log p(item | query, support), `[nItems]`, finite.
   *
   * @param into memory that the expert may write them to and return, `[nItems]`
   */
  logProbabilities(query: ArrayLike<number>, support: Pairs | null, into?: Float64Array): ArrayLike<number>;
}

/** A query with known answer, on which weights are fitted and settings are chosen. */
export interface ValidationQuery {
  /** The query's prefix, oldest item first. */
  readonly query: ArrayLike<number>;
  /** The person's pairs before it. */
  readonly support: Pairs | null;
  /** The item that came next. */
  readonly label: number;
}

/** Experts stacked by fitted weights. */
export interface Mixture extends Scorer {
  /**
   * The experts that the mixture calls, in the order of `stack.experts`; experts whose log-probabilities are passed are after them.
   */
  readonly experts: readonly Expert[];
  readonly stack: StackWeights;
  /**
   * log p(item | query, support), `[nItems]`; −∞ for the last item of the prefix if items never repeat.
   *
   * @param given log p of each expert of `stack.experts` that is not among `experts`, in order: a network's, computed by its engine
   */
  logProbabilities(query: ArrayLike<number>, support: Pairs | null, given?: readonly ArrayLike<number>[]): Float64Array;
  /** The probabilities, rounded to float32. @param given as for `logProbabilities` */
  scores(query: ArrayLike<number>, support: Pairs | null, given?: readonly ArrayLike<number>[]): Float64Array;
}

/** An expert of `defaultExperts`: its count model, options and name. */
export interface ExpertChoice {
  readonly name: string;
  readonly countModel: CountModelName;
  readonly options?: Readonly<Record<string, number>>;
}

/** Experts of a mixture without a network. */
export const defaultExperts: readonly ExpertChoice[] = [
  { name: "popularity", countModel: "popularity" },
  { name: "markov-1", countModel: "variable-markov", options: { orders: 1 } },
  { name: "markov-2", countModel: "variable-markov", options: { orders: 2 } },
  { name: "sequential-rules", countModel: "sequential-rules" },
  { name: "sequence-knn", countModel: "sequence-knn" },
  { name: "stan", countModel: "stan" },
];

/** The expert that reads a person's other sessions; useless if a person's history is one session. */
export const crossSessionExpert: ExpertChoice = { name: "cross-session-pmi", countModel: "cross-session-pmi" };

/** A network as an expert: the log softmax of its scores. */
export function expertOfLogits(
  name: string,
  logits: (query: ArrayLike<number>, support: Pairs | null) => ArrayLike<number>,
): Expert {
  return { name, logProbabilities: (query, support) => logSoftmax(new Float64Array(logits(query, support))) };
}

/**
 * Fits the counting experts of a mixture on train pairs. Experts of one count model share only the pairs.
 *
 * @param choices if omitted, `defaultExperts`, and `crossSessionExpert` if a train person has several sessions
 * @throws as `CountModelKind.fit`
 */
export function fitExperts(
  train: PairTable,
  nItems: number,
  choices: readonly ExpertChoice[] = hasSeveralSessions(train)
    ? [...defaultExperts, crossSessionExpert]
    : defaultExperts,
): NamedCountModel[] {
  return choices.map(({ name, countModel, options }) =>
    named(name, countModelKind(countModel).fit(train, nItems, options)),
  );
}

/** A count model under its name in a stack. */
export interface NamedCountModel extends Expert {
  readonly countModel: CountModel;
  logProbabilities(query: ArrayLike<number>, support: Pairs | null, into?: Float64Array): Float64Array;
}

function named(name: string, countModel: CountModel): NamedCountModel {
  return { name, countModel, logProbabilities: (...asked) => countModel.logProbabilities(...asked) };
}

/**
 * Stacks experts: fits their weights, and those of the seen features, on validation pairs (`fitStack`).
 *
 * @param validation pairs of people whom no expert counted, after their support, in the setting of the later use
 * @returns the mixture, and the fitted weights with each expert's share
 * @throws as `fitStack`
 * @example
 * ```js
 * import { fitExperts, fitMixture } from "@kshot/baselines";
 * import { dataSetOf } from "@kshot/episodes";
 *
 * // 30 people walk through six items in order, each from another item.
 * const events = Array.from({ length: 30 * 6 }, (_, i) => ({
 *   user: `u${Math.floor(i / 6)}`,
 *   item: `i${(Math.floor(i / 6) + (i % 6)) % 6}`,
 *   time: 60 * (i % 6),
 * }));
 * const { train, items } = dataSetOf(events, { k: 2, q: 2, split: [0.8, 0.1, 0.1] });
 * const experts = fitExperts(train.pairs, items.length, [{ name: "markov", countModel: "variable-markov" }]);
 * const next = (item) => (item + 1) % 6;
 * const validation = [0, 1, 2, 3, 4, 5].map((item) => ({ query: [item], support: null, label: next(item) }));
 * const { mixture, fitted } = fitMixture(experts, validation);
 * console.log(mixture.scores([3], null).length, fitted.experts); // 6 [ 'markov' ]
 * ```
 */
export function fitMixture(
  experts: readonly Expert[],
  validation: readonly ValidationQuery[],
  options: StackOptions & { readonly name?: string; readonly random?: RandomGenerator } = {},
): { readonly mixture: Mixture; readonly fitted: FittedStack } {
  const fitted = fitStack(
    experts.map(({ name }) => name),
    examplesOf(experts, validation),
    options,
  );
  return { mixture: openMixture(options.name ?? "mixture", experts, fitted), fitted };
}

/** The queries in the form of a stack, with the log-probabilities of each expert. */
function* examplesOf(experts: readonly Expert[], validation: readonly ValidationQuery[]) {
  for (const { query, support, label } of validation) {
    yield {
      logProbabilities: experts.map((expert) => expert.logProbabilities(query, support)),
      seen: seenFeatures(query, support),
      last: query[query.length - 1]!,
      label,
    };
  }
}

/**
 * A mixture of fitted weights.
 *
 * @param experts those that the mixture calls itself, the first ones of `stack.experts` in their order; the log-probabilities of
 * the others are passed with each query
 */
export function openMixture(name: string, experts: readonly Expert[], stack: StackWeights): Mixture {
  const logProbabilities: Mixture["logProbabilities"] = (query, support, given = []) => {
    if (experts.length + given.length !== stack.experts.length) {
      throw usageError({
        where: `${name}, experts`,
        found: `log-probabilities of ${experts.length + given.length}`,
        expected: `${stack.experts.length}: ${stack.experts.join(", ")}`,
      });
    }
    // One memory for all experts: with many items, new memory for each takes longer than its numbers.
    const own = function* () {
      for (const expert of experts) {
        const values = expert.logProbabilities(query, support, memory);
        memory ??= new Float64Array(values.length);
        yield values;
      }
      yield* given;
    };
    return stackLogProbabilities(stack, own(), seenFeatures(query, support), query[query.length - 1]!);
  };
  let memory: Float64Array | undefined;
  return {
    name,
    experts,
    stack,
    logProbabilities,
    scores: (query, support, given) => {
      const scores = logProbabilities(query, support, given);
      for (let i = 0; i < scores.length; i++) scores[i] = Math.fround(Math.exp(scores[i]!));
      return scores;
    },
  };
}

/** A mixture of counting experts as plain data. */
export interface EncodedMixture {
  readonly format: "kshot.mixture/1";
  readonly stack: StackWeights;
  readonly countModels: readonly EncodedCountModel[];
}

/** The counting experts of a mixture and its weights as plain data; a network's expert is stored by its owner. */
export function encodeMixture({ experts, stack: { experts: names, weights, repeats } }: Mixture): EncodedMixture {
  const countModels = experts
    .filter((expert): expert is NamedCountModel => "countModel" in expert)
    .map(({ countModel }) => countModel.encode());
  return { format: "kshot.mixture/1", stack: { experts: names, weights, repeats }, countModels };
}

/**
 * Opens a stored mixture; its scores equal those before encoding, bit for bit.
 *
 * @param others experts that are not stored, by name; the log-probabilities of an expert that is in neither place are passed with
 * each query, and it must come after the stored ones
 * @throws `DATA` for more experts stored than named
 */
export function decodeMixture(
  name: string,
  { stack, countModels }: EncodedMixture,
  others: readonly Expert[] = [],
): Mixture {
  const left = [...countModels];
  const experts = stack.experts.flatMap((expert): Expert[] => {
    const other = others.find((candidate) => candidate.name === expert);
    if (other !== undefined) return [other];
    const countModel = left.shift();
    return countModel === undefined ? [] : [named(expert, decodeCountModel(countModel))];
  });
  if (left.length > 0) {
    throw dataError({
      where: `${name}, experts`,
      found: `${countModels.length} stored`,
      expected: `at most ${stack.experts.length}: ${stack.experts.join(", ")}`,
    });
  }
  return openMixture(name, experts, stack);
}

function hasSeveralSessions(train: PairTable): boolean {
  const sessionOf = new Int32Array(train.users.length).fill(-1);
  for (let row = 0; row < train.length; row++) {
    const user = train.user[row]!;
    const session = train.session[row]!;
    if (sessionOf[user] === -1) sessionOf[user] = session;
    else if (sessionOf[user] !== session) return true;
  }
  return false;
}
