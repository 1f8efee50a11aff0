import type { DataSet, Window } from "@kshot/contract";
import { type CampusOptions, createCampus, idealObserver } from "@kshot/episodes";
import type { ReferenceRow } from "./comparison-table.js";
import { evaluateScorer } from "./evaluate-scorer.js";

/** The ceiling on a synthetic campus: what an observer who knows how it was made gets, without and with the support pairs. */
export function idealReferences(
  data: DataSet,
  campus: CampusOptions,
  split: "val" | "test",
  windows: readonly Window[],
  seed: number,
): ReferenceRow[] {
  const observer = idealObserver(createCampus(campus), data.items);
  const scorer = {
    scores: (query: ArrayLike<number>, support: Parameters<typeof observer.score>[1]) => {
      const out = new Float64Array(data.items.length);
      observer.score(query, support, out);
      return out;
    },
  };
  const plan = { split, windows };
  const without = evaluateScorer(scorer, data, plan, seed, [0]);
  const withSupport = evaluateScorer(scorer, data, plan, seed);
  return windows.map((window, i) => ({
    name: "Ideal observer (ceiling)",
    window,
    zeroShot: without[i]!.metrics["accuracy@1"],
    fewShot: withSupport[i]!.metrics["accuracy@1"],
    recall10: withSupport[i]!.metrics["recall@10"].value,
    mrr: withSupport[i]!.metrics.mrr.value,
  }));
}
