import { itemKnn, markov, popularity, recent, sessionKnn } from "@kshot/baselines";
import type { NetworkName } from "@kshot/comparison";
import type { AlgorithmName, DataSet } from "@kshot/contract";
import { createCampus, idealObserver } from "@kshot/episodes";
import { campusOf } from "../data/index.js";
import type { QueryScorer } from "../evaluation/index.js";

/** Algorithms without a network: counts and neighbours, and on a synthetic campus the observer who knows how it was made. */
export type BaselineName = Exclude<AlgorithmName, NetworkName>;

/** An algorithm that counts and compares. */
export interface Baseline {
  /** Whether a person's support pairs change its scores. */
  readonly readsSupport: boolean;
  /**
   * Learns from the train pairs.
   *
   * @throws `DATA` for `ideal` on data that is no campus
   */
  learn(data: DataSet, dataDir: string): Promise<QueryScorer>;
}

/** Every algorithm without a network; a new one is a row. */
export const baselines: Readonly<Record<BaselineName, Baseline>> = {
  popularity: {
    readsSupport: false,
    learn: async ({ train, items }) => popularity(train.pairs, items.length),
  },
  recent: { readsSupport: true, learn: async ({ train, items }) => recent(train.pairs, items.length) },
  markov: { readsSupport: false, learn: async ({ train, items }) => markov(train.pairs, items.length) },
  "item-knn": { readsSupport: true, learn: async ({ train, items }) => itemKnn(train.pairs, items.length) },
  "session-knn": { readsSupport: true, learn: async ({ train, items }) => sessionKnn(train.pairs, items.length) },
  ideal: {
    readsSupport: true,
    learn: async ({ items }, dataDir) => {
      const observer = idealObserver(createCampus(await campusOf(dataDir)), items);
      return { scores: (query, support) => observer.score(query, support, new Float64Array(items.length)) };
    },
  },
};
