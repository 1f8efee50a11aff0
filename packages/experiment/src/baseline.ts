import { itemKnn, markov, popularity, recent, type Scorer, sessionKnn } from "@kshot/baselines";
import type { AlgorithmName, DataSet } from "@kshot/contract";
import { isNetwork, type NetworkName } from "./algorithm-table.js";

/** Algorithms that count and compare, without a network. */
export type BaselineName = Exclude<AlgorithmName, NetworkName>;

const baselines: Readonly<Record<BaselineName, (data: DataSet) => Scorer>> = {
  popularity: ({ train, items }) => popularity(train.pairs, items.length),
  recent: ({ train, items }) => recent(train.pairs, items.length),
  markov: ({ train, items }) => markov(train.pairs, items.length),
  "item-knn": ({ train, items }) => itemKnn(train.pairs, items.length),
  "session-knn": ({ train, items }) => sessionKnn(train.pairs, items.length),
};

export function isBaseline(name: AlgorithmName): name is BaselineName {
  return !isNetwork(name);
}

/** Learns a baseline from the train pairs. */
export function trainBaseline(name: BaselineName, data: DataSet): Scorer {
  return baselines[name](data);
}

/** Whether a person's support pairs change its scores. */
export function readsSupport(name: BaselineName): boolean {
  return name === "recent" || name === "item-knn" || name === "session-knn";
}
