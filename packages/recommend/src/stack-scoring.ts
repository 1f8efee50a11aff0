import type { OpenedCounts } from "@kshot/baselines";
import type { Engine, Pairs } from "@kshot/contract";
import { supportOffsets } from "./count-offsets.js";
import { adaptedTo, fittedParameters, queryTask } from "./network-scoring.js";
import type { OpenedModel } from "./open-model.js";
import { personTask } from "./person-task.js";
import type { ModelTask, ScoringModel } from "./scoring-model.js";
import { stackedScores } from "./stacked-scores.js";

const noPairs: Pairs = { sequences: [], labels: [] };

/** A stack of counting experts and networks as a scoring model (`stackedScores`). The engine is closed with it. */
export function stackScoring(counts: OpenedCounts, network: OpenedModel, engine: Engine): ScoringModel {
  const { theta, alpha, rules, metadata, ensemble } = network;
  const { k, maxSeqLen } = metadata.config;
  const { innerSteps, innerClip, context } = rules;
  const steps = alpha === null ? 0 : innerSteps;
  const { offsets } = counts;
  const inUse = { engine, theta, alpha, steps, offsets, ensemble, ...(innerClip === null ? {} : { innerClip }) };
  const asked = ({ support, query, read }: ModelTask) => ({ ...queryTask({ support, query }), read: queryTask(read) });
  return {
    adapts: steps > 0,
    scale: "share",
    task: (sessions) => ({
      ...personTask(sessions, { k, maxSeqLen, context: false }),
      read: personTask(sessions, { k, maxSeqLen, context }),
    }),
    scores: async (tasks, before) => {
      const known = tasks.filter(({ query }) => query.length > 0);
      const after = await stackedScores(counts, inUse, known.map(asked));
      const alone = known.map(({ query }) => asked({ support: noPairs, query, read: { support: noPairs, query } }));
      const zero = before ? await stackedScores(counts, inUse, alone) : [];
      let at = 0;
      return tasks.map(({ support, query }) => {
        const unread = counts.popularity;
        if (query.length === 0) return { after: unread, before: unread, adapted: { pairs: 0, steps: 0 } };
        const own = after[at]?.values as ArrayLike<number>;
        const plain = zero[at]?.values;
        at += 1;
        return { after: own, before: plain, adapted: adaptedTo(support, steps) };
      });
    },
    parameters: ({ support, read }) =>
      fittedParameters(network, engine, read.support, offsets && supportOffsets(offsets, support)),
    close: () => engine.dispose(),
  };
}
