import { itemKnn, markov, popularity, recent, sessionKnn } from "@kshot/baselines";
import type { AlgorithmName, DataSet, Pairs } from "@kshot/contract";
import { createCampus, idealObserver } from "@kshot/episodes";
import type { NetworkName } from "../algorithm-table.js";
import { campusOf } from "../data/campus-of.js";
import type { QueryScorer } from "../evaluation/evaluate-scorer.js";

/** Algorithms that count and compare, without a network; and on a synthetic campus the observer who knows how it was made. */
export type BaselineName = Exclude<AlgorithmName, NetworkName>;

const baselines: Readonly<
  Record<BaselineName, (data: DataSet, dataDir: string) => QueryScorer | Promise<QueryScorer>>
> = {
  popularity: ({ train, items }) => popularity(train.pairs, items.length),
  recent: ({ train, items }) => recent(train.pairs, items.length),
  markov: ({ train, items }) => markov(train.pairs, items.length),
  "item-knn": ({ train, items }) => itemKnn(train.pairs, items.length),
  "session-knn": ({ train, items }) => sessionKnn(train.pairs, items.length),
  ideal: async ({ items }, dataDir) => {
    const observer = idealObserver(createCampus(await campusOf(dataDir)), items);
    return {
      scores: (query: ArrayLike<number>, support: Pairs | null) =>
        observer.score(query, support, new Float64Array(items.length)),
    };
  },
};

/** Learns a baseline from the train pairs. @throws `DATA` for `ideal` on data that is no campus. */
export async function trainBaseline(name: BaselineName, data: DataSet, dataDir: string): Promise<QueryScorer> {
  return baselines[name](data, dataDir);
}

/** Whether a person's support pairs change its scores. */
export function readsSupport(name: BaselineName): boolean {
  return name !== "popularity" && name !== "markov";
}
