import { type PairTable, usageError } from "@kshot/contract";
import type { ValidationQuery } from "../stack/mixture.js";
import type { CountModel } from "./count-model.js";
import { type CountModelName, countModelKind } from "./table.js";

/** One tried setting, and its mean score on the validation queries. */
export interface TriedSetting {
  readonly options: Readonly<Record<string, number>>;
  readonly score: number;
}

/** A tuned count model, and the effort of its tuning. */
export interface TunedCountModel {
  readonly countModel: CountModel;
  readonly best: TriedSetting;
  /** All settings in the order of the trials; its length is the effort. */
  readonly tried: readonly TriedSetting[];
}

/** Values of each option; every combination of them is tried. */
export const tuningGrids: Readonly<Partial<Record<CountModelName, Readonly<Record<string, readonly number[]>>>>> = {
  "variable-markov": { orders: [1, 2, 3, 4, 5], higher: [1, 4] },
  "sequential-rules": { last: [1, 2, 3, 5], steps: [5, 10] },
  "sequence-knn": { neighbours: [100, 200], decay: [0.6, 0.8], earlier: [0, 1] },
  "v-sknn": { neighbours: [100, 300], idfWeight: [0, 1, 5], earlier: [0, 1] },
  stan: { lambda1: [0.5, 1, 2], lambda2: [0, 60], lambda3: [1, 2], earlier: [0, 1] },
  ease: { lambda: [30, 100, 300], sharpness: [3, 10, 30] },
};

/**
 * Tries every combination of a grid's options and keeps the best on the validation queries; among equals, the earlier.
 *
 * @param score of one query, from the scores of all items and the label; higher is better (reciprocal rank)
 * @param grid if omitted, the count model's row of `tuningGrids`
 * @throws `USAGE` for no validation queries; otherwise as `CountModelKind.fit`
 */
export function tuneCountModel(
  name: CountModelName,
  train: PairTable,
  nItems: number,
  validation: readonly ValidationQuery[],
  score: (scores: Float64Array, label: number) => number,
  grid: Readonly<Record<string, readonly number[]>> = tuningGrids[name] ?? {},
): TunedCountModel {
  if (validation.length === 0) {
    throw usageError({ where: `${name}, tuning`, found: "no validation queries", expected: "at least one" });
  }
  let best: { countModel: CountModel; setting: TriedSetting } | undefined;
  const tried: TriedSetting[] = [];
  for (const options of combinations(grid)) {
    const countModel = countModelKind(name).fit(train, nItems, options);
    let sum = 0;
    for (const { query, support, label } of validation) sum += score(countModel.scores(query, support), label);
    const setting = { options, score: sum / validation.length };
    tried.push(setting);
    if (best === undefined || setting.score > best.setting.score) best = { countModel, setting };
  }
  const { countModel, setting } = best as { countModel: CountModel; setting: TriedSetting };
  return { countModel, best: setting, tried };
}

function combinations(grid: Readonly<Record<string, readonly number[]>>): Record<string, number>[] {
  let all: Record<string, number>[] = [{}];
  for (const [key, values] of Object.entries(grid)) {
    all = all.flatMap((options) => values.map((value) => ({ ...options, [key]: value })));
  }
  return all;
}
