import {
  chooseExpert,
  fitExperts,
  fitRows,
  itemsRepeat,
  logSoftmax,
  type Mixture,
  openMixture,
  type Row,
  seenFeatures,
  stackRow,
} from "@kshot/baselines";
import { algorithmTitle, type NetworkName } from "@kshot/comparison";
import { type DataSet, entryAt, interruptedError, onlyEntry } from "@kshot/contract";
import type { Results } from "@kshot/contract/schemas";
import { randomStream } from "@kshot/metrics";
import { networkScorer, type StackedNetworkInUse } from "../evaluation/index.js";
import type { Progress } from "../progress.js";
import { stackFacts } from "./count-models.js";
import { mostItems, stackPeople } from "./stack-people.js";

/** A trained network that may join the counting experts. */
export interface HybridCandidate extends StackedNetworkInUse {
  readonly algorithm: NetworkName;
}

/** A stack of counting experts and a network. */
export interface LearnedHybrid {
  /** The counting experts and all weights; the network's log-probabilities are passed with each query. */
  readonly mixture: Mixture;
  readonly network: HybridCandidate;
  readonly facts: Pick<Results, "stack">;
  /** The choice, in words. */
  readonly effort: string;
}

/**
 * `hybrid`: the experts of `mixture` and one of the run's networks. The weights are fitted by maximum likelihood on the
 * validation people's pairs after the support pairs that a network reads or adapts to, as when it is used. The network is the one
 * with the lowest cross-fitted loss (`chooseExpert`).
 *
 * @throws `INTERRUPTED` when `signal` fires
 */
export async function learnHybrid(
  data: DataSet,
  candidates: readonly HybridCandidate[],
  { seed, progress, signal }: { readonly seed: number; readonly progress: Progress; readonly signal?: AbortSignal },
): Promise<LearnedHybrid> {
  const counting = fitExperts(data.train.pairs, data.items.length);
  const networks = candidates.map(({ algorithm }) => algorithm);
  const experts = [...counting.map(({ name }) => name), ...networks];
  const people = stackPeople(data);
  const stage = algorithmTitle("hybrid");
  progress({ type: "stage", stage, total: people.length, unit: "validation person" });
  const options = {
    // Known from the train pairs: if items follow themselves, the last item of a history is not excluded.
    repeats: itemsRepeat(data.train.pairs),
    mostItems: mostItems(people, experts.length),
    random: randomStream(seed, "hybrid/normaliser"),
  };
  const scorers = candidates.map((candidate) => ({ scorer: networkScorer(candidate), steps: stepsOf(candidate) }));
  const rows: Row[] = [];
  const person: number[] = [];
  for (const [p, { support, query }] of people.entries()) {
    if (signal?.aborted) throw interruptedError({ found: "fitting the weights was stopped" });
    const logits = await Promise.all(
      scorers.map(async ({ scorer, steps }) =>
        onlyEntry(onlyEntry(await scorer.scores([{ support, query }], [steps]))),
      ),
    );
    query.sequences.forEach((history, row) => {
      const own = logits.map(({ values, columns }) =>
        logSoftmax(new Float64Array(values.subarray(row * columns, (row + 1) * columns))),
      );
      const logProbabilities = [...counting.map((expert) => expert.logProbabilities(history, support)), ...own];
      const seen = seenFeatures(history, support);
      const last = entryAt(history, history.length - 1);
      rows.push(stackRow(experts, { logProbabilities, seen, last, label: entryAt(query.labels, row) }, options));
      person.push(p);
    });
    progress({ type: "step", stage, done: p + 1, figures: {} });
  }
  const { chosen, tried } = chooseExpert(experts, networks, rows, person);
  const network = onlyEntry(candidates.filter(({ algorithm }) => algorithm === chosen));
  const among = experts.filter((name) => name === chosen || !networks.some((other) => other === name));
  const fitted = fitRows(experts, rows, { among, repeats: options.repeats });
  return {
    mixture: openMixture("hybrid", counting, fitted),
    network,
    facts: {
      stack: {
        ...stackFacts(fitted),
        network: {
          chosen: network.algorithm,
          tried: tried.map(({ name, loss: heldOut, mrr }) => ({
            ...{ name: networks.find((other) => other === name) ?? null, loss: heldOut, mrr },
          })),
        },
      },
    },
    effort: `${algorithmTitle(network.algorithm)} of ${networks.length} ${networks.length === 1 ? "network" : "networks"}, ${fitted.weights.length} weights fitted on ${fitted.examples} validation pairs`,
  };
}

/** Number of gradient steps of a network in a stack. */
function stepsOf({ alpha, rules }: HybridCandidate): number {
  return alpha === null ? 0 : rules.innerSteps;
}
