import { type Engine, entryAt, type Pairs, type ParameterVector } from "@kshot/contract";
import { adapt } from "@kshot/meta-sgd/adapt";
import { adaptedScores } from "./adapted-scores.js";
import type { OpenedModel } from "./open-model.js";
import { type PersonTask, personTask } from "./person-task.js";
import type { ScoringModel } from "./scoring-model.js";

/** A network alone as a scoring model: logits after its inner steps. The engine is closed with it. */
export function networkScoring({ theta, alpha, rules, metadata }: OpenedModel, engine: Engine): ScoringModel {
  const { k, maxSeqLen } = metadata.config;
  const { innerSteps, innerClip, context } = rules;
  const adapts = alpha !== null && innerSteps > 0;
  const steps = adapts ? innerSteps : 0;
  const clip = innerClip === null ? {} : { innerClip };
  return {
    adapts,
    scale: "logit",
    task: (sessions) => {
      const task = personTask(sessions, { k, maxSeqLen, context });
      return { ...task, read: task };
    },
    scores: async (tasks, before) => {
      const asked = tasks.filter(({ query }) => query.length > 0);
      const wanted = before && steps > 0 ? [steps, 0] : [steps];
      const [after = [], zero] = await adaptedScores({ engine, theta, alpha, ...clip }, asked.map(queryTask), wanted);
      // The state starts at 0, so before the first item the logits are the output layer's biases.
      const unread = theta.subarray(theta.length - metadata.items.length);
      let at = 0;
      return tasks.map(({ support, query }) => {
        if (query.length === 0) return { after: unread, before: unread, adapted: { pairs: 0, steps: 0 } };
        const own = after[at]?.values as ArrayLike<number>;
        const plain = (zero ?? after)[at]?.values;
        at += 1;
        return { after: own, before: plain, adapted: adaptedTo(support, steps) };
      });
    },
    parameters: ({ support }) => fittedParameters({ theta, alpha, rules }, engine, support),
    close: () => engine.dispose(),
  };
}

/**
 * The weights after the inner steps on a person's pairs; a copy of θ if no step is taken.
 *
 * @param offsets fixed offsets of the pairs, `[pairs, nItems]`; left out: none
 */
export async function fittedParameters(
  { theta, alpha, rules }: Pick<OpenedModel, "theta" | "alpha" | "rules">,
  engine: Engine,
  support: Pairs,
  offsets?: Float32Array,
): Promise<ParameterVector> {
  if (alpha === null || support.labels.length === 0) return theta.slice();
  const clip = rules.innerClip === null ? {} : { innerClip: rules.innerClip };
  const [own] = await adapt(
    engine,
    theta,
    alpha,
    [engine.batch(support, offsets && { offsets })],
    rules.innerSteps,
    clip,
  );
  return own ?? theta.slice();
}

/** Support and query pairs of a task. The engine needs a label; scores do not depend on it. */
export function queryTask({ support, query }: PersonTask): { readonly support: Pairs; readonly query: Pairs } {
  return { support, query: { sequences: [query], labels: [entryAt(query, 0)] } };
}

/** The `adapted` entry of a model that takes so many steps. */
export function adaptedTo(support: Pairs, steps: number): { readonly pairs: number; readonly steps: number } {
  const pairs = steps === 0 ? 0 : support.labels.length;
  return { pairs, steps: pairs === 0 ? 0 : steps };
}
