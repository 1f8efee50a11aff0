import type { Pairs, PairTable } from "@kshot/contract";
import { dataError, usageError } from "@kshot/contract";
import type { RandomGenerator } from "pure-rand/types/RandomGenerator";
import type { CountModel, EncodedCountModel } from "../count-models/count-model.js";
import { type CountModelName, countModelKind, decodeCountModel } from "../count-models/table.js";
import type { Scorer } from "../scorer.js";
import type { Expert } from "./expert.js";
import { expertSum } from "./expert-sum.js";
import { type FittedStack, fitStack, type StackOptions } from "./fit-stack.js";
import { seenFeatures } from "./seen-features.js";
import { softmaxInFloat32 } from "./softmax.js";
import { addSeen, logSoftmax, type StackWeights } from "./stack.js";

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
   * @param given log p of each expert of `stack.experts` that is not among `experts`, in order, each up to a constant: a network's
   * logits, computed by its engine
   */
  logProbabilities(query: ArrayLike<number>, support: Pairs | null, given?: readonly ArrayLike<number>[]): Float64Array;
  /**
   * The probabilities, rounded to float32.
   *
   * @param given as for `logProbabilities`
   * @param into memory to write them to, `[nItems]`; left out: new memory
   */
  scores(
    query: ArrayLike<number>,
    support: Pairs | null,
    given?: readonly ArrayLike<number>[],
    into?: Float64Array,
  ): Float64Array;
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
    namedCountModel(name, countModelKind(countModel).fit(train, nItems, options)),
  );
}

/** A count model under its name in a stack. */
export interface NamedCountModel extends Expert {
  readonly countModel: CountModel;
  logProbabilities(query: ArrayLike<number>, support: Pairs | null, into?: Float64Array): Float64Array;
}

/** A count model as an expert. */
export function namedCountModel(name: string, countModel: CountModel): NamedCountModel {
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
  const sum = expertSum(experts, stack.weights);
  const unnormalised = (
    query: ArrayLike<number>,
    support: Pairs | null,
    given: readonly ArrayLike<number>[],
    into?: Float64Array,
  ): Float64Array => {
    if (experts.length + given.length !== stack.experts.length) {
      throw usageError({
        where: `${name}, experts`,
        found: `log-probabilities of ${experts.length + given.length}`,
        expected: `${stack.experts.length}: ${stack.experts.join(", ")}`,
      });
    }
    const scores = sum(query, support, given, into);
    addSeen(stack, scores, seenFeatures(query, support), query[query.length - 1]!);
    return scores;
  };
  return {
    name,
    experts,
    stack,
    logProbabilities: (query, support, given = []) => logSoftmax(unnormalised(query, support, given)),
    scores: (query, support, given = [], into) => softmaxInFloat32(unnormalised(query, support, given, into)),
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
  const countModels = experts.flatMap(({ countModel }) => (countModel === undefined ? [] : [countModel.encode()]));
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
  const left = withSharedArrays(countModels);
  const experts = stack.experts.flatMap((expert): Expert[] => {
    const other = others.find((candidate) => candidate.name === expert);
    if (other !== undefined) return [other];
    const countModel = left.shift();
    return countModel === undefined ? [] : [namedCountModel(expert, decodeCountModel(countModel))];
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

/** Count models whose equal arrays are one: methods that read the same sessions then share their index and their search. */
function withSharedArrays(countModels: readonly EncodedCountModel[]): EncodedCountModel[] {
  const known: (Int32Array | Float64Array)[] = [];
  const shared = (array: Int32Array | Float64Array) => {
    const equal = known.find((other) => isSame(other, array));
    if (equal === undefined) known.push(array);
    return equal ?? array;
  };
  return countModels.map(({ tensors, ...model }) => ({
    ...model,
    tensors: Object.fromEntries(Object.entries(tensors).map(([key, array]) => [key, shared(array)])),
  }));
}

function isSame(a: Int32Array | Float64Array, b: Int32Array | Float64Array): boolean {
  if (a.length !== b.length || a.constructor !== b.constructor) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
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
