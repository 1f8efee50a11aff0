import { itemKnn, markov, popularity, recent, type StoredScorer, sessionKnn, storeScorer } from "@kshot/baselines";
import type { NetworkName } from "@kshot/comparison";
import type { AlgorithmName, DataSet, PairTable } from "@kshot/contract";
import { createCampus, idealObserver } from "@kshot/episodes";
import { campusOf } from "../data/index.js";
import type { QueryScorer } from "../evaluation/index.js";
import { type LearnedCountModel, learnCountModel, learnMixture } from "./count-models.js";

/**
 * Algorithms without a network: counts and neighbours, and on a synthetic campus the ideal observer, who knows its parameters.
 */
export type BaselineName = Exclude<AlgorithmName, NetworkName | "hybrid">;

/** A baseline's scorer, and the effort of its tuning or stacking, if any. */
export type LearnedBaseline = Pick<LearnedCountModel, "scorer"> & Partial<LearnedCountModel>;

/** An algorithm that counts and compares. */
export interface Baseline {
  /** Whether a person's support pairs change its scores. */
  readonly readsSupport: boolean;
  /**
   * Learns from the train pairs.
   *
   * @throws `DATA` for `ideal` on data that are not from the synthetic campus
   */
  learn(data: DataSet, dataDir: string): Promise<LearnedBaseline>;
}

/** A baseline without settings to tune. */
function untuned(fit: (train: PairTable, nItems: number) => StoredScorer) {
  return async ({ train, items }: DataSet): Promise<LearnedBaseline> => {
    const scorer = fit(train.pairs, items.length);
    return { plain: scorer, scorer, stored: storeScorer(scorer) };
  };
}

/** Every algorithm without a network; a new one is one row. */
export const baselines: Readonly<Record<BaselineName, Baseline>> = {
  popularity: {
    readsSupport: false,
    learn: untuned(popularity),
  },
  recent: { readsSupport: true, learn: untuned(recent) },
  markov: { readsSupport: false, learn: untuned(markov) },
  "item-knn": {
    readsSupport: true,
    learn: untuned(itemKnn),
  },
  "session-knn": {
    readsSupport: true,
    learn: untuned(sessionKnn),
  },
  "variable-markov": { readsSupport: false, learn: async (data) => learnCountModel("variable-markov", data) },
  "sequential-rules": { readsSupport: false, learn: async (data) => learnCountModel("sequential-rules", data) },
  "sequence-knn": { readsSupport: true, learn: async (data) => learnCountModel("sequence-knn", data) },
  "v-sknn": { readsSupport: true, learn: async (data) => learnCountModel("v-sknn", data) },
  stan: { readsSupport: true, learn: async (data) => learnCountModel("stan", data) },
  ease: { readsSupport: true, learn: async (data) => learnCountModel("ease", data) },
  mixture: { readsSupport: true, learn: async (data) => learnMixture(data) },
  ideal: {
    readsSupport: true,
    learn: async ({ items }, dataDir) => {
      const observer = idealObserver(createCampus(await campusOf(dataDir)), items);
      const scorer: QueryScorer = {
        scores: (query, support) => observer.score(query, support, new Float64Array(items.length)),
      };
      return { scorer };
    },
  },
};
