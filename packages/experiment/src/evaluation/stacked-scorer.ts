import type { ParameterVector } from "@kshot/contract";
import { type CountingStack, stackedScores } from "@kshot/recommend";
import { type NetworkInUse, queryExamples, supportExamples } from "./network-scorer.js";
import type { PersonScorer } from "./person-scorer.js";
import type { SupportRules } from "./support-rules.js";

/** A network in a stack: with its own number of steps, which an evaluation does not choose. */
export interface StackedNetworkInUse extends NetworkInUse {
  readonly rules: Pick<SupportRules, "context" | "innerClip" | "innerSteps">;
  /** Networks of other seeds, as one more expert; left out: none. */
  readonly ensemble?: readonly ParameterVector[] | undefined;
}

/** A stack of counting experts and a network, by the rule that recommending follows (`stackedScores`). */
export function stackedScorer(
  stack: CountingStack,
  { engine, theta, alpha, rules, offsets, ensemble }: StackedNetworkInUse,
): PersonScorer {
  const { innerClip, innerSteps } = rules;
  const network = {
    ...{ engine, theta, alpha, steps: alpha === null ? 0 : innerSteps, offsets, ensemble },
    ...(innerClip === null ? {} : { innerClip }),
  };
  return {
    nItems: engine.layout.tensors.at(-1)?.size ?? 0,
    peopleAtOnce: 32,
    scores: async (people, steps) => {
      const scores = await stackedScores(
        stack,
        network,
        people.map((person) => ({
          support: person.support,
          query: person.query,
          read: { support: supportExamples(person.support, rules), query: queryExamples(person, rules) },
        })),
      );
      return steps.map(() => scores);
    },
  };
}
