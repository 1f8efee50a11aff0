import type { OpenedCounts } from "@kshot/baselines";
import { usageError } from "@kshot/contract";
import type { ServingMetadata } from "./model-metadata.js";
import { personTask } from "./person-task.js";
import type { ScoringModel } from "./scoring-model.js";

/** A counting method, or a stack of counting methods, as a scoring model. */
export function countsScoring(counts: OpenedCounts, { config, algorithm }: ServingMetadata): ScoringModel {
  const { k, maxSeqLen } = config;
  return {
    adapts: false,
    scale: "share",
    task: (sessions) => {
      const task = personTask(sessions, { k, maxSeqLen, context: false });
      return { ...task, read: task };
    },
    scores: async (tasks, before) =>
      tasks.map(({ support, query }) => {
        const adapted = { pairs: 0, steps: 0 };
        if (query.length === 0) return { after: counts.popularity, before: counts.popularity, adapted };
        const after = counts.scores(query, support.labels.length === 0 ? null : support);
        return { after, before: before ? counts.scores(query, null) : undefined, adapted };
      }),
    parameters: async () => {
      throw usageError({
        where: "parameters",
        found: `a model of ${algorithm}, which counts`,
        expected: "a model with a network, whose weights are fitted to a person",
      });
    },
    close: () => {},
  };
}
