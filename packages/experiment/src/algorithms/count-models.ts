import {
  type CountModelName,
  type FittedStack,
  fitExperts,
  fitMixture,
  itemsRepeat,
  type StoredCounts,
  type StoredScorer,
  storeMixture,
  storeScorer,
  storeSeenRule,
  tuneCountModel,
  type ValidationQuery,
  withSeenRule,
} from "@kshot/baselines";
import { type DataSet, entryAt } from "@kshot/contract";
import type { Results } from "@kshot/contract/schemas";
import { episodeQuery, episodeSupport } from "@kshot/episodes";
import { rankOf, reciprocalRank } from "@kshot/metrics";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import { evenlySpaced, type QueryScorer } from "../evaluation/index.js";
import { mostItems, type StackPerson, stackPeople } from "./stack-people.js";

/** Number of validation queries on which the settings of one method are compared; more would cost time and change little. */
const mostTuningQueries = 500;

/** A counting method, and its tuning for the results. */
export interface LearnedCountModel {
  /** The method as a scorer that can be stored, without a stack; left out for a stack. */
  readonly plain?: StoredScorer;
  readonly scorer: QueryScorer;
  /** Its content in a model file. */
  readonly stored: StoredCounts;
  readonly facts: Pick<Results, "tuning" | "stack">;
  /** The effort in words, for the progress line. */
  readonly effort: string;
}

/** A count model tuned by MRR on the validation people's first window. */
export function learnCountModel(name: CountModelName, data: DataSet): LearnedCountModel {
  const { countModel, best, tried } = tuneCountModel(
    name,
    data.train.pairs,
    data.items.length,
    spread(validationQueries(data), mostTuningQueries),
    (scores, label) => reciprocalRank(rankOf(scores, label)),
  );
  const chosen = { ...best.options };
  const words = Object.entries(chosen).map(([option, value]) => `${option} ${value}`);
  return {
    plain: countModel,
    scorer: countModel,
    stored: storeScorer(countModel),
    facts: { tuning: { chosen, tried: tried.map(({ options, score }) => ({ options: { ...options }, score })) } },
    effort: `${tried.length} settings tried, kept ${words.join(", ")}`,
  };
}

/** The stack of counting experts, its weights fitted on the validation people's pairs after their support. */
export function learnMixture(data: DataSet): LearnedCountModel {
  const experts = fitExperts(data.train.pairs, data.items.length);
  const people = stackPeople(data);
  const queries = queriesAfterSupport(people);
  const options = {
    ...{ mostItems: mostItems(people, experts.length), random: xoroshiro128plus(1) },
    repeats: itemsRepeat(data.train.pairs),
  };
  const { mixture, fitted } = fitMixture(experts, queries, options);
  return {
    scorer: mixture,
    stored: storeMixture(mixture),
    facts: { stack: stackFacts(fitted) },
    effort: `${fitted.weights.length} weights fitted on ${fitted.examples} validation pairs`,
  };
}

/** A stack's part of the results. */
export function stackFacts({ loss, examples, shares }: FittedStack): NonNullable<Results["stack"]> {
  return { loss, examples, shares: shares.map((share) => ({ ...share })) };
}

/**
 * A counting method with the seen rule (`withSeenRule`): its weights are fitted as those of `mixture`.
 *
 * @param learned the plain method; its tuning stays
 */
export function learnSeenRule(learned: PlainBaseline, data: DataSet): LearnedCountModel {
  const people = stackPeople(data);
  const options = { mostItems: mostItems(people, 1), random: xoroshiro128plus(1) };
  const ruled = withSeenRule(learned.plain, data.train.pairs, queriesAfterSupport(people), options);
  const { examples, weights } = ruled.fitted;
  const fitted = `seen rule: ${weights.length} weights fitted on ${examples} validation pairs`;
  return {
    scorer: ruled.mixture,
    stored: storeSeenRule(ruled),
    facts: { ...learned.facts, stack: stackFacts(ruled.fitted) },
    effort: [learned.effort, fitted].filter(Boolean).join("; "),
  };
}

/** A plain counting method, and the facts of its tuning. */
export interface PlainBaseline extends Partial<Pick<LearnedCountModel, "facts" | "effort">> {
  readonly plain: StoredScorer;
}

function queriesAfterSupport(people: readonly StackPerson[]): ValidationQuery[] {
  return people.flatMap(({ support, query: { sequences, labels } }) =>
    sequences.map((query, row) => ({ query, support, label: entryAt(labels, row) })),
  );
}

/** Queries of the validation people in the first window, after their support. */
export function validationQueries({ val }: Pick<DataSet, "val">): ValidationQuery[] {
  const episodes = val.windows.first;
  const queries: ValidationQuery[] = [];
  for (let e = 0; e < episodes.length; e++) {
    const support = episodeSupport(val.pairs, episodes, e);
    const { sequences, labels } = episodeQuery(val.pairs, episodes, e);
    sequences.forEach((query, row) => {
      queries.push({ query, support, label: entryAt(labels, row) });
    });
  }
  return queries;
}

/** At most `most` entries of a list, evenly spaced. */
function spread<Entry>(list: readonly Entry[], most: number): Entry[] {
  return evenlySpaced(list.length, most).map((i) => entryAt(list, i));
}
