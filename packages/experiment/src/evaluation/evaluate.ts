import {
  type AskedMetric,
  type DataSet,
  entryAt,
  listLength,
  onlyEntry,
  type SplitName,
  type Window,
} from "@kshot/contract";
import type { Evaluation } from "@kshot/contract/schemas";
import { askedMetricValue, bootstrapIntervals, randomStream, selfInformation } from "@kshot/metrics";
import type { PersonScorer } from "./person-scorer.js";
import { type RankedPeople, rankPeople } from "./ranked-people.js";

/** Both windows, in the order of a results file. */
export const windows = ["first", "last"] as const satisfies readonly Window[];

/** An evaluation: people, window, numbers of support pairs and of inner steps. */
export interface EvaluationPlan {
  readonly split: Exclude<SplitName, "train">;
  readonly windows: readonly Window[];
  /** Numbers of inner steps; 0 is zero-shot. */
  readonly steps: readonly number[];
  /** Numbers of support pairs. Default: all K. */
  readonly supports?: readonly number[];
  /** Which pairs those are: the last before the query, the default, or a person's first. */
  readonly support?: "first" | "last";
  /** Numbers of steps whose entries also have each person's history and top items. */
  readonly shown?: readonly number[];
  /** Metrics in addition to the usual five. */
  readonly metrics?: readonly AskedMetric[];
}

/**
 * Evaluates a scorer: the entries of a results file, window by window, then by number of support pairs, then by steps. Without
 * support pairs (k = 0) there is nothing to step on, and 0 steps are taken.
 *
 * @param seed - of the resampling behind the intervals
 * @param onPeople - receives the number of people that are done
 */
export async function evaluate(
  scorer: PersonScorer,
  {
    data,
    plan,
    seed,
    onPeople,
  }: {
    readonly data: DataSet;
    readonly plan: EvaluationPlan;
    readonly seed: number;
    readonly onPeople?: (done: number) => void;
  },
): Promise<Evaluation[]> {
  const split = data[plan.split];
  const asked = plan.metrics ?? [];
  const listed = Math.max(0, ...asked.map(listLength));
  const information = listed > 0 ? selfInformation(labelCounts(data)) : undefined;
  let done = 0;
  const evaluations: Evaluation[] = [];
  for (const window of plan.windows) {
    for (const k of plan.supports ?? [data.k]) {
      const steps = k === 0 ? [0] : plan.steps;
      const ranking = {
        pairs: split.pairs,
        episodes: split.windows[window],
        ...{ k, steps, support: plan.support ?? "last" },
        shown: plan.shown ?? [],
        listed,
      };
      const ranked = await rankPeople(scorer, ranking, (people) => {
        done += people;
        onPeople?.(done);
      });
      for (const [i, people] of ranked.entries()) {
        const place = { split: plan.split, window, k, steps: entryAt(steps, i) };
        const which = plan.support === "first" ? { support: "first" as const } : {};
        const entry = evaluationEntry(data, { ...place, ...which }, people, seed);
        if (asked.length > 0) {
          const of = {
            ...{ ranks: people.queries, nItems: data.items.length },
            ...(people.lists === undefined || information === undefined ? {} : { lists: people.lists, information }),
          };
          const values = asked.map((metric) => [
            metric.name,
            askedMetricValue(metric, of, randomStream(seed, "bootstrap")),
          ]);
          entry.moreMetrics = Object.fromEntries(values);
        }
        evaluations.push(entry);
      }
    }
  }
  return evaluations;
}

/** People that a plan evaluates, counted once for each window and number of support pairs. */
export function peopleIn(data: DataSet, plan: Pick<EvaluationPlan, "split" | "windows" | "supports">): number {
  const people = plan.windows.reduce((sum, window) => sum + data[plan.split].windows[window].length, 0);
  return people * (plan.supports?.length ?? 1);
}

/** Number of train pairs with each item as their label, `[nItems]`. */
export function labelCounts({ items, train }: DataSet): Int32Array {
  const counts = new Int32Array(items.length);
  for (const label of train.pairs.label) counts[label] = (counts[label] ?? 0) + 1;
  return counts;
}

/** Ranks of the validation people's first windows with all K support pairs; training and tuning choose by them. */
export function rankValidationPeople(
  scorer: PersonScorer,
  data: DataSet,
  steps: readonly number[],
): Promise<RankedPeople[]> {
  return rankPeople(scorer, { pairs: data.val.pairs, episodes: data.val.windows.first, k: data.k, steps });
}

/** The same after one number of steps. */
export async function rankedValidationPeople(
  scorer: PersonScorer,
  data: DataSet,
  steps: number,
): Promise<RankedPeople> {
  return onlyEntry(await rankValidationPeople(scorer, data, [steps]));
}

/**
 * An entry of a results file: metrics with 95 % intervals from 2,000 resamplings of the people. The resampling has its own
 * random stream, so the same ranks give the same interval.
 */
function evaluationEntry(
  data: DataSet,
  place: Pick<Evaluation, "split" | "window" | "k" | "steps" | "support">,
  people: RankedPeople,
  seed: number,
): Evaluation {
  const metrics = bootstrapIntervals(people.queries, data.items.length, randomStream(seed, "bootstrap"));
  return {
    ...place,
    metrics,
    people: {
      user: [...people.user],
      historyLength: [...people.historyLength],
      queries: people.queries.map((queries) => [...queries]),
      ...(people.shown === undefined
        ? {}
        : {
            history: people.shown.history.map((items) => [...items]),
            top: people.shown.top.map((items) => [...items]),
          }),
    },
  };
}
