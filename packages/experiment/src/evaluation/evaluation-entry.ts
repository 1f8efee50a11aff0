import type { DataSet, RankedQuery, SplitName, Window } from "@kshot/contract";
import type { Evaluation } from "@kshot/contract/schemas";
import { bootstrapIntervals } from "@kshot/metrics";
import { randomStream } from "../random.js";

/** What is evaluated: on which people, from which window, with how many support pairs and inner steps. */
export interface EvaluationPlan {
  readonly split: Exclude<SplitName, "train">;
  readonly windows: readonly Window[];
  /** Numbers of inner steps; 0 is zero-shot. */
  readonly steps: readonly number[];
  /** Numbers of support pairs, each the last ones before the query. Default: all K. */
  readonly supports?: readonly number[];
  /** Numbers of steps whose entries also say what each person had met and what ranked highest for them. */
  readonly shown?: readonly number[];
}

/** Ranks of everybody's queries in one window, in the order of its episodes. */
export interface RankedPeople {
  readonly user: readonly string[];
  readonly historyLength: readonly number[];
  readonly queries: readonly (readonly RankedQuery[])[];
  readonly shown?: ShownPeople;
}

/** What a reader wants to see of each person, at their first query. */
export interface ShownPeople {
  /** The items met last, newest last. */
  readonly history: readonly (readonly number[])[];
  /** The items that ranked highest, best first. */
  readonly top: readonly (readonly number[])[];
}

/**
 * An entry of a results file: metrics with 95 % intervals from 2,000 resamplings of the people. The resampling has its own
 * random stream, so the same ranks give the same interval.
 */
export function evaluationEntry(
  data: DataSet,
  place: { split: Exclude<SplitName, "train">; window: Window; k: number; steps: number },
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
