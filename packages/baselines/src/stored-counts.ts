import { dataError, type Pairs } from "@kshot/contract";
import { type CountModelTensors, type EncodedCountModel, tensorOf } from "./count-models/count-model.js";
import { countModelKinds, decodeCountModel } from "./count-models/table.js";
import { openItemKnn } from "./item-knn.js";
import { openMarkov } from "./markov.js";
import { openPopularity } from "./popularity.js";
import { openRecent } from "./recent.js";
import { requireRows } from "./require-rows.js";
import { openSessionKnn } from "./session-knn.js";
import { decodeMixture, encodeMixture, type Mixture, openMixture } from "./stack/mixture.js";
import { expertOfScorer, type WithSeenRule } from "./stack/seen-rule.js";
import type { StackWeights } from "./stack/stack.js";
import type { StoredScorer } from "./stored-scorer.js";

/** The description of a counting model in a file, in addition to its tensors. */
export interface CountsDescription {
  /** Each counted part: its name in the stack, its method and options. */
  readonly parts: readonly {
    readonly name: string;
    readonly method: string;
    readonly options: Readonly<Record<string, number>>;
  }[];
  /** Weights of the parts if they are stacked; experts that are not parts come after them. */
  readonly stack?: StackWeights | undefined;
  /**
   * Weights of the parts and of the seen features in the mixture whose log-probabilities a stack's network has as offsets in its
   * steps on a person's pairs; left out: it has none.
   */
  readonly offsets?: readonly number[] | undefined;
}

/** A counting model in the form of a file. */
export interface StoredCounts {
  readonly description: CountsDescription;
  /** Arrays by name, `<part>.<array>`. */
  readonly tensors: CountModelTensors;
}

/** An opened counting model. */
export interface OpenedCounts {
  /**
   * Scores of all items, `[nItems]`; higher is better.
   *
   * @param given log-probabilities of the stack's experts that are not parts, up to a constant: its network's logits
   * @param into memory that a stack writes them to and returns, `[nItems]`
   */
  scores(
    query: ArrayLike<number>,
    support: Pairs | null,
    given?: readonly ArrayLike<number>[],
    into?: Float64Array,
  ): Float64Array;
  /** The number of times each item was the next one, `[nItems]`: the ranking for a person without clicks. */
  readonly popularity: Float64Array;
  /** The mixture of the offsets of a stack's network; undefined without them. */
  readonly offsets: Pick<Mixture, "logProbabilities"> | undefined;
}

/** Methods that are used alone and are not experts of a stack. */
const alone: Readonly<Record<string, (tensors: CountModelTensors, nItems: number) => StoredScorer>> = {
  popularity: openPopularity,
  recent: openRecent,
  markov: openMarkov,
  "item-knn": openItemKnn,
  "session-knn": openSessionKnn,
};

/** A single counting method, for a file. */
export function storeScorer(scorer: StoredScorer): StoredCounts {
  return stored([{ name: scorer.name, encoded: scorer.encode() }]);
}

/**
 * A stack's counting experts and its weights, for a file; a network among the experts is stored by its owner.
 *
 * @param offsets weights of the mixture of the network's offsets; left out: it has none
 */
export function storeMixture(mixture: Mixture, offsets?: readonly number[]): StoredCounts {
  const { stack, countModels } = encodeMixture(mixture);
  return stored(
    countModels.map((encoded, i) => ({ name: stack.experts[i]!, encoded })),
    stack,
    offsets,
  );
}

/** A counting method with the seen rule, for a file. */
export function storeSeenRule({ mixture, scorer }: Pick<WithSeenRule, "mixture" | "scorer">): StoredCounts {
  const { experts, weights, repeats } = mixture.stack;
  return stored([{ name: scorer.name, encoded: scorer.encode() }], { experts, weights, repeats });
}

/**
 * Opens a counting model; its scores equal those before storing, bit for bit.
 *
 * @param name name of the model in errors
 * @throws `DATA` for a tensor that is missing or damaged or a method that this version does not know
 */
export function openCounts(name: string, { description, tensors }: StoredCounts, nItems: number): OpenedCounts {
  const { parts, stack } = description;
  const encoded = parts.map(
    (part): EncodedCountModel => ({
      ...{ format: "kshot.count-model/1", name: part.method, nItems, options: part.options },
      tensors: tensorsOf(tensors, part.name),
    }),
  );
  for (const { name: method, tensors: own } of encoded) requireRows(own, nItems, `${name}, ${method}`);
  const [first] = encoded;
  if (first === undefined) {
    throw dataError({ where: `${name}, parts`, found: "none", expected: "at least one counting method" });
  }
  const popularity = Float64Array.from(tensorOf(first.tensors, "popularity", name));
  if (popularity.length !== nItems) {
    throw dataError({
      where: `${name}, tensor ${parts[0]?.name}.popularity`,
      found: `${popularity.length} items`,
      expected: `${nItems}, as the vocabulary has`,
    });
  }
  if (stack !== undefined) {
    const countModels = encoded.filter(isCountModel);
    // A method with the seen rule that other stacks do not have as an expert, such as `recent`.
    const others = encoded
      .filter((part) => !isCountModel(part))
      .map((part) => expertOfScorer(openAlone(name, part, nItems)));
    const mixture = decodeMixture(name, { format: "kshot.mixture/1", stack, countModels }, others);
    const names = mixture.experts.map((expert) => expert.name);
    const { offsets: weights } = description;
    const mixtureOfOffsets =
      weights === undefined
        ? undefined
        : openMixture(name, mixture.experts, { experts: names, weights, repeats: stack.repeats });
    return { popularity, scores: mixture.scores, offsets: mixtureOfOffsets };
  }
  const isAlone = Object.hasOwn(alone, first.name) || !isCountModel(first);
  const { scores } = isAlone ? openAlone(name, first, nItems) : decodeCountModel(first);
  return { popularity, scores, offsets: undefined };
}

function isCountModel({ name }: EncodedCountModel): boolean {
  return Object.hasOwn(countModelKinds, name);
}

/** A method that is used alone. @throws `DATA` for a method that this version does not know. */
function openAlone(where: string, { name, tensors }: EncodedCountModel, nItems: number): StoredScorer {
  const open = Object.hasOwn(alone, name) ? alone[name] : undefined;
  if (open !== undefined) return open(tensors, nItems);
  throw dataError({
    where: `${where}, method`,
    found: name,
    expected: [...Object.keys(alone), ...Object.keys(countModelKinds)].join(", "),
    todo: "A later version may have written it",
  });
}

function stored(
  parts: readonly { readonly name: string; readonly encoded: EncodedCountModel }[],
  stack?: StackWeights,
  offsets?: readonly number[],
): StoredCounts {
  const tensors: Record<string, Int32Array | Float64Array> = {};
  for (const { name, encoded } of parts) {
    for (const [key, values] of Object.entries(encoded.tensors)) tensors[`${name}.${key}`] = values;
  }
  return {
    description: {
      parts: parts.map(({ name, encoded }) => ({ name, method: encoded.name, options: { ...encoded.options } })),
      ...(stack === undefined ? {} : { stack }),
      ...(offsets === undefined ? {} : { offsets }),
    },
    tensors,
  };
}

/** The tensors of a part, by their own names. */
function tensorsOf(tensors: CountModelTensors, part: string): CountModelTensors {
  const own = Object.entries(tensors).filter(([key]) => key.startsWith(`${part}.`));
  return Object.fromEntries(own.map(([key, values]) => [key.slice(part.length + 1), values]));
}
