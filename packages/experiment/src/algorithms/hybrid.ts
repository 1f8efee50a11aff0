import {
  chooseExpert,
  fitExperts,
  fitRows,
  itemsRepeat,
  logSoftmax,
  type Mixture,
  type NamedCountModel,
  openMixture,
  type Row,
  seenFeatures,
  stackRow,
  type TriedExpert,
} from "@kshot/baselines";
import { algorithmTitle, type NetworkName } from "@kshot/comparison";
import { type DataSet, entryAt, interruptedError, onlyEntry } from "@kshot/contract";
import type { Config, Results } from "@kshot/contract/schemas";
import { randomStream } from "@kshot/metrics";
import { isConvincing, networkScorer, type StackedNetworkInUse } from "../evaluation/index.js";
import type { Progress } from "../progress.js";
import { stackFacts } from "./count-models.js";
import { mostItems, stackPeople } from "./stack-people.js";

/** A trained network that may join the counting experts. */
export interface HybridCandidate extends StackedNetworkInUse {
  readonly algorithm: NetworkName;
  /** The network's settings, if some were chosen for it; if omitted, the run's. */
  readonly config?: Pick<Config, "metasgd_config">;
  /** Whether it was trained on the scores of the counts (`trainOnCounts`). */
  readonly onCounts?: boolean;
  /** How often its training was validated: each is a look at the people who decide whether it is kept. Left out: once. */
  readonly looks?: number;
  /** Weights of the mixture of its offsets, for the model file; left out: its steps have none. */
  readonly offsetWeights?: readonly number[];
}

/** A stack of counting experts and a network. */
export interface LearnedHybrid {
  /** The counting experts and all weights; the network's log-probabilities are passed with each query. */
  readonly mixture: Mixture;
  readonly network: HybridCandidate;
  /** The counting experts, with the counts of all train people. */
  readonly counting: readonly NamedCountModel[];
  readonly facts: Pick<Results, "stack">;
  /** The choice, in words. */
  readonly effort: string;
}

/** Title of a network that was trained on the scores of the counts. */
export function onCountsTitle(algorithm: NetworkName): string {
  return `${algorithmTitle(algorithm)} on the counts`;
}

/** A candidate's name among the experts of a stack. */
function expertName({ algorithm, onCounts = false }: HybridCandidate): string {
  return onCounts ? onCountsTitle(algorithm) : algorithm;
}

/**
 * `hybrid`: the experts of `mixture` and one of the run's networks. The weights are fitted by maximum likelihood on the
 * validation people's pairs after the support pairs that a network reads or adapts to, as when it is used. The network is the one
 * with the lowest cross-fitted loss (`chooseExpert`). A network that was trained on the scores of the counts replaces it only for a
 * gain that is significant for the number of validations of these trainings.
 *
 * @param options.onCounts - trains such networks, given the stack without them; if omitted, there are none
 * @throws `INTERRUPTED` when `signal` fires
 */
export async function learnHybrid(
  data: DataSet,
  candidates: readonly HybridCandidate[],
  {
    onCounts,
    ...options
  }: HybridOptions & {
    readonly onCounts?: ((start: LearnedHybrid) => Promise<readonly HybridCandidate[]>) | undefined;
  },
): Promise<LearnedHybrid> {
  const counting = fitExperts(data.train.pairs, data.items.length);
  if (onCounts === undefined) return fitHybrid(data, counting, candidates, options);
  // Each expert's share takes another fit, and only those of the final stack are shown.
  const start = await fitHybrid(data, counting, candidates, { ...options, withShares: false });
  return fitHybrid(data, counting, [...candidates, ...(await onCounts(start))], options);
}

interface HybridOptions {
  readonly seed: number;
  readonly progress: Progress;
  readonly signal?: AbortSignal;
  /** As in `StackOptions`. */
  readonly withShares?: boolean;
}

/** Fits the stack of the counting experts and one of the candidates. */
async function fitHybrid(
  data: DataSet,
  counting: readonly NamedCountModel[],
  candidates: readonly HybridCandidate[],
  { seed, progress, signal, withShares = true }: HybridOptions,
): Promise<LearnedHybrid> {
  const networks = candidates.map(expertName);
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
  const { tried } = chooseExpert(experts, networks, rows, person);
  const network = chosenNetwork(candidates, tried, person, seed);
  const among = [...counting.map(({ name }) => name), expertName(network)];
  const fitted = fitRows(experts, rows, { among, repeats: options.repeats, withShares });
  return {
    mixture: openMixture("hybrid", counting, fitted),
    network,
    counting,
    facts: {
      stack: {
        ...stackFacts(fitted),
        network: {
          chosen: network.algorithm,
          ...(network.onCounts === true ? { onCounts: true } : {}),
          tried: tried.map(({ name, loss: heldOut, mrr }) => {
            const own = candidates.find((candidate) => expertName(candidate) === name);
            const mark = own?.onCounts === true ? { onCounts: true } : {};
            return { name: own?.algorithm ?? null, ...mark, loss: heldOut, mrr };
          }),
        },
      },
    },
    effort: `${algorithmTitle(expertName(network))} of ${networksInWords(candidates)}, ${fitted.weights.length} weights fitted on ${fitted.examples} validation pairs`,
  };
}

/**
 * The network with the lowest held-out loss; one that was trained on the scores of the counts, in their order, only if the
 * validation people's gain over the network kept so far is significant and their MRR is not lower.
 */
function chosenNetwork(
  candidates: readonly HybridCandidate[],
  tried: readonly TriedExpert[],
  person: readonly number[],
  seed: number,
): HybridCandidate {
  const triedOf = (candidate: HybridCandidate) => onlyEntry(tried.filter(({ name }) => name === expertName(candidate)));
  const plain = candidates.filter(({ onCounts }) => onCounts !== true);
  const onCounts = candidates.filter((candidate) => candidate.onCounts === true);
  const looks = onCounts.reduce((sum, candidate) => sum + (candidate.looks ?? 1), 0);
  let kept = entryAt(
    plain.toSorted((a, b) => triedOf(a).loss - triedOf(b).loss),
    0,
  );
  for (const candidate of onCounts) {
    if (isClearlyBetter(triedOf(candidate), triedOf(kept), person, { looks, seed })) kept = candidate;
  }
  return kept;
}

/**
 * Whether a network's held-out loss is smaller by sign flips of people, for a number of looks at them, and its MRR is not lower: a
 * smaller loss with a lower MRR does not rank better.
 */
export function isClearlyBetter(
  candidate: Pick<TriedExpert, "losses" | "mrr">,
  kept: Pick<TriedExpert, "losses" | "mrr">,
  person: readonly number[],
  options: { readonly looks: number; readonly seed: number },
): boolean {
  const likelihoods = ({ losses }: Pick<TriedExpert, "losses">) => meansOf(losses, person).map((loss) => -loss);
  return candidate.mrr >= kept.mrr && isConvincing(likelihoods(candidate), likelihoods(kept), options);
}

/** The number of candidates: `5 networks, 2 of them trained on the counts`. */
function networksInWords(candidates: readonly HybridCandidate[]): string {
  const onCounts = candidates.filter((candidate) => candidate.onCounts === true).length;
  const all = `${candidates.length} ${candidates.length === 1 ? "network" : "networks"}`;
  return onCounts === 0 ? all : `${all}, ${onCounts} of them trained on the counts`;
}

/** The mean of each person's values. */
function meansOf(values: Float64Array, person: readonly number[]): number[] {
  const sums = new Map<number, { sum: number; count: number }>();
  for (const [row, own] of person.entries()) {
    const { sum, count } = sums.get(own) ?? { sum: 0, count: 0 };
    sums.set(own, { sum: sum + entryAt(values, row), count: count + 1 });
  }
  return [...sums.values()].map(({ sum, count }) => sum / count);
}

/** Number of gradient steps of a network in a stack. */
function stepsOf({ alpha, rules }: HybridCandidate): number {
  return alpha === null ? 0 : rules.innerSteps;
}
